"""Scrubs what is due, tenant by tenant, and tells how far it is."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.memory.metrics import MemoryMetrics
from services.memory.scrubbing.content import scrub_messages
from services.memory.store import Said, Unscrubbed
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.privacy.scrubbing import Scrubber
from shared.privacy.tasks import Tasks

_BATCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbing:
    """Takes personal data out of messages that are old enough. May run in several processes at once."""

    tasks: Tasks
    unscrubbed: Unscrubbed
    scrubber: Scrubber
    after: timedelta
    now: Callable[[], datetime]
    metrics: MemoryMetrics

    async def run(self) -> None:
        """Scrub everything that is due. Raises `Unavailable` without Postgres; what was done stays done."""
        due, oldest = 0, None
        for tenant_id in await self.tasks.tenants():
            # A deadlock with whoever rates or deletes a message is settled by the next run.
            with suppress(Retry):
                await self._scrub(tenant_id)
            left = await self.unscrubbed.backlog(tenant_id, before=self._before)
            due += left.due
            oldest = min(filter(None, (oldest, left.oldest)), default=None)
        self.metrics.scrub_due.set(due)
        self.metrics.scrub_behind.set(max(0.0, (self._before - oldest).total_seconds()) if oldest else 0)

    @property
    def _before(self) -> datetime:
        return self.now() - self.after

    async def _scrub(self, tenant_id: TenantId) -> None:
        await self.unscrubbed.reword(tenant_id, lambda text: self.scrubber.scrub(text).text, before=self._before)
        while True:
            taken = await self.unscrubbed.scrub(
                tenant_id, self._content, before=self._before, now=self.now(), at_most=_BATCH
            )
            if not taken:
                return
            self.metrics.scrubbed.inc(len(taken))
            for kind, number in sum(map(Counter, taken), Counter[str]()).items():
                self.metrics.scrubbed_items.labels(kind).inc(number)

    async def _content(self, said: Sequence[Said]) -> list[tuple[Said, dict[str, int]]]:
        # In a thread, so that a batch's milliseconds hold up no event.
        return await asyncio.to_thread(scrub_messages, said, self.scrubber)
