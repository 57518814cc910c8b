"""What publishers, members and readers do when their broker or Redis goes away."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.errors import Unavailable
from shared.runtime.kafka import Bus, Handler, Record, Subscription, UnpublishableError
from tests.integration.runtime.kafka.broker import FragileBroker, fragile_broker
from tests.integration.runtime.kafka.conftest import NewBus, NewTopic
from tests.integration.runtime.kafka.events import Counted, counted, on_topic
from tests.integration.runtime.kafka.waiting import until


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileBroker]:
    with fragile_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


class Consumers:
    """A group and a reader of the same topic."""

    def __init__(self, bus: Bus, topic: str) -> None:
        self.handled: list[int] = []
        self.read: list[int] = []
        self.subscription = Subscription((topic,), f"group-{uuid4().hex}", (Handler(Counted, self.on_counted),))
        bus.subscribe(self.subscription)
        bus.read_all(topic, self.on_record)

    async def on_counted(self, event: Counted) -> None:
        self.handled.append(event.number)

    def on_record(self, record: Record) -> None:
        self.read.append(Counted.model_validate_json(record.value or b"").number)


async def test_everything_acknowledged_survives_a_killed_broker(
    broker: FragileBroker, new_bus: NewBus, new_topic: NewTopic
) -> None:
    topic, bus = await new_topic(3, kafka=broker.url), new_bus(kafka=broker.url)
    consumers = Consumers(bus, topic)
    await bus.start()
    publishing = asyncio.create_task(publish_insistently(bus, topic, 300))
    await until(lambda: len(consumers.handled) > 50)
    broker.kill()
    with pytest.raises(Unavailable):
        await bus.publish(on_topic(topic, counted(-1)), within=timedelta(milliseconds=500))
    assert not bus.health().ready
    await broker.start_again()
    await publishing
    await until(lambda: set(range(300)) <= set(consumers.handled), seconds=40)
    await until(lambda: set(range(300)) <= set(consumers.read))
    first_times = list(dict.fromkeys(number for number in consumers.handled if number >= 0))
    assert first_times == sorted(first_times)
    assert bus.health().ready
    assert bus.health().alive


async def publish_insistently(bus: Bus, topic: str, count: int) -> None:
    for number in range(count):
        await bus.publish(on_topic(topic, counted(number)), within=timedelta(seconds=30), insist=True)
        await asyncio.sleep(0.01)


async def test_reader_begins_where_the_topic_ends(broker: FragileBroker, new_bus: NewBus, new_topic: NewTopic) -> None:
    topic, publisher, reader = (
        await new_topic(3, kafka=broker.url),
        new_bus(kafka=broker.url),
        new_bus(kafka=broker.url),
    )
    await publisher.start()
    await publisher.publish_all(on_topic(topic, counted(number, session=number)) for number in range(30))
    numbers: list[int] = []

    async def on_record(record: Record) -> None:
        numbers.append(Counted.model_validate_json(record.value or b"").number)
        if len(numbers) == 1:
            raise ZeroDivisionError

    reader.read_all(topic, on_record)
    await reader.start()
    await publisher.publish_all(on_topic(topic, counted(number, session=number)) for number in range(30, 60))
    await until(lambda: len(numbers) == 30)
    assert sorted(numbers) == list(range(30, 60))


async def test_start_without_kafka_says_so(new_bus: NewBus) -> None:
    bus = new_bus(kafka="127.0.0.1:1")
    with pytest.raises(Unavailable, match=r"no Kafka at 127\.0\.0\.1:1"):
        await bus.start()


async def test_record_that_kafka_never_takes_is_no_outage(
    broker: FragileBroker, new_bus: NewBus, new_topic: NewTopic
) -> None:
    topic, bus = await new_topic(3, kafka=broker.url), new_bus(kafka=broker.url)
    await bus.start()
    for padding in (1024 * 1024, 3 * 1024 * 1024):
        with pytest.raises(UnpublishableError):
            await bus.publish(on_topic(topic, counted(1, padding="x" * padding)), insist=True)
    assert bus.health().ready


async def test_subscription_to_a_topic_that_is_missing_says_which(broker: FragileBroker, new_bus: NewBus) -> None:
    bus = new_bus(kafka=broker.url)
    Consumers(bus, "test.of-nobody")
    with pytest.raises(Unavailable, match=r"test\.of-nobody"):
        await bus.start()


async def test_a_member_stops_in_time_although_its_broker_is_gone(
    broker: FragileBroker, new_bus: NewBus, new_topic: NewTopic
) -> None:
    topic, bus = await new_topic(3, kafka=broker.url), new_bus(kafka=broker.url)
    Consumers(bus, topic)
    await bus.start()
    broker.kill()
    async with asyncio.timeout(30):
        await bus.stop()
