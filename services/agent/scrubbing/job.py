"""Scrubs and deletes what is due, tenant by tenant, and tells how far it is."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.agent.scrubbing.content import scrub_session
from services.agent.scrubbing.metrics import UpkeepMetrics
from services.agent.store import DELETED, SCRUBBED, Kept, OldEndings
from shared.domains.base import AnyDomain
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.privacy.scrubbing import Scrubber
from shared.privacy.tasks import Tasks
from shared.privacy.upkeep import Standing, Standings

_BATCH: Final = 100
_AT_LEAST: Final = timedelta(hours=1)
"""A conversation needs what was said in it for as long: the ledger is also the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Keeps the agent's promises about personal data. May run in several processes at once."""

    tasks: Tasks
    endings: OldEndings
    scrubber: Scrubber
    domains: Mapping[str, AnyDomain]
    scrub_after: timedelta
    retain: timedelta
    now: Callable[[], datetime]
    metrics: UpkeepMetrics

    async def run(self) -> None:
        """Scrub and delete everything that is due. Raises `Unavailable` without Postgres; what was done stays done."""
        unscrubbed = overdue = 0
        for tenant_id in await self.tasks.tenants():
            # A deadlock with whoever deletes or erases is settled by the next run.
            with suppress(Retry):
                await self._scrub(tenant_id)
                await self._expire(tenant_id)
            unscrubbed += (await self.endings.unscrubbed(tenant_id, before=self._scrub_before)).due
            overdue += (await self.endings.overdue(tenant_id, before=self._delete_before)).due
        self.metrics.due.labels(SCRUBBED).set(unscrubbed)
        self.metrics.due.labels(DELETED).set(overdue)

    async def standings(self, tenant_id: TenantId) -> Standings:
        """What is due and what was done for one tenant. Raises `Unavailable` without Postgres."""
        unscrubbed = await self.endings.unscrubbed(tenant_id, before=self._scrub_before)
        overdue = await self.endings.overdue(tenant_id, before=self._delete_before)
        items = []
        for task, after, left in (
            (SCRUBBED, self._patience, unscrubbed),
            (DELETED, self.retain, overdue),
        ):
            done = await self.tasks.done(tenant_id, task)
            items.append(
                Standing(task=task, after=after, due=left.due, oldest=left.oldest, done=done.rows, last_at=done.last_at)
            )
        return Standings(items=tuple(items))

    @property
    def _patience(self) -> timedelta:
        return max(self.scrub_after, _AT_LEAST)

    @property
    def _scrub_before(self) -> datetime:
        return self.now() - self._patience

    @property
    def _delete_before(self) -> datetime:
        return self.now() - self.retain

    async def _scrub(self, tenant_id: TenantId) -> None:
        while done := await self.endings.scrub(
            tenant_id, self._content, before=self._scrub_before, now=self.now(), at_most=_BATCH
        ):
            self.metrics.done.labels(SCRUBBED).inc(done)

    async def _expire(self, tenant_id: TenantId) -> None:
        while done := await self.endings.expire(tenant_id, before=self._delete_before, now=self.now(), at_most=_BATCH):
            self.metrics.done.labels(DELETED).inc(done)

    async def _content(self, kept: Sequence[Kept]) -> list[Kept]:
        # In a thread, so that a batch's milliseconds hold up no turn.
        return await asyncio.to_thread(lambda: [scrub_session(each, self.scrubber, self.domains) for each in kept])
