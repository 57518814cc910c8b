"""Back-pressure: reading pauses while too much is unfinished."""

from collections.abc import Callable, Iterable, Mapping

from shared.runtime.kafka.consumer import Consumer
from shared.runtime.kafka.offsets import SPAN
from shared.runtime.kafka.records import Partition
from shared.runtime.kafka.work import Epoch


class Valve:
    """Pauses all partitions at `high` pending records until half of them are finished.

    A partition is paused alone when its reading has gone so far beyond its lowest unfinished offset that the
    commit could not describe what is finished in between.
    """

    __slots__ = ("_consumer", "_far", "_high", "_low", "_shut")

    def __init__(self, consumer: Callable[[], Consumer | None], high: int) -> None:
        """Open."""
        self._consumer = consumer
        self._high = high
        self._low = high // 2
        self._shut = False
        self._far: set[Partition] = set()

    def grown(self, pending: int, epochs: Iterable[Epoch]) -> None:
        """Records were added to these partitions."""
        if not self._shut and pending >= self._high:
            self._shut = True
            self._pause(self._assigned())
        far = [epoch.partition for epoch in epochs if epoch.tracker.span >= SPAN // 2]
        if far:
            self._far.update(far)
            self._pause(far)

    def shrunk(self, pending: int, epochs: Mapping[Partition, Epoch]) -> None:
        """A record was finished."""
        if self._shut and pending <= self._low:
            self._shut = False
            self._resume(partition for partition in self._assigned() if partition not in self._far)
        if self._far:
            self._reopen_far(epochs)

    def reassigned(self, pending: int) -> None:
        """A new assignment starts unpaused: pause it again if need be."""
        self._far.clear()
        self._shut = pending >= self._high
        if self._shut:
            self._pause(self._assigned())

    def shut(self) -> None:
        """Stop reading for good."""
        self._shut = True
        self._low = -1
        self._pause(self._assigned())

    def _reopen_far(self, epochs: Mapping[Partition, Epoch]) -> None:
        near = [
            partition
            for partition in self._far
            if (epoch := epochs.get(partition)) is None or epoch.tracker.span < SPAN // 4
        ]
        self._far.difference_update(near)
        if not self._shut:
            self._resume(near)

    def _assigned(self) -> list[Partition]:
        consumer = self._consumer()
        return [] if consumer is None else list(consumer.assignment())

    def _pause(self, partitions: Iterable[Partition]) -> None:
        consumer = self._consumer()
        if consumer is not None:
            consumer.pause(*(set(partitions) & set(consumer.assignment())))

    def _resume(self, partitions: Iterable[Partition]) -> None:
        consumer = self._consumer()
        if consumer is not None:
            consumer.resume(*(set(partitions) & set(consumer.assignment())))
