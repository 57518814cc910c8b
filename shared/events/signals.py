"""What turns tell about people, for the profiles service and whoever else learns. Owned by the agent. No free text."""

from typing import ClassVar, Literal

from pydantic import Field, JsonValue

from shared.events.base import Fact, UserEvent
from shared.events.ids import SessionId, TurnId
from shared.events.topics import SIGNALS, Topic

SignalKind = Literal[
    "intent",
    "preference",
    "view",
    "interest",
    "objection",
    "objection_answered",
    "sentiment",
    "action",
    "rating",
]

_TURNS_A_SESSION = 1_000_000


class Signal(Fact):
    """One observation. `name` and `value` are catalogue names, numbers or codes, never a person's words."""

    kind: SignalKind
    name: str = Field(max_length=200, description="What it concerns: an intent, an item's id, a preference, an action.")
    value: JsonValue = Field(default=None, description="Its strength or content, in the unit the name implies.")


class SignalsObserved(UserEvent):
    """Emitted once a completed turn, even when all it says is that the person was here."""

    type: ClassVar[str] = "parley.signals.observed.v1"
    source: ClassVar[str] = "/parley/agent"
    topic: ClassVar[Topic] = SIGNALS

    session_id: SessionId
    turn_id: TurnId
    domain: str
    session_no: int = Field(ge=1)
    turn_no: int = Field(ge=1)
    signals: tuple[Signal, ...] = ()

    @property
    def sequence(self) -> int:
        """Orders a person's observations without a clock: later sessions win, then later turns."""
        return sequence_of(self.session_no, self.turn_no)


def sequence_of(session_no: int, turn_no: int) -> int:
    """The place of a turn among all turns of its user."""
    return session_no * _TURNS_A_SESSION + turn_no
