"""A log, a consumer group and a consumer in memory, behind the Protocols of the runtime."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.runtime.kafka.records import Partition, Record


@dataclass(frozen=True, slots=True)
class FakeRecord:
    """A consumed record."""

    offset: int
    key: bytes | None = b"key"
    value: bytes | None = b"{}"
    headers: Sequence[tuple[str, bytes | None]] = ()
    topic: str = "topic"
    partition: int = 0
    timestamp: int = 0


@dataclass
class FakeLog:
    """The records of some partitions and the commits of one group."""

    records: dict[Partition, list[Record]] = field(default_factory=dict)
    commits: dict[Partition, tuple[int, str]] = field(default_factory=dict)

    def append(self, partition: Partition, key: bytes | None, *, gap: int = 0) -> None:
        log = self.records.setdefault(partition, [])
        offset = (log[-1].offset + 1 if log else 0) + gap
        log.append(FakeRecord(offset, key, topic=partition.topic, partition=partition.partition))

    def end(self, partition: Partition) -> int:
        log = self.records.get(partition, [])
        return log[-1].offset + 1 if log else 0


class FakeConsumer:
    """One member of the group."""

    def __init__(self, log: FakeLog) -> None:
        self.log = log
        self.positions: dict[Partition, int] = {}
        self.paused: set[Partition] = set()
        self.refuse: Exception | None = None

    def assign(self, partitions: Iterable[Partition]) -> None:
        self.positions = {partition: self.log.commits.get(partition, (0, ""))[0] for partition in partitions}
        self.paused.clear()

    def poll(self, count: int) -> list[Record]:
        found: list[Record] = []
        for partition in sorted(self.positions.keys() - self.paused):
            at = self.positions[partition]
            ready = [record for record in self.log.records.get(partition, []) if record.offset >= at]
            found += ready[: count - len(found)]
        self.positions |= {Partition(record.topic, record.partition): record.offset + 1 for record in found}
        return found

    def assignment(self) -> Collection[Partition]:
        return self.positions.keys()

    async def position(self, partition: Partition) -> int:
        return self.positions[partition]

    async def commit(self, offsets: Mapping[Partition, tuple[int, str]]) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.log.commits |= offsets

    async def end_offsets(self, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        return {partition: self.log.end(partition) for partition in partitions}

    def pause(self, *partitions: Partition) -> None:
        self.paused |= set(partitions)

    def resume(self, *partitions: Partition) -> None:
        self.paused -= set(partitions)
