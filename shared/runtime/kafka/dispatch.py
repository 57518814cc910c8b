"""From a raw record to a service's handler: by event type, with the body validated once."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from pydantic import ValidationError
from structlog.contextvars import bind_contextvars

from shared.errors import Reject
from shared.events.base import Event
from shared.events.envelope import TYPE_HEADER
from shared.runtime.kafka.records import Record, describe, header
from shared.runtime.kafka.subscription import BatchHandler, Handler, Subscription
from shared.runtime.kafka.work import Route

log = structlog.get_logger(__name__)

CONTEXT_FIELDS = ("request_id", "session_id", "turn_id")
"""Fields of an event that every log line of its handler carries, where the model has them."""

Table = Callable[[Record], Route | None]


def dispatcher(subscription: Subscription) -> Table:
    """The routes of a subscription; None for events it ignores."""
    routes: dict[str | None, Route | None] = {event.type: None for event in subscription.ignores}
    seen_early: dict[str, EventRoute] = {}
    for handler in subscription.handlers:
        if handler.model.type in routes:
            raise ValueError(f"{subscription.group}: {handler.model.type} is listed twice")
        if isinstance(handler, BatchHandler):
            routes[handler.model.type] = TogetherRoute(handler)
            continue
        routes[handler.model.type] = route = EventRoute(handler)
        if handler.on_read is not None:
            seen_early[handler.model.type] = route
    unknown = UnknownType()

    def select(record: Record) -> Route | None:
        event_type = header(record, TYPE_HEADER)
        if event_type in seen_early:
            seen_early[event_type].show(record)
        return routes.get(event_type, unknown)

    return select


class TogetherRoute:
    """Where records of one event type go that may share a call."""

    __slots__ = ("_handler", "timeout_seconds")

    def __init__(self, handler: BatchHandler[Any]) -> None:
        """Prepare what is the same for every record."""
        self._handler = handler
        self.timeout_seconds = handler.timeout.total_seconds()

    @property
    def batch(self) -> "TogetherRoute":
        """This route."""
        return self

    async def handle(self, record: Record) -> None:
        """Handle one record in a call of its own."""
        await self.handle_all((record,))

    async def handle_all(self, records: Sequence[Record]) -> None:
        """Validate the bodies and call the handler; raises Reject if the model refuses one of them."""
        await self._handler.handle([_event(self._handler.model, record) for record in records])

    async def exhausted(self, record: Record, error: Exception) -> None:
        """Nobody to tell."""


class EventRoute:
    """Where records of one event type go."""

    batch = None

    __slots__ = ("_context", "_handler", "timeout_seconds")

    def __init__(self, handler: Handler[Any]) -> None:
        """Prepare what is the same for every record."""
        self._handler = handler
        self._context = tuple(name for name in CONTEXT_FIELDS if name in handler.model.model_fields)
        self.timeout_seconds = handler.timeout.total_seconds()

    async def handle(self, record: Record) -> None:
        """Validate the body and call the handler; raises Reject for a body the model refuses."""
        event = _event(self._handler.model, record)
        # Each record runs in a task of its own, so nothing has to be unbound afterwards.
        bind_contextvars(**{name: getattr(event, name) for name in self._context})
        await self._handler.handle(event)

    async def exhausted(self, record: Record, error: Exception) -> None:
        """Call the service's hook, if it has one."""
        if self._handler.exhausted is not None:
            await self._handler.exhausted(_event(self._handler.model, record), error)

    def show(self, record: Record) -> None:
        """Let the service see the event before its turn; a failure here leaves it to the handler."""
        if self._handler.on_read is None:
            return
        try:
            self._handler.on_read(_event(self._handler.model, record))
        except Exception as error:
            log.warning("on_read_failed", record=describe(record), error=type(error).__name__)


class UnknownType:
    """Where records go whose event type the subscription does not know."""

    batch = None

    timeout_seconds = 60.0

    async def handle(self, record: Record) -> None:
        """Refuse it."""
        raise Reject(f"unknown event type {header(record, TYPE_HEADER)!r}")

    async def exhausted(self, record: Record, error: Exception) -> None:
        """Nobody to tell."""


def _event(model: type[Event], record: Record) -> Event:
    try:
        return model.model_validate_json(record.value or b"")
    except ValidationError as error:
        raise Reject(f"{model.type}: {_complaints(error)}") from None


def _complaints(error: ValidationError) -> str:
    """What is wrong and where, without the values, which may be somebody's words."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, detail['loc']))}: {detail['type']}" for detail in details)
