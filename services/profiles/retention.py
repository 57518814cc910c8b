"""Deletes signals and scores that are too old, and tells how far it is."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.profiles.metrics import ProfilesMetrics
from services.profiles.store.expiry import SCORES, SIGNALS, Class, Expiry
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks
from shared.privacy.upkeep import Standing, Standings

_BATCH: Final = 5_000
_CLASSES: Final = (SIGNALS, SCORES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Keeps what profiles were made of no longer than promised. May run in several processes at once."""

    tasks: Tasks
    expiry: Expiry
    keep: timedelta
    now: Callable[[], datetime]
    metrics: ProfilesMetrics

    async def run(self) -> None:
        """Delete all that is due. Raises `Unavailable` without Postgres; what was done stays done."""
        for tenant_id in await self.tasks.tenants():
            for records in _CLASSES:
                # A deadlock with an erasure is settled by the next run.
                with suppress(Retry):
                    await self._expire(tenant_id, records)

    async def standings(self, tenant_id: TenantId) -> Standings:
        """What is due and what was done for one tenant. Raises `Unavailable` without Postgres."""
        items = []
        for records in _CLASSES:
            overdue = await self.expiry.overdue(tenant_id, records, before=self._before)
            done = await self.tasks.done(tenant_id, records.task)
            standing = Standing(
                task=records.task,
                after=self.keep,
                due=overdue.due,
                oldest=overdue.oldest,
                done=done.rows,
                last_at=done.last_at,
            )
            items.append(standing)
        return Standings(items=tuple(items))

    @property
    def _before(self) -> datetime:
        return self.now() - self.keep

    async def _expire(self, tenant_id: TenantId, records: Class) -> None:
        while done := await self.expiry.expire(tenant_id, records, before=self._before, now=self.now(), at_most=_BATCH):
            self.metrics.deleted.labels(records.task).inc(done)
