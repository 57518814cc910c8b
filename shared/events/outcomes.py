"""What conversations lead to. Packs subclass `Outcome`; other systems subscribe."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.base import TurnEvent
from shared.events.topics import OUTCOMES, Topic

EscalationReason = Literal["asked_for_person", "frustrated", "not_understood", "low_rating"]


class Outcome(TurnEvent):
    """A business fact with an effect outside the conversation. Ids, codes and numbers only, never free text."""

    source: ClassVar[str] = "/parley/agent"
    topic: ClassVar[Topic] = OUTCOMES

    domain: str


class ConversationEscalated(Outcome):
    """A person should take over. Once a conversation at most; the agent goes on answering until somebody does."""

    type: ClassVar[str] = "parley.conversation.escalated.v1"

    reason: EscalationReason = Field(examples=["frustrated"])
    session_no: int = Field(ge=1, description="The how-manieth session of its user this is, from 1.")
    turn_no: int = Field(ge=1, description="The turn after which a person should take over.")
    language: str = Field(examples=["en"], description="What the person speaks, BCP 47; und: unknown.")
    frustration: float = Field(ge=0, le=1, description="Of the turn's words; 0 where it had none.")
    rating: int | None = Field(default=None, ge=1, le=5, description="The low rating, where that is the reason.")
