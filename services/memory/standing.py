"""How far upkeep is, for one tenant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.memory.retention import Rule
from services.memory.store import SCRUBBED, Expiry, Unscrubbed
from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks
from shared.privacy.upkeep import Standing, Standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is due and what was done. Raises `Unavailable` without Postgres."""

    tasks: Tasks
    unscrubbed: Unscrubbed
    expiry: Expiry
    scrub_after: timedelta
    rules: Sequence[Rule]
    archives: bool
    now: Callable[[], datetime]

    async def of(self, tenant_id: TenantId) -> Standings:
        """Every task on a tenant's records."""
        deleted = [await self._deleted(tenant_id, rule) for rule in self.rules]
        return Standings(items=(await self._scrubbed(tenant_id), *deleted))

    async def _scrubbed(self, tenant_id: TenantId) -> Standing:
        backlog = await self.unscrubbed.backlog(tenant_id, before=self.now() - self.scrub_after)
        done = await self.tasks.done(tenant_id, SCRUBBED)
        return Standing(
            task=SCRUBBED,
            after=self.scrub_after,
            due=backlog.due,
            oldest=backlog.oldest,
            done=done.rows,
            last_at=done.last_at,
        )

    async def _deleted(self, tenant_id: TenantId, rule: Rule) -> Standing:
        overdue = await self.expiry.overdue(tenant_id, rule.records, before=self.now() - rule.keep)
        done = await self.tasks.done(tenant_id, rule.records.task)
        return Standing(
            task=rule.records.task,
            after=rule.keep,
            due=overdue.due,
            oldest=overdue.oldest,
            done=done.rows,
            last_at=done.last_at,
            archived=await self.expiry.archived(tenant_id, rule.records) if self.archives else None,
        )
