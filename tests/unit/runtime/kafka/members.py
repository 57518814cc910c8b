"""An executor with everything around it in memory, whose handlers end when the test says so."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from shared.events.envelope import Envelope
from shared.runtime.kafka.deadletters import SOURCE_OFFSET, SOURCE_PARTITION, SOURCE_TOPIC
from shared.runtime.kafka.delivery import Delivery
from shared.runtime.kafka.executor import KeyedExecutor, Limits, Ports
from shared.runtime.kafka.metrics import Metrics
from shared.runtime.kafka.offsets import UNKNOWN, Tracker
from shared.runtime.kafka.policy import Backoff, Policy
from shared.runtime.kafka.quarantine import Quarantine
from shared.runtime.kafka.records import Partition, Record
from shared.runtime.kafka.subscription import by_partition_and_key
from shared.runtime.kafka.work import Epoch
from tests.unit.runtime.kafka.fakes import FakeConsumer, FakeLog

AT_ONCE = Policy(retry=Backoff(timedelta()), outage=Backoff(timedelta()))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryAttempts:
    """Counts that outlive a member, like Redis does."""

    def __init__(self) -> None:
        self.starts: dict[tuple[Partition, int], int] = {}
        self.writes = 0

    async def load(self, group: str, committed: Mapping[Partition, int]) -> Mapping[Partition, Mapping[int, int]]:
        return {
            partition: {offset: count for (place, offset), count in self.starts.items() if place == partition}
            for partition in committed
        }

    async def save(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        self.note(group, partition, offset, starts)

    def note(self, group: str, partition: Partition, offset: int, starts: int) -> None:
        self.writes += 1
        self.starts[partition, offset] = starts
        if not starts:
            del self.starts[partition, offset]

    async def flush(self) -> None:
        pass


class ManualRoute:
    """Handlers that run until the test ends them."""

    timeout_seconds = 60.0

    def __init__(self) -> None:
        self.running: dict[tuple[Partition, int], asyncio.Future[None]] = {}
        self.started: list[tuple[Partition, bytes | None, int]] = []
        self.told: list[tuple[int, str]] = []

    @property
    def batch(self) -> "SharedRoute | None":
        return None

    async def handle(self, record: Record) -> None:
        place = (Partition(record.topic, record.partition), record.offset)
        self.started.append((place[0], record.key, record.offset))
        self.running[place] = asyncio.get_running_loop().create_future()
        try:
            await self.running[place]
        finally:
            del self.running[place]

    async def exhausted(self, record: Record, error: Exception) -> None:
        self.told.append((record.offset, type(error).__name__))

    def end(self, place: tuple[Partition, int], error: Exception | None = None) -> None:
        future = self.running[place]
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


class SharedRoute(ManualRoute):
    """Records share a call, which runs until the test ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[int]] = []
        self.call: asyncio.Future[None] | None = None

    @property
    def batch(self) -> "SharedRoute":
        return self

    async def handle_all(self, records: Sequence[Record]) -> None:
        self.calls.append([record.offset for record in records])
        self.call = asyncio.get_running_loop().create_future()
        try:
            await self.call
        finally:
            self.call = None

    def end_call(self, error: Exception | None = None) -> None:
        assert self.call is not None
        if error is None:
            self.call.set_result(None)
        else:
            self.call.set_exception(error)


class Graveyard:
    """Takes dead letters, or refuses them."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.refuse: Exception | None = None

    async def publish(self, envelope: Envelope) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.letters.append(envelope)

    @property
    def offsets(self) -> set[int]:
        return {offset for _, offset in self.places}

    @property
    def places(self) -> "set[tuple[Partition, int]]":
        """Where the buried records lie."""
        return {
            (
                Partition(_told(letter, SOURCE_TOPIC), int(_told(letter, SOURCE_PARTITION))),
                int(_told(letter, SOURCE_OFFSET)),
            )
            for letter in self.letters
        }


def _told(letter: Envelope, header: str) -> str:
    value = letter.header(header)
    assert value is not None
    return value


class Member:
    """One process's part in a group."""

    def __init__(
        self,
        log: FakeLog,
        *,
        attempts: MemoryAttempts | None = None,
        concurrency: int = 8,
        pending: int = 100,
        drain: timedelta = timedelta(),
        quarantine: Quarantine | None = None,
        route: ManualRoute | None = None,
        select: Callable[[Record], ManualRoute] | None = None,
    ) -> None:
        self.log = log
        self.consumer = FakeConsumer(log)
        self.route = route or ManualRoute()
        self.graveyard = Graveyard()
        self.attempts = attempts or MemoryAttempts()
        self.now = 0.0
        self.failures: list[BaseException] = []
        self.metrics = Metrics(CollectorRegistry()).of("group")
        self.delivery = Delivery(
            "group",
            publish=self.graveyard.publish,
            attempts=self.attempts,
            policy=AT_ONCE,
            metrics=self.metrics,
            now=lambda: NOW,
        )
        self.executor = KeyedExecutor(
            Ports(
                lambda: self.consumer,
                select or (lambda _: self.route),
                self.delivery.run,
                self.delivery.run_together,
                self.open,
                by_partition_and_key,
                self.failures.append,
                lambda: self.now,
            ),
            limits=Limits(concurrency, pending, drain),
            policy=AT_ONCE,
            quarantine=quarantine or Quarantine(),
            metrics=self.metrics,
        )

    async def open(self, partitions: Iterable[Partition]) -> Mapping[Partition, Epoch]:
        return {partition: await self._epoch(partition) for partition in partitions}

    async def _epoch(self, partition: Partition) -> Epoch:
        committed, metadata = self.log.commits.get(partition, (UNKNOWN, ""))
        return Epoch(
            partition,
            Tracker(committed, metadata),
            replayed_below=self.log.end(partition),
            starts=dict((await self.attempts.load("group", {partition: committed}))[partition]),
        )

    async def join(self, *partitions: Partition) -> None:
        self.consumer.assign(partitions)
        await self.executor.assigned(partitions)

    async def read(self, count: int = 100) -> list[Record]:
        records = self.consumer.poll(count)
        if records:
            await self.executor.accept(records)
        await settled()
        return records

    async def end(self, offset: int, error: Exception | None = None, partition: Partition | None = None) -> None:
        self.route.end((partition or PARTITION, offset), error)
        await settled()

    @property
    def running(self) -> list[int]:
        return [offset for _, offset in self.route.running]


PARTITION = Partition("topic", 0)


async def settled() -> None:
    """Let every task and due timer run; nothing here takes time, so a few rounds are enough."""
    for _ in range(20):
        await asyncio.sleep(0)
