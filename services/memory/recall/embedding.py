"""Embeds what people say, in the background and never so busily that it is felt."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import numpy as np

from services.memory.metrics import MemoryMetrics
from services.memory.recall.backlog import Backlog
from services.memory.store import Behind, Passage, Passages
from shared.errors import Unavailable
from shared.events.ids import SessionId, TenantId
from shared.runtime.embedding import Embedder

_BATCH: Final = 64
_PAGE: Final = 1000
_SWEEP: Final = timedelta(hours=1)
_REST: Final = 9
"""How many times as long as a batch took is rested after it: those who talk have nine tenths of a core at least."""
_LONGEST_REST: Final = 0.5
"""In seconds: a batch that a service embeds takes long without costing much here."""


class Embedding:
    """Keeps passages in step with messages, and their vectors with the embedder."""

    def __init__(
        self,
        passages: Passages,
        embedder: Embedder,
        backlog: Backlog,
        metrics: MemoryMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._passages = passages
        self._embedder = embedder
        self._backlog = backlog
        self._metrics = metrics
        self._clock = clock
        self._sweep_at = clock()

    async def run(self) -> None:
        """Embed all there is. Raises `Unavailable` when Postgres or the embedder is: words are kept even then."""
        while (noted := self._backlog.take(_BATCH)) is not None:
            await self._embed_sessions(*noted)
        if self._backlog.overflowed or self._clock() >= self._sweep_at:
            await self._sweep()
        kept = 1
        while kept and (tenants := await self._passages.tenants(self._embedder.id)):
            kept = sum([await self._embed_stale(tenant_id) for tenant_id in tenants])

    async def _sweep(self) -> None:
        """Look through all sessions for messages that nobody noted: those of a process that ended, or of old."""
        self._backlog.overflowed = False
        after: Behind | None = None
        while page := await self._passages.sessions(after, limit=_PAGE):
            after = page[-1]
            for each in page:
                if each.behind:
                    await self._embed_sessions(each.tenant_id, [each.session_id])
        self._sweep_at = self._clock() + _SWEEP.total_seconds()

    async def _embed_sessions(self, tenant_id: TenantId, sessions: Sequence[SessionId]) -> None:
        while batch := await self._passages.missing(tenant_id, sessions, limit=_BATCH):
            if not await self._embed(tenant_id, batch):
                return

    async def _embed_stale(self, tenant_id: TenantId) -> int:
        """How many were embedded: none where there is nothing left, or nothing that can be helped."""
        embedded = 0
        while batch := await self._passages.stale(tenant_id, self._embedder.id, limit=_BATCH):
            kept = await self._embed(tenant_id, batch)
            if not kept:
                break
            embedded += kept
        return embedded

    async def _embed(self, tenant_id: TenantId, batch: Sequence[Passage]) -> int:
        """How many were kept: their messages may have gone meanwhile."""
        began = self._clock()
        try:
            vectors = await self._embedder.embed([each.text for each in batch])
        except Unavailable:
            await self._passages.keep(tenant_id, batch, "", np.zeros((len(batch), 1), dtype=np.float32))
            raise
        kept = await self._passages.keep(tenant_id, batch, self._embedder.id, vectors)
        self._metrics.embedded.inc(kept)
        await asyncio.sleep(min(_LONGEST_REST, _REST * (self._clock() - began)))
        return kept
