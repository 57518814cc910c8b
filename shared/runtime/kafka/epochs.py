"""What is known of partitions when they become ours: commits, what was finished above them, starts by others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import TypeVar

import structlog
from aiokafka.admin import AIOKafkaAdminClient

from shared.runtime.kafka.attempts import Attempts
from shared.runtime.kafka.consumer import Consumer
from shared.runtime.kafka.offsets import UNKNOWN, Tracker
from shared.runtime.kafka.records import Partition
from shared.runtime.kafka.settings import milliseconds
from shared.runtime.kafka.work import Epoch

log = structlog.get_logger(__name__)

PATIENCE = timedelta(seconds=4)
"""Heartbeats rest while partitions are taken over, so this stays well below the session time-out."""

_PAUSE = timedelta(milliseconds=100)

ValueT = TypeVar("ValueT")


class EpochOpener:
    """Looks up what an epoch starts from. What cannot be learnt in time costs repeats, never records."""

    def __init__(
        self, servers: str, *, group: str, consumer: Callable[[], Consumer | None], attempts: Attempts
    ) -> None:
        """For one consumer group."""
        self._servers = servers
        self._group = group
        self._consumer = consumer
        self._attempts = attempts

    async def __call__(self, partitions: Iterable[Partition]) -> Mapping[Partition, Epoch]:
        """An epoch for each partition."""
        ours = list(partitions)
        if not ours:
            return {}
        committed, ends = await asyncio.gather(
            _in_time("commits", self._committed, ours), _in_time("ends", self._ends, ours)
        )
        starts = await self._attempts.load(
            self._group, {partition: committed.get(partition, (UNKNOWN, ""))[0] for partition in ours}
        )
        return {
            partition: Epoch(
                partition,
                Tracker(*committed.get(partition, (UNKNOWN, ""))),
                replayed_below=ends.get(partition, float("inf")),
                starts=dict(starts.get(partition, {})),
                committed=committed.get(partition),
            )
            for partition in ours
        }

    async def _committed(self, partitions: list[Partition]) -> Mapping[Partition, tuple[int, str]]:
        """Commits with their metadata, which only the admin client reads."""
        admin = AIOKafkaAdminClient(
            bootstrap_servers=self._servers, request_timeout_ms=milliseconds(PATIENCE), retry_backoff_ms=50
        )
        try:
            await admin.start()
            found = await admin.list_consumer_group_offsets(self._group, partitions=partitions)
        finally:
            await admin.close()
        return {
            Partition(*partition): (value.offset, value.metadata)
            for partition, value in found.items()
            if value.offset >= 0
        }

    async def _ends(self, partitions: list[Partition]) -> Mapping[Partition, int]:
        consumer = self._consumer()
        if consumer is None:
            return {}
        ends = await consumer.end_offsets(partitions)
        return {Partition(*partition): end for partition, end in ends.items()}


async def _in_time(
    what: str,
    lookup: Callable[[list[Partition]], Awaitable[Mapping[Partition, ValueT]]],
    partitions: list[Partition],
) -> Mapping[Partition, ValueT]:
    """What `lookup` finds, tried again while there is time; nothing if it does not answer."""
    failure: Exception = TimeoutError()
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            while True:
                try:
                    return await lookup(partitions)
                except Exception as error:
                    failure = error
                    await asyncio.sleep(_PAUSE.total_seconds())
    except TimeoutError:
        log.warning("lookup_failed", what=what, partitions=len(partitions), error=repr(failure))
        return {}
