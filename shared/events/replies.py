"""How turns end. Owned by the agent; exactly one of these a turn, published with identical bytes however often."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field, JsonValue

from shared.events.base import Fact, TurnEvent
from shared.events.ids import TurnId
from shared.events.outcomes import EscalationReason
from shared.events.topics import REPLIES, Topic
from shared.events.turns import TurnInput

FailureReason = Literal["expired", "session_deleted", "unknown_session", "exhausted", "too_large"]


class Entity(Fact):
    """Something named in the user's words."""

    kind: str = Field(description="What it is, such as money, place, bedrooms, order.")
    value: JsonValue = Field(description="Its normalised value; money in units of its currency.")
    text: str = Field(description="The words it was read from.")
    start: int = Field(ge=0, description="Where they start in the text, in characters.")
    end: int = Field(ge=0, description="Where they end, exclusive.")


class Understood(Fact):
    """What the agent made of the user's words."""

    intent: str | None = Field(default=None, description="None: not sure.")
    confidence: float = Field(default=0.0, ge=0, le=1)
    entities: tuple[Entity, ...] = ()
    language: str = Field(default="und", description="BCP 47.")
    sentiment: float = Field(default=0.0, ge=-1, le=1)
    frustration: float = Field(default=0.0, ge=0, le=1)
    relation: str = Field(default="fresh", description="fresh, follow_up, modification, correction or answer.")
    rewritten: str | None = Field(
        default=None, description="The words with references filled in, where it was a follow-up."
    )


class Clarification(Fact):
    """A question the agent needs answered before it can go on."""

    question: str
    options: tuple[str, ...] = ()


class DataPart(Fact):
    """Structured content beside the words: cards, a table, a comparison."""

    kind: str
    value: JsonValue


class Reply(Fact):
    """What the agent said."""

    text: str
    language: str = "und"
    clarification: Clarification | None = None
    data: tuple[DataPart, ...] = ()


class Contact(Fact):
    """How to reach the person, as told in this turn. Content, so it travels with replies and never with signals."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


class Usage(Fact):
    """What a language model did for a turn."""

    model: str = Field(description="The one asked last.")
    requests: int = Field(ge=0, description="Answered or not.")
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    tool_calls: int = Field(ge=0, description="Made by the model, allowed or not.")


class Feedback(Fact):
    """What the user thought of an earlier turn."""

    turn_id: TurnId
    rating: int = Field(ge=1, le=5)
    comment: str | None = Field(default=None, max_length=2000)


class StreamEnd(Fact):
    """Where the live stream of a turn ends: `frames` frames of `attempt`, then the terminal event."""

    attempt: int = Field(
        description="Milliseconds since 1970 when the attempt began, raised above any earlier attempt's."
    )
    frames: int = Field(ge=0, description="How many frames the attempt wrote, `reset` not counted.")

    @property
    def terminal_id(self) -> str:
        """The id of the terminal event in the turn's stream."""
        return f"{self.attempt}-{self.frames + 1}"


class TurnEnded(TurnEvent):
    """What all endings of a turn have in common."""

    source: ClassVar[str] = "/parley/agent"
    topic: ClassVar[Topic] = REPLIES

    domain: str
    session_no: int = Field(
        ge=0, description="The how-manieth session of its user this is, from 1; 0: there is no session."
    )
    turn_no: int = Field(ge=0, description="The turn's place in its session, from 1; 0: there is no session.")
    submitted_at: AwareDatetime = Field(description="When the gateway accepted the turn.")
    input: TurnInput
    stream: StreamEnd


class TurnCompleted(TurnEnded):
    """The agent answered."""

    type: ClassVar[str] = "parley.turn.completed.v1"

    understood: Understood
    reply: Reply
    contact: Contact | None = None
    feedback: Feedback | None = None
    usage: Usage | None = Field(default=None, description="None: no model was asked.")
    escalation: EscalationReason | None = Field(
        default=None, description="Why a person should take over, at the first turn that gave a reason."
    )


class TurnFailed(TurnEnded):
    """The turn could not be answered."""

    type: ClassVar[str] = "parley.turn.failed.v1"

    reason: FailureReason
    message: str = Field(description="A sentence for the person who asked.")


class TurnCancelled(TurnEnded):
    """The turn was stopped before it was answered."""

    type: ClassVar[str] = "parley.turn.cancelled.v1"
