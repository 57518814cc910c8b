"""Sends what is due: each delivery by one gateway at a time, each person's in order, and none blindly twice."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from services.gateway.store import Claimed, Found, News, Settled
from services.gateway.whatsapp.graph import Answer, Parcel, Refused, Rejected, Sent, Unanswered
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.gateway.whatsapp.settings import BusinessNumber, WhatsAppSettings
from shared.errors import Unavailable
from shared.events.ids import TenantId, UserId
from shared.runtime.failpoints import failpoint
from shared.runtime.kafka.policy import Backoff

_log = structlog.get_logger(__name__)

AT_ONCE: Final = 32
_LOOK_EVERY: Final = timedelta(seconds=1)
_LOST_AFTER: Final = timedelta(seconds=5)
"""How much longer than making ready and calling may take a sender is believed to live."""
_BACKOFF: Final = Backoff(timedelta(seconds=1), limit=timedelta(minutes=1))


class Table(Protocol):
    """Where deliveries are noted."""

    async def claim(self, tenant_id: TenantId, now: datetime, *, lost_at: datetime, most: int) -> list[Claimed]: ...

    async def doubt_lost(self, tenant_id: TenantId, now: datetime, *, until: datetime) -> int: ...

    async def doubt(self, claimed: Claimed, *, until: datetime, reason: str) -> None: ...

    async def postpone(self, claimed: Claimed, *, until: datetime, reason: str) -> None: ...

    async def learn(self, news: News) -> Found | None: ...


class Graph(Protocol):
    """Where messages are sent."""

    async def send(self, parcel: Parcel) -> Answer: ...


class Documents(Protocol):
    """Makes messages ready to be sent."""

    async def ready(self, parcel: Parcel, user_id: UserId) -> Parcel | Refused | Rejected: ...


@dataclass(frozen=True, slots=True)
class Ways:
    """What a sender works with."""

    deliveries: Table
    graph: Graph
    documents: Documents
    metrics: WhatsAppMetrics
    clock: Callable[[], datetime]


class Sender:
    """One gateway's sending. The intent is in the table before each call, and what came of it after."""

    def __init__(self, settings: WhatsAppSettings, ways: Ways) -> None:
        self._settings = settings
        self._ways = ways
        self._numbers: Mapping[str, BusinessNumber] = {each.phone_number_id: each for each in settings.numbers}
        self._tenants: Sequence[TenantId] = tuple({each.tenant_id for each in settings.numbers})
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def round(self) -> None:
        """Wait until there may be something to send, and begin to send it. Raises what a sending raised."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY.total_seconds()):
                await self._woken.wait()
        self._woken.clear()
        self._check()
        for tenant_id in self._tenants:
            await self._begin(tenant_id)

    async def finish(self) -> None:
        """Wait for what is being sent; each takes bounded time."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _begin(self, tenant_id: TenantId) -> None:
        now, table = self._ways.clock(), self._ways.deliveries
        await table.doubt_lost(tenant_id, now, until=now + self._settings.uncertain_for)
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return
        lost_at = now + 2 * self._settings.send_within + _LOST_AFTER
        for claimed in await table.claim(tenant_id, now, lost_at=lost_at, most=free):
            task = asyncio.create_task(self._deliver(claimed, lost_at))
            self._under_way.add(task)
            task.add_done_callback(lambda _: self.wake())

    def _check(self) -> None:
        """Forget what was sent; what raised is raised here, since nobody else would see it."""
        for task in [task for task in self._under_way if task.done()]:
            self._under_way.discard(task)
            task.result()

    async def _deliver(self, claimed: Claimed, lost_at: datetime) -> None:
        await failpoint("gateway.before_send")
        answer = await self._send(claimed, lost_at)
        await failpoint("gateway.after_send")
        self._ways.metrics.attempts.labels(type(answer).__name__.lower()).inc()
        while True:
            try:
                await self._note(claimed, answer)
            except Unavailable as error:
                # From then on it is uncertain for every gateway, this one included.
                if self._ways.clock() >= lost_at:
                    _log.warning("answer_not_noted", delivery_id=str(claimed.delivery_id), error=str(error))
                    return
                await asyncio.sleep(0.2)
            else:
                return

    async def _send(self, claimed: Claimed, lost_at: datetime) -> Answer:
        parcel = self._parcel(claimed)
        ready = await self._ways.documents.ready(parcel, claimed.user_id) if isinstance(parcel, Parcel) else parcel
        if not isinstance(ready, Parcel):
            return ready
        if self._ways.clock() + self._settings.send_within >= lost_at:
            # This process was stopped for so long that another may take it for dead.
            return Refused("not begun in time")
        if claimed.was_uncertain:
            self._ways.metrics.resends.inc()
        return await self._ways.graph.send(ready)

    def _parcel(self, claimed: Claimed) -> Parcel | Rejected:
        number = self._numbers.get(claimed.number_id)
        if number is None:
            return Rejected("this business number is not set up any more")
        if claimed.phone is None or claimed.heard_at is None:
            return Rejected("the person was forgotten")
        if self._ways.clock() >= claimed.heard_at + self._settings.window:
            return Rejected("window closed: the person last wrote too long ago")
        reference = str(claimed.delivery_id)
        return Parcel(claimed.number_id, number.access_token, claimed.phone, claimed.message, reference)

    async def _note(self, claimed: Claimed, answer: Answer) -> None:
        now, table = self._ways.clock(), self._ways.deliveries
        match answer:
            case Sent(message_id):
                await table.learn(self._news(claimed, "sent", now, message_id=message_id))
            case Refused(reason, retry_after):
                delay = timedelta(seconds=_BACKOFF.seconds(claimed.attempt))
                await table.postpone(claimed, until=now + max(delay, retry_after or delay), reason=reason)
            case Rejected(reason):
                _log.warning("delivery_dead", delivery_id=str(claimed.delivery_id), reason=reason)
                await table.learn(self._news(claimed, "dead", now, reason=reason))
            case Unanswered(reason):
                _log.warning("delivery_uncertain", delivery_id=str(claimed.delivery_id), reason=reason)
                await table.doubt(claimed, until=now + self._settings.uncertain_for, reason=reason)

    def _news(self, claimed: Claimed, state: Settled, at: datetime, **more: str) -> News:
        return News(tenant_id=claimed.tenant_id, delivery_id=claimed.delivery_id, state=state, at=at, **more)
