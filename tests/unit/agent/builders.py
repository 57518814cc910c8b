"""Turns, sessions and answers to test with."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.agent.endings import Answer
from services.agent.live import Place
from services.agent.session import Opening, Remembered, Session
from shared.domains.base import Decision, Dialogue, State
from shared.events.ids import OPEN_TENANT, EventId, SessionId, TurnId
from shared.events.replies import Understood
from shared.events.turns import SessionDeleted, Text, TurnCancelRequested, TurnSubmitted

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TENANT = OPEN_TENANT
SESSION = SessionId(UUID("00000000-0000-7000-8000-0000000000aa"))
TURN = TurnId(UUID("00000000-0000-7000-8000-0000000000bb"))
EVENT = EventId(UUID("00000000-0000-7000-8000-0000000000cc"))
OPENING = Opening(TENANT, SESSION, "ana", "shoes", NOW)


class Seen(State):
    """The state of a pack that counts."""

    count: int = 0


def submitted(**changes: Any) -> TurnSubmitted:
    """A turn of ana's session, a second old."""
    usual: dict[str, Any] = {
        "event_id": EVENT,
        "occurred_at": NOW - timedelta(seconds=1),
        "tenant_id": TENANT,
        "request_id": "request-1",
        "session_id": SESSION,
        "user_id": "ana",
        "turn_id": TURN,
        "domain": "shoes",
        "input": Text(text="red ones"),
        "body_hash": "hash",
        "expires_at": NOW + timedelta(minutes=10),
    }
    return TurnSubmitted(**(usual | changes))


def place(*, inbox: str | None = None) -> Place:
    """Where ana's turn stands."""
    return Place(tenant_id=TENANT, session_id=SESSION, turn_id=TURN, turn_no=1, inbox=inbox)


def cancel_requested(turn: TurnSubmitted) -> TurnCancelRequested:
    """Somebody asks to stop the turn."""
    return TurnCancelRequested(**_place(turn), turn_id=turn.turn_id)


def session_deleted(turn: TurnSubmitted) -> SessionDeleted:
    """The turn's session is deleted."""
    return SessionDeleted(**_place(turn))


def _place(turn: TurnSubmitted) -> dict[str, Any]:
    return turn.model_dump(include={"event_id", "occurred_at", "tenant_id", "request_id", "session_id", "user_id"})


def session(*, turn_no: int = 0, deleted: bool = False, remembered: Remembered | None = None) -> Session:
    """Ana's second session about shoes."""
    return Session("ana", "shoes", 2, turn_no, remembered or Remembered(), NOW, deleted=deleted)


def answer(text: str = "We have two.", **decided: Any) -> Answer:
    """What the pack makes of it."""
    decision = Decision(text=text, state=Seen(count=1), **decided)
    understood = Understood(intent="search", confidence=0.91, language="en", sentiment=0.25)
    return Answer(decision, understood, Remembered(dialogue=Dialogue(last_intent="search"), pack={"count": 1}))
