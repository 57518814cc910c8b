"""The part of aiokafka's consumer that this package uses."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from shared.runtime.kafka.records import Partition, Record


class Consumer(Protocol):
    """A member of a consumer group; aiokafka's `AIOKafkaConsumer` is one."""

    def assignment(self) -> Collection[Partition]:
        """The partitions that are ours, or were until the running rebalance ends."""

    async def position(self, partition: Partition) -> int:
        """The offset read next; waits while it is unknown, raises IllegalStateError if not assigned."""

    async def commit(self, offsets: Mapping[Partition, tuple[int, str]]) -> None:
        """Commit offsets with their metadata."""

    async def end_offsets(self, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        """The offset behind the last record of each partition."""

    def pause(self, *partitions: Partition) -> None:
        """Stop reading from assigned partitions."""

    def resume(self, *partitions: Partition) -> None:
        """Read from them again."""


class FetchingConsumer(Consumer, Protocol):
    """What the read loop uses beside."""

    async def getmany(self, *, timeout_ms: int, max_records: int) -> Mapping[Partition, Sequence[Record]]:
        """Records by partition; with no time-out only those that have been fetched already."""
