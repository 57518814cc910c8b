"""The public API's models. They are ours to keep stable, so they are never the internal events."""

import math
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from shared.domains.person import Profile, Scores
from shared.events.ids import SessionId, TurnId
from shared.events.profiles import Temperature

_DEEPEST = 32

SESSION = "0198f6a0-1111-7000-8000-000000000001"
TURN = "0198f6a0-2222-7000-8000-000000000002"
_AT = "2026-03-01T09:30:00Z"

TurnStatus = Literal["pending", "completed", "failed", "cancelled"]


def _words(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _storable(value: Any, depth: int = 0) -> Any:
    """JSON that every store can keep: no NUL, no numbers beyond JSON, not too deep."""
    if depth > _DEEPEST:
        raise ValueError(f"must not be nested deeper than {_DEEPEST} levels")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("must not contain the NUL character")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a finite number")
    if isinstance(value, dict):
        for key, each in value.items():
            _storable(key, depth)
            _storable(each, depth + 1)
    if isinstance(value, list):
        for each in value:
            _storable(each, depth + 1)
    return value


Words = Annotated[str, AfterValidator(_words)]


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(frozen=True, extra="ignore", json_schema_extra={"examples": [values]})


class Public(BaseModel):
    """A public model: frozen, and deaf to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SessionRequest(Public):
    """Opens a conversation."""

    domain: str = Field(max_length=64, description="The pack that answers, as GET /v1/domains names it.")

    model_config = _example(domain="property")


class SessionView(Public):
    """A conversation."""

    session_id: SessionId
    domain: str
    title: str | None = None
    created_at: AwareDatetime
    last_active_at: AwareDatetime
    message_count: int = 0
    turn_no: int = Field(default=0, description="How many turns have ended.")

    model_config = _example(
        session_id=SESSION,
        domain="property",
        title="2BHK in Whitefield",
        created_at=_AT,
        last_active_at=_AT,
        message_count=2,
        turn_no=1,
    )


class SessionPage(Public):
    """Some of a user's sessions, the last active first."""

    items: tuple[SessionView, ...]
    next_cursor: str | None = Field(default=None, description="Pass it as `cursor` for the next page.")
    as_of: AwareDatetime = Field(description="Nothing older than this is missing.")


class TextInput(Public):
    """Words."""

    type: Literal["text"] = "text"
    text: Words = Field(max_length=8000, description="At most 8,000 characters.")


class CommandInput(Public):
    """An action that the session's domain declares, or `feedback`."""

    type: Literal["command"]
    name: str = Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")
    arguments: Annotated[dict[str, JsonValue], AfterValidator(_storable)] = Field(default_factory=dict)


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

    model_config = _example(input={"type": "text", "text": "Show me 2BHK in Whitefield under 1.2 Cr"})


class TurnAccepted(Public):
    """A turn that will end in exactly one way."""

    turn_id: TurnId
    session_id: SessionId
    status: TurnStatus = "pending"

    model_config = _example(turn_id=TURN, session_id=SESSION, status="pending")


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

    model_config = _example(
        turn_id=TURN,
        session_id=SESSION,
        status="completed",
        turn_no=1,
        input={"type": "text", "text": "Show me 2BHK in Whitefield under 1.2 Cr"},
        reply={"text": "Three flats fit.", "language": "en", "clarification": None, "data": []},
        understood={"intent": "search", "confidence": 0.97, "language": "en"},
        failure=None,
        submitted_at=_AT,
        completed_at=_AT,
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

    model_config = _example(rating=5, comment="Exactly what I was looking for.")


class FeedbackArguments(FeedbackRequest):
    """Arguments of the platform's own command `feedback`."""

    turn_id: TurnId


class MessageFeedback(Public):
    """What the user thought of a message."""

    rating: int
    comment: str | None = None


class MessageView(Public):
    """One message of a conversation."""

    message_id: str
    turn_id: TurnId
    turn_no: int | None = None
    role: Literal["user", "assistant"]
    text: str
    intent: str | None = None
    confidence: float | None = None
    entities: tuple[EntityView, ...] = ()
    language: str = "und"
    sentiment: float | None = None
    data: tuple[DataView, ...] = ()
    clarification: ClarificationView | None = None
    created_at: AwareDatetime
    status: Literal["pending", "final", "failed", "cancelled"]
    feedback: MessageFeedback | None = None


class MessagePage(Public):
    """Some of a session's messages, in order."""

    items: tuple[MessageView, ...]
    next_cursor: str | None = None
    as_of: AwareDatetime = Field(description="Nothing older than this is missing.")
    complete: bool = Field(default=True, description="Whether the session's last ended turn is in the history.")


class ProfileView(Public):
    """What is known of a person in one domain, and the scores with what they are made of."""

    profile: Profile
    scores: Scores | None = None
    version: int
    complete: bool = True
    as_of: AwareDatetime


class ProfileChange(Public):
    """Facts to set; null forgets one, an absent one stays."""

    name: Words | None = Field(default=None, max_length=200)
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ().\-]{5,32}$")] | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")] | None = None
    preferences: Annotated[dict[str, JsonValue], AfterValidator(_storable)] | None = None

    model_config = _example(name="Asha Rao", phone="+91 98450 12345")


class LeadItem(Public):
    """An item a lead looked at."""

    id: str
    views: int
    interest: str | None = None


class LeadView(Public):
    """A person who may buy."""

    user_id: str
    name: str | None = None
    domain: str
    temperature: Temperature
    stage: str
    total: float
    engagement: float
    intent: float
    last_active: datetime | None = None
    items: tuple[LeadItem, ...] = ()


class LeadPage(Public):
    """Some leads, the highest score first."""

    items: tuple[LeadView, ...]
    next_cursor: str | None = None


class CommandView(Public):
    """A command of a domain and the JSON Schema of its arguments."""

    name: str
    arguments: dict[str, Any]


class DomainView(Public):
    """A pack that sessions can be opened with."""

    name: str
    title: str
    greeting: str = Field(description="What a client may show before the first turn.")
    commands: tuple[CommandView, ...] = ()


class DomainList(Public):
    """The packs of this installation."""

    items: tuple[DomainView, ...]
