"""What memory makes of a session's events, without a database: messages, titles, endings."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.events.ids import SessionId, TenantId, TurnId, event_of
from shared.events.outcomes import EscalationReason
from shared.events.replies import (
    Clarification,
    DataPart,
    Entity,
    Feedback,
    Reply,
    TurnCancelled,
    TurnCompleted,
    TurnEnded,
    TurnFailed,
)
from shared.events.turns import SessionOpened, Text, TurnInput, TurnSubmitted

Role = Literal["user", "assistant"]
Status = Literal["pending", "final", "failed", "cancelled"]
Outcome = Literal["completed", "failed", "cancelled"]
Progress = Literal["pending", "completed", "failed", "cancelled"]

TITLE_LENGTH = 60
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Rating:
    """What the user thought of a message: 1 to 5, and why."""

    rating: int
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing said. Without `turn_no` its turn has not ended."""

    message_id: UUID
    turn_id: TurnId
    turn_no: int | None
    role: Role
    text: str
    created_at: datetime
    status: Status
    language: str = "und"
    intent: str | None = None
    confidence: float | None = None
    entities: tuple[Entity, ...] = ()
    sentiment: float | None = None
    frustration: float | None = None
    data: tuple[DataPart, ...] = ()
    clarification: Clarification | None = None
    feedback: Rating | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A session that exists from now on."""

    tenant_id: TenantId
    session_id: SessionId
    user_id: str
    domain: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """A turn that will end. `text` is None when it was a command; `opening` is set when it may open its session."""

    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId
    user_id: str
    text: str | None
    submitted_at: datetime
    expires_at: datetime
    opening: Opening | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A turn that ended, with what it leaves behind. `turn_no` 0: it had no session."""

    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId
    turn_no: int
    user_id: str
    domain: str
    outcome: Outcome
    submitted_at: datetime
    ended_at: datetime
    messages: tuple[Message, ...]
    title: str | None
    feedback: Feedback | None
    outlet_id: str | None = None
    """The place of business that the answer was about."""
    escalation: EscalationReason | None = None
    """Why a person should take over from here on, where that is new."""


def opened(event: SessionOpened) -> Opening:
    """The session that `event` opened."""
    return Opening(event.tenant_id, event.session_id, event.user_id, event.domain, event.occurred_at)


def submitted(event: TurnSubmitted) -> Submission:
    """The turn that `event` submitted."""
    opening = Opening(event.tenant_id, event.session_id, event.user_id, event.domain, event.occurred_at)
    return Submission(
        tenant_id=event.tenant_id,
        session_id=event.session_id,
        turn_id=event.turn_id,
        user_id=event.user_id,
        text=_words(event.input),
        submitted_at=event.occurred_at,
        expires_at=event.expires_at,
        opening=opening if event.opens else None,
    )


def completed(event: TurnCompleted) -> Ending:
    """What an answered turn leaves: the words of both sides, as far as there were any."""
    understood = event.understood
    asked = tuple(
        replace(
            message,
            language=understood.language,
            intent=understood.intent,
            confidence=understood.confidence,
            entities=understood.entities,
            sentiment=understood.sentiment,
            frustration=understood.frustration,
        )
        for message in _asked(event, "final")
    )
    ending = _ending(event, "completed", asked + _answered(event), event.feedback)
    if not event.reply.data and event.escalation is None:
        return ending
    return replace(ending, outlet_id=_outlet(event.reply), escalation=event.escalation)


def unanswered(event: TurnFailed | TurnCancelled) -> Ending:
    """What a turn without an answer leaves: what the user said, marked. Why it failed is nobody's message."""
    outcome: Literal["failed", "cancelled"] = "failed" if isinstance(event, TurnFailed) else "cancelled"
    return _ending(event, outcome, _asked(event, outcome), None)


def title_of(text: str) -> str:
    """A session's name: its first words, cut between words where possible, at most 60 characters."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    room = line[: TITLE_LENGTH - len(_ELLIPSIS) + 1]
    cut = room.rfind(" ")
    return (room[:cut] if cut > 0 else room[:-1]).rstrip(" ,;:-–") + _ELLIPSIS


def _asked(event: TurnEnded, status: Status) -> tuple[Message, ...]:
    words = _words(event.input)
    if words is None:
        return ()
    message = Message(
        message_id=event_of(event.turn_id, "user"),
        turn_id=event.turn_id,
        turn_no=event.turn_no,
        role="user",
        text=words,
        created_at=event.submitted_at,
        status=status,
    )
    return (message,)


def _answered(event: TurnCompleted) -> tuple[Message, ...]:
    reply = event.reply
    if not reply.text:
        return ()
    message = Message(
        message_id=event_of(event.turn_id, "assistant"),
        turn_id=event.turn_id,
        turn_no=event.turn_no,
        role="assistant",
        text=_storable(reply.text),
        created_at=event.occurred_at,
        status="final",
        language=reply.language,
        data=reply.data,
        clarification=reply.clarification,
    )
    return (message,)


def _ending(event: TurnEnded, outcome: Outcome, messages: tuple[Message, ...], feedback: Feedback | None) -> Ending:
    words = _words(event.input)
    return Ending(
        tenant_id=event.tenant_id,
        session_id=event.session_id,
        turn_id=event.turn_id,
        turn_no=event.turn_no,
        user_id=event.user_id,
        domain=event.domain,
        outcome=outcome,
        submitted_at=event.submitted_at,
        ended_at=event.occurred_at,
        messages=messages if event.turn_no else (),
        title=None if words is None else title_of(words) or None,
        feedback=feedback,
    )


def _outlet(reply: Reply) -> str | None:
    """The last `outlet_id` that the answer's data name."""
    named = (part.value.get("outlet_id") for part in reversed(reply.data) if isinstance(part.value, dict))
    return next((outlet for outlet in named if isinstance(outlet, str)), None)


def _words(given: TurnInput) -> str | None:
    return _storable(given.text) if isinstance(given, Text) else None


def _storable(text: str) -> str:
    """Postgres cannot store NUL; it is shown as what Unicode has for a character that is not there."""
    return text.replace("\x00", "\ufffd")
