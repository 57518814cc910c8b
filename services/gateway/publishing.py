"""Publishing on behalf of a request: acknowledged, or a 503 that says what is known."""

from datetime import timedelta
from typing import Any, Protocol

import structlog

from shared.errors import Unavailable
from shared.events.base import Event
from shared.events.envelope import Envelope
from shared.runtime.http import Problem

_log = structlog.get_logger(__name__)


class Bus(Protocol):
    """Where events go."""

    async def publish(self, envelope: Envelope, *, within: timedelta, insist: bool) -> None: ...


class Publisher:
    """Publishes within a request's deadline, again and again while Kafka refuses: a broker that restarts does."""

    def __init__(self, bus: Bus, within: timedelta) -> None:
        self._bus = bus
        self._within = within

    async def publish(self, event: Event, **ids: Any) -> None:
        """Return once Kafka has the event; raises a 503 problem, with these ids, when that is unknown."""
        try:
            await self._bus.publish(event.envelope(), within=self._within, insist=True)
        except Unavailable as error:
            _log.warning("not acknowledged", type=event.type, reason=str(error))
            detail = (
                "Whether this was accepted is unknown. Send it again: with the same Idempotency-Key it counts once."
            )
            raise Problem(503, "not_acknowledged", detail, headers={"Retry-After": "2"}, **ids) from error
