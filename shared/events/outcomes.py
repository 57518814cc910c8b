"""What conversations lead to. Packs subclass `Outcome`; other systems subscribe."""

from typing import ClassVar

from shared.events.base import TurnEvent
from shared.events.topics import OUTCOMES, Topic


class Outcome(TurnEvent):
    """A business fact with an effect outside the conversation. Ids, codes and numbers only, never free text."""

    source: ClassVar[str] = "/parley/agent"
    topic: ClassVar[Topic] = OUTCOMES

    domain: str
