"""Archives and deletes what is too old, class by class, and tells how far it is."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.memory.metrics import MemoryMetrics
from services.memory.store import MESSAGES, Archive, Class, Expiry, Weeks
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks

_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Rule:
    """How long records of a class are kept."""

    records: Class
    keep: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Keeps the rules. May run in several processes at once: one of them works on a class of a tenant."""

    tasks: Tasks
    expiry: Expiry
    weeks: Weeks
    rules: Sequence[Rule]
    archive: Archive | None
    now: Callable[[], datetime]
    metrics: MemoryMetrics

    async def run(self) -> None:
        """Delete all that is due. Raises `Unavailable` without Postgres or cold storage; what was done stays done."""
        tenants = await self.tasks.tenants()
        for rule in self.rules:
            due = 0
            for tenant_id in tenants:
                # A deadlock with whoever deletes a session is settled by the next run.
                with suppress(Retry):
                    await self._expire(tenant_id, rule)
                due += (await self.expiry.overdue(tenant_id, rule.records, before=self._before(rule))).due
            self.metrics.expiry_due.labels(rule.records.name).set(due)
            if rule.records is MESSAGES:
                self.weeks.forget(self._before(rule))
                await self.expiry.drop_empty_weeks(self._before(rule))

    def _before(self, rule: Rule) -> datetime:
        return self.now() - rule.keep

    async def _expire(self, tenant_id: TenantId, rule: Rule) -> None:
        deleted = _BATCH
        while deleted == _BATCH:
            deleted = await self.expiry.expire(
                tenant_id,
                rule.records,
                before=self._before(rule),
                now=self.now(),
                at_most=_BATCH,
                archive=self.archive,
            )
            self.metrics.deleted.labels(rule.records.name).inc(deleted)
