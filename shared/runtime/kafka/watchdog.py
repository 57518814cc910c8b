"""Notices a subscription that does not move although there is work and everything it needs is up."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from aiokafka.errors import IllegalStateError, KafkaError

from shared.runtime.kafka.consumer import Consumer
from shared.runtime.kafka.health import Progress
from shared.runtime.kafka.records import Partition

STALL = timedelta(seconds=60)
CHECK_EVERY = timedelta(seconds=5)
_PATIENCE = timedelta(seconds=3)


class Watched(Protocol):
    """What a watchdog sees of an executor."""

    @property
    def pending(self) -> int:
        """Records read and not finished."""

    @property
    def last_activity(self) -> float:
        """When a record was last started or settled."""

    @property
    def waiting_for_dependency(self) -> bool:
        """True while some record waits for a dependency that is down."""

    def unfinished(self, partition: Partition) -> int:
        """Records of a partition that were read and are not below its watermark."""


class Watchdog:
    """Follows one subscription's progress against the end of its partitions."""

    def __init__(
        self,
        group: str,
        watched: Watched,
        *,
        consumer: Callable[[], Consumer | None],
        patience: timedelta = STALL,
        clock: Callable[[], float],
    ) -> None:
        """`patience` must exceed the longest time one attempt may take; `clock` is the event loop's."""
        self._group = group
        self._watched = watched
        self._consumer = consumer
        self._patience = patience.total_seconds()
        self._clock = clock
        self._excused_at = clock()
        self._lag: int | None = None
        self._assigned = 0

    @property
    def lag(self) -> float:
        """The last known lag, NaN if unknown."""
        return float("nan") if self._lag is None else self._lag

    def progress(self) -> Progress:
        """As of the last check."""
        idle = self._clock() - max(self._watched.last_activity, self._excused_at)
        return Progress(
            group=self._group,
            assigned=self._assigned,
            pending=self._watched.pending,
            lag=self._lag,
            idle_seconds=self._clock() - self._watched.last_activity,
            waiting_for_dependency=self._watched.waiting_for_dependency,
            stalled=idle >= self._patience,
        )

    async def check(self) -> Progress:
        """Ask Kafka how much there is to do. While Kafka or a dependency is down, nothing is held against us."""
        self._lag = await self._measure()
        if not self._lag or self._watched.waiting_for_dependency:
            self._excused_at = self._clock()
        return self.progress()

    async def _measure(self) -> int | None:
        consumer = self._consumer()
        if consumer is None:
            return None
        partitions = [Partition(*partition) for partition in consumer.assignment()]
        self._assigned = len(partitions)
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                ends = await consumer.end_offsets(partitions)
        except (KafkaError, TimeoutError):
            return None
        return sum(await asyncio.gather(*(self._lag_of(consumer, partition, ends[partition]) for partition in ends)))

    async def _lag_of(self, consumer: Consumer, partition: Partition, end: int) -> int:
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                position = await consumer.position(partition)
        except IllegalStateError:
            return 0
        except (KafkaError, TimeoutError):
            # Kafka answers but our consumer does not know where it is: that is work it does not get to.
            return 1
        return max(end - position, 0) + self._watched.unfinished(partition)
