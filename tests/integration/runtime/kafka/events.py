"""An event of these tests, and how to put it on any topic."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from shared.events.base import SessionEvent
from shared.events.envelope import Envelope
from shared.events.ids import EventId, SessionId, TenantId
from shared.events.topics import TURNS, Topic

TENANT = TenantId(UUID(int=1))


class Counted(SessionEvent):
    """The n-th event of a session."""

    type: ClassVar[str] = "test.counted.v1"
    source: ClassVar[str] = "/test"
    topic: ClassVar[Topic] = TURNS

    number: int
    padding: str = ""


def counted(number: int, *, session: int = 0, padding: str = "") -> Counted:
    return Counted(
        event_id=EventId(uuid4()),
        occurred_at=datetime.now(UTC),
        tenant_id=TENANT,
        request_id=f"request-{number}",
        session_id=SessionId(UUID(int=session)),
        user_id="someone",
        number=number,
        padding=padding,
    )


def on_topic(topic: str, event: Counted) -> Envelope:
    return replace(event.envelope(), topic=topic)
