"""Turns: what is asked, and how it ends."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from services.gateway.schemas.common import AT, SESSION, TURN, Public, Words, example, storable
from shared.events.ids import SessionId, TurnId

TurnStatus = Literal["pending", "completed", "failed", "cancelled"]


class TextInput(Public):
    """Words."""

    type: Literal["text"] = "text"
    text: Words = Field(max_length=8000, description="At most 8,000 characters.")


class CommandInput(Public):
    """An action that the session's domain declares, or `feedback`."""

    type: Literal["command"]
    name: str = Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")
    arguments: Annotated[dict[str, JsonValue], AfterValidator(storable)] = Field(default_factory=dict)


Input = Annotated[TextInput | CommandInput, Field(discriminator="type")]


class TurnRequest(Public):
    """What a person says or does."""

    input: Input
    language: str | None = Field(
        default=None,
        max_length=35,
        pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        description="BCP 47; found out from the words when absent.",
    )

    model_config = example(input={"type": "text", "text": "Show me 2BHK in Whitefield under 1.2 Cr"})


class TurnAccepted(Public):
    """A turn that will end in exactly one way."""

    turn_id: TurnId
    session_id: SessionId
    status: TurnStatus = "pending"

    model_config = example(turn_id=TURN, session_id=SESSION, status="pending")


class EntityView(Public):
    """Something named in the words."""

    kind: str
    value: JsonValue
    text: str
    start: int
    end: int


class UnderstoodView(Public):
    """What was made of the words."""

    intent: str | None = None
    confidence: float = 0.0
    entities: tuple[EntityView, ...] = ()
    language: str = "und"
    sentiment: float = 0.0
    frustration: float = 0.0
    relation: str = "fresh"
    rewritten: str | None = None


class ClarificationView(Public):
    """A question that the agent needs answered."""

    question: str
    options: tuple[str, ...] = ()


class DataView(Public):
    """Structured content beside the words."""

    kind: str
    value: JsonValue


class ReplyView(Public):
    """What the agent said."""

    text: str
    language: str = "und"
    clarification: ClarificationView | None = None
    data: tuple[DataView, ...] = ()


class FailureView(Public):
    """Why there is no answer."""

    reason: str = Field(description="expired, session_deleted, unknown_session, exhausted or too_large.")
    message: str


class TurnView(Public):
    """A turn and, once it has ended, how."""

    turn_id: TurnId
    session_id: SessionId
    status: TurnStatus
    turn_no: int | None = None
    input: Input | None = Field(default=None, description="Known once the turn has ended.")
    reply: ReplyView | None = None
    understood: UnderstoodView | None = None
    failure: FailureView | None = None
    submitted_at: datetime | None = None
    completed_at: datetime | None = None

    model_config = example(
        turn_id=TURN,
        session_id=SESSION,
        status="completed",
        turn_no=1,
        input={"type": "text", "text": "Show me 2BHK in Whitefield under 1.2 Cr"},
        reply={"text": "Three flats fit.", "language": "en", "clarification": None, "data": []},
        understood={"intent": "search", "confidence": 0.97, "language": "en"},
        failure=None,
        submitted_at=AT,
        completed_at=AT,
    )


class CompletedEvent(ReplyView):
    """`completed`, the last event of an answered turn's stream."""

    turn_id: TurnId
    session_id: SessionId
    turn_no: int
    understood: UnderstoodView
    submitted_at: AwareDatetime
    completed_at: AwareDatetime


class FailedEvent(FailureView):
    """`failed`, the last event of a turn's stream that could not be answered."""

    turn_id: TurnId
    session_id: SessionId
    turn_no: int


class CancelledEvent(Public):
    """`cancelled`, the last event of a stopped turn's stream."""

    turn_id: TurnId
    session_id: SessionId
    turn_no: int


class FeedbackRequest(Public):
    """What a person thought of a turn."""

    rating: int = Field(ge=1, le=5)
    comment: Words | None = Field(default=None, max_length=2000)

    model_config = example(rating=5, comment="Exactly what I was looking for.")


class FeedbackArguments(FeedbackRequest):
    """Arguments of the platform's own command `feedback`."""

    turn_id: TurnId
