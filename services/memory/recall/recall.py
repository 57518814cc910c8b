"""Finds what a person said: by the words and by what they mean, or simply the last of it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from services.memory.store import Found, Passages, Query, Scope
from shared.errors import Unavailable
from shared.runtime.embedding import Embedder

_log = structlog.get_logger()


class Recall:
    """Search within one person's own words. Raises `Unavailable` without Postgres; without the embedder, words do."""

    def __init__(self, passages: Passages, embedder: Embedder, *, within: timedelta) -> None:
        self._passages = passages
        self._embedder = embedder
        self._within = within.total_seconds()

    @property
    def embedder(self) -> str:
        """What makes the vectors."""
        return self._embedder.id

    @property
    def alike(self) -> float:
        """The cosine of two ways to say the same: halfway between nothing in common and the very same."""
        return (1 + self._embedder.floor) / 2

    async def find(self, scope: Scope, text: str | None, *, limit: int) -> Sequence[Found]:
        """What is most like `text`, the best first; without one, the last session's messages in order."""
        await self._passages.prepare(scope.tenant_id, scope.user_id)
        if not text:
            return await self._passages.latest(scope, limit=limit)
        return await self._passages.search(scope, await self.query(text), limit=limit)

    async def query(self, text: str) -> Query:
        """What to search for; without a vector when the embedder takes too long."""
        try:
            async with asyncio.timeout(self._within):
                [vector] = await self._embedder.embed([text])
        except (TimeoutError, Unavailable) as error:
            _log.warning("question not embedded in time", reason=f"{type(error).__name__}: {error}")
            vector = None
        return Query(text, self._embedder.id, vector, self._embedder.floor)
