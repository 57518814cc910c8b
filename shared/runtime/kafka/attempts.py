"""Starts of records that another process may have started too, remembered outside the process.

Only records that were in the log before this process got its partition, and records that failed once, are
counted; a record that is read, handled and finished in the ordinary way costs no round trip.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.runtime.kafka.records import Partition

log = structlog.get_logger(__name__)

KEPT = timedelta(days=1)
PATIENCE = timedelta(milliseconds=500)
"""How long a start may wait for Redis; without an answer it is counted in this process only."""
PAUSE = timedelta(seconds=5)
"""How long Redis is left alone after it failed."""


class Attempts(Protocol):
    """Where starts are counted; it never raises, since counting must not stop the work."""

    async def load(self, group: str, committed: Mapping[Partition, int]) -> Mapping[Partition, Mapping[int, int]]:
        """Starts by offset for each partition; what is below its committed offset is forgotten."""

    async def save(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        """Return once it is written that an offset was started so often, or cannot be."""

    def note(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        """Write the same soon; 0 forgets the offset."""

    async def flush(self) -> None:
        """Wait until what was saved is written."""


class NoAttempts:
    """Counts nothing outside the process."""

    async def load(self, group: str, committed: Mapping[Partition, int]) -> Mapping[Partition, Mapping[int, int]]:
        """Nothing is known."""
        return {}

    async def save(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        """Forget it at once."""

    def note(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        """Forget it at once."""

    async def flush(self) -> None:
        """Nothing is pending."""


class RedisAttempts:
    """Counts in Redis: a hash for each partition of a group, from offset to starts.

    Everything saved while one write is under way shares the next. A count is written as a value, not as an
    increment, so a client that retries does no harm. While Redis is down nothing is counted outside the process.
    """

    def __init__(self, redis: Redis) -> None:
        """Use a client that somebody else closes."""
        self._redis = redis
        self._pending: dict[str, dict[int, int]] = {}
        self._written: asyncio.Future[None] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._quiet_until = 0.0

    async def load(self, group: str, committed: Mapping[Partition, int]) -> Mapping[Partition, Mapping[int, int]]:
        """Read the counts in one round trip; empty if Redis does not answer."""
        pipeline = self._redis.pipeline(transaction=False)
        for partition in committed:
            _ = pipeline.hgetall(_key(group, partition))
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                found = await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._pause(error)
            return {}
        starts: dict[Partition, dict[int, int]] = {}
        for (partition, lowest), counts in zip(committed.items(), found, strict=True):
            for offset, count in counts.items():
                if int(offset) >= lowest:
                    starts.setdefault(partition, {})[int(offset)] = int(count)
                else:
                    self.note(group, partition, int(offset), 0)
        return starts

    async def save(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        """Join the next write and wait for it."""
        if not self._quiet():
            await asyncio.shield(self._enqueue(_key(group, partition), offset, starts))

    def note(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        """Join the next write."""
        if not self._quiet():
            _ = self._enqueue(_key(group, partition), offset, starts)

    async def flush(self) -> None:
        """Wait for the writer."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    def _enqueue(self, key: str, offset: int, starts: int) -> "asyncio.Future[None]":
        self._pending.setdefault(key, {})[offset] = starts
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        written = self._written
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return written

    async def _write(self) -> None:
        while self._written is not None:
            counts, self._pending = self._pending, {}
            written, self._written = self._written, None
            try:
                async with asyncio.timeout(PATIENCE.total_seconds()):
                    await self._send(counts)
            except (RedisError, OSError, TimeoutError) as error:
                self._pause(error)
            finally:
                if not written.done():
                    written.set_result(None)

    async def _send(self, counts: Mapping[str, Mapping[int, int]]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for key, starts in counts.items():
            by_kind: dict[bool, list[int]] = defaultdict(list)
            for offset, count in starts.items():
                by_kind[count > 0].append(offset)
            if by_kind[True]:
                _ = pipeline.hset(key, mapping={str(offset): starts[offset] for offset in by_kind[True]})
                _ = pipeline.expire(key, KEPT)
            if by_kind[False]:
                _ = pipeline.hdel(key, *map(str, by_kind[False]))
        await pipeline.execute()

    def _quiet(self) -> bool:
        return asyncio.get_running_loop().time() < self._quiet_until

    def _pause(self, error: Exception) -> None:
        self._quiet_until = asyncio.get_running_loop().time() + PAUSE.total_seconds()
        log.warning("attempts_not_counted", error=type(error).__name__)


def _key(group: str, partition: Partition) -> str:
    return f"attempts:{group}:{partition.topic}:{partition.partition}"
