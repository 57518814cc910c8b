"""What counts as a stall, and what does not."""

from collections.abc import Iterable, Mapping

from aiokafka.errors import KafkaConnectionError

from shared.runtime.kafka.records import Partition
from shared.runtime.kafka.watchdog import Watchdog
from tests.unit.runtime.kafka.fakes import FakeConsumer, FakeLog
from tests.unit.runtime.kafka.members import PARTITION


class Scene:
    """A consumer with one record to read, an executor that does nothing, and a clock."""

    def __init__(self) -> None:
        self.pending = 0
        self.last_activity = 0.0
        self.waiting_for_dependency = False
        self.unread = 0
        self.now = 0.0
        self.log = FakeLog()
        self.log.append(PARTITION, b"key")
        self.consumer = BreakableConsumer(self.log)
        self.consumer.assign([PARTITION])
        self.watchdog = Watchdog("group", self, consumer=lambda: self.consumer, clock=lambda: self.now)

    def unfinished(self, partition: Partition) -> int:
        return self.unread

    async def stalled_after(self, seconds: float) -> bool:
        for _ in range(int(seconds / 5)):
            self.now += 5
            stalled = (await self.watchdog.check()).stalled
        return stalled


class BreakableConsumer(FakeConsumer):
    """Loses Kafka when told to."""

    down = False

    async def end_offsets(self, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        if self.down:
            raise KafkaConnectionError
        return await super().end_offsets(partitions)


async def test_work_without_activity_for_a_minute_is_a_stall() -> None:
    scene = Scene()
    assert not await scene.stalled_after(55)
    assert await scene.stalled_after(5)


async def test_activity_puts_it_off() -> None:
    scene = Scene()
    await scene.stalled_after(55)
    scene.last_activity = scene.now
    assert not await scene.stalled_after(55)


async def test_nothing_to_do_is_no_stall() -> None:
    scene = Scene()
    scene.consumer.poll(1)
    assert not await scene.stalled_after(3600)
    assert scene.watchdog.progress().lag == 0


async def test_record_that_was_read_and_not_finished_is_work() -> None:
    scene = Scene()
    scene.consumer.poll(1)
    scene.unread = 1
    assert await scene.stalled_after(60)


async def test_time_with_a_dependency_down_does_not_count() -> None:
    scene = Scene()
    scene.waiting_for_dependency = True
    assert not await scene.stalled_after(3600)
    scene.waiting_for_dependency = False
    assert not await scene.stalled_after(55)
    assert await scene.stalled_after(5)


async def test_time_with_kafka_down_does_not_count() -> None:
    scene = Scene()
    scene.consumer.down = True
    assert not await scene.stalled_after(3600)
    assert scene.watchdog.progress().lag is None
    scene.consumer.down = False
    assert not await scene.stalled_after(55)
    assert await scene.stalled_after(5)
