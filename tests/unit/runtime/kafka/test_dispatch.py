"""From a raw record to the handler of its event type."""

from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from structlog.contextvars import clear_contextvars, get_contextvars

from shared.errors import Reject
from shared.events.base import SessionEvent
from shared.events.ids import EventId, SessionId, TenantId
from shared.events.topics import TURNS, Topic
from shared.runtime.kafka.dispatch import Table, dispatcher
from shared.runtime.kafka.subscription import Handler, Subscription, by_key, by_partition_and_key
from shared.runtime.kafka.work import Route
from tests.unit.runtime.kafka.fakes import FakeRecord


class Greeted(SessionEvent):
    """An event of these tests."""

    type: ClassVar[str] = "test.greeted.v1"
    source: ClassVar[str] = "/test"
    topic: ClassVar[Topic] = TURNS

    text: str = "hello"


class Parted(Greeted):
    """Another one."""

    type: ClassVar[str] = "test.parted.v1"


EVENT = Greeted(
    event_id=EventId(uuid4()),
    occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    tenant_id=TenantId(UUID(int=1)),
    request_id="request-1",
    session_id=SessionId(UUID(int=2)),
    user_id="someone",
)


class Service:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.handled: list[Greeted] = []
        self.read: list[Greeted] = []
        self.exhausted: list[tuple[Greeted, Exception]] = []
        self.context: dict[str, object] = {}

    async def on_greeted(self, event: Greeted) -> None:
        self.handled.append(event)
        self.context = get_contextvars()

    async def on_exhausted(self, event: Greeted, error: Exception) -> None:
        self.exhausted.append((event, error))

    def table(self) -> Table:
        handler = Handler(Greeted, self.on_greeted, exhausted=self.on_exhausted, on_read=self.read.append)
        return dispatcher(Subscription(("topic",), "group", (handler,), ignores=(Parted,)))


def record_of(event: Greeted, *, value: bytes | None = None) -> FakeRecord:
    envelope = event.envelope()
    return FakeRecord(0, envelope.key, envelope.value if value is None else value, envelope.headers)


def route_of(service: Service, record: FakeRecord) -> Route:
    route = service.table()(record)
    assert route is not None
    return route


async def test_handler_gets_the_validated_event() -> None:
    service = Service()
    await route_of(service, record_of(EVENT)).handle(record_of(EVENT))
    assert service.handled == [EVENT]


async def test_log_lines_of_the_handler_carry_request_and_session() -> None:
    clear_contextvars()
    service = Service()
    await route_of(service, record_of(EVENT)).handle(record_of(EVENT))
    assert service.context == {"request_id": "request-1", "session_id": UUID(int=2)}


def test_event_is_shown_when_it_is_read() -> None:
    service = Service()
    service.table()(record_of(EVENT))
    assert service.read == [EVENT]
    assert service.handled == []


def test_unreadable_event_is_left_to_the_handler_when_it_is_read() -> None:
    service = Service()
    assert service.table()(record_of(EVENT, value=b"{")) is not None
    assert service.read == []


def test_ignored_event_needs_nothing() -> None:
    assert Service().table()(record_of(Parted.model_validate(EVENT.model_dump()))) is None


@pytest.mark.parametrize(
    "headers",
    [(), (("ce_type", b"test.greeted.v2"),), (("ce_type", b"\xff\xfe"),), (("ce_type", None),)],
)
async def test_unknown_event_type_or_version_is_rejected(headers: tuple[tuple[str, bytes | None], ...]) -> None:
    record = FakeRecord(0, headers=headers)
    with pytest.raises(Reject, match="unknown event type"):
        await route_of(Service(), record).handle(record)


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"null", b"\xff", b'{"text": 1}', b"[" * 10_000])
async def test_body_that_is_no_such_event_is_rejected(value: bytes) -> None:
    record = record_of(EVENT, value=value)
    with pytest.raises(Reject, match=r"test\.greeted\.v1"):
        await route_of(Service(), record).handle(record)


async def test_reason_of_a_rejection_does_not_repeat_the_body() -> None:
    record = record_of(EVENT, value=b'{"text": ["my secret"], "tenant_id": "my secret"}')
    with pytest.raises(Reject) as rejection:
        await route_of(Service(), record).handle(record)
    assert "secret" not in str(rejection.value)
    assert "tenant_id: uuid_parsing" in str(rejection.value)


async def test_hook_gets_the_event_and_the_error() -> None:
    service = Service()
    error = ZeroDivisionError()
    await route_of(service, record_of(EVENT)).exhausted(record_of(EVENT), error)
    assert service.exhausted == [(EVENT, error)]


def test_an_event_type_has_one_handler() -> None:
    handler = Handler(Greeted, Service().on_greeted)
    with pytest.raises(ValueError, match="listed twice"):
        dispatcher(Subscription(("topic",), "group", (handler, handler)))


def test_lanes_are_by_topic_and_key_unless_told_otherwise() -> None:
    turns = FakeRecord(1, b"key", topic="turns", partition=3)
    replies = FakeRecord(2, b"key", topic="replies", partition=3)
    assert by_partition_and_key(turns) != by_partition_and_key(replies)
    assert by_key(turns) == by_key(replies)
    for lane in (by_partition_and_key, by_key):
        assert lane(FakeRecord(1, None)) != lane(FakeRecord(2, None))
