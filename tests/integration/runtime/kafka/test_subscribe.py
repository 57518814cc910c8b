"""The delivery policy on a real broker, one process."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from shared.errors import Reject, Retry
from shared.events.envelope import Envelope
from shared.events.topics import dead_topic
from shared.runtime.kafka import Handler, Subscription, deadletters, header
from shared.runtime.kafka.attempts import NoAttempts
from shared.runtime.kafka.epochs import EpochOpener
from shared.runtime.kafka.offsets import SPAN, decode_finished, encode_finished
from shared.runtime.kafka.records import Partition
from tests.integration.runtime.kafka.conftest import NewBus, NewTopic
from tests.integration.runtime.kafka.events import Counted, counted, on_topic
from tests.integration.runtime.kafka.reading import everything_on, unfinished
from tests.integration.runtime.kafka.waiting import until
from tests.support.servers import Servers


class Service:
    """Handles what it is given, except numbers it was told to refuse."""

    def __init__(self) -> None:
        self.handled: list[tuple[str, int]] = []
        self.told: list[int] = []
        self.tries = 0
        self.errors: dict[int, Exception] = {}

    async def on_counted(self, event: Counted) -> None:
        if event.number in self.errors:
            self.tries += 1
            raise self.errors[event.number]
        self.handled.append((event.key, event.number))

    async def on_exhausted(self, event: Counted, error: Exception) -> None:
        self.told.append(event.number)

    def subscription(self, topic: str, group: str = "", *, batch: bool = False) -> Subscription:
        handler = Handler(Counted, self.on_counted, exhausted=self.on_exhausted)
        return Subscription((topic,), group or f"group-{uuid4().hex}", (handler,), batch=batch)


@pytest.mark.parametrize("batch", [False, True], ids=["record-at-a-time", "batch"])
async def test_each_key_in_order_and_everything_committed_on_stop(
    new_bus: NewBus, new_topic: NewTopic, servers: Servers, *, batch: bool
) -> None:
    topic, service, bus = await new_topic(), Service(), new_bus()
    subscription = service.subscription(topic, batch=batch)
    bus.subscribe(subscription)
    await bus.start()
    await bus.publish_all(on_topic(topic, counted(number, session=number % 20)) for number in range(600))
    await until(lambda: len(service.handled) == 600)
    for key in {key for key, _ in service.handled}:
        numbers = [number for other, number in service.handled if other == key]
        assert numbers == sorted(numbers)
    await bus.stop()
    assert await unfinished(servers.kafka, subscription.group, topic) == 0


async def test_event_published_twice_is_handled_twice_in_order(new_bus: NewBus, new_topic: NewTopic) -> None:
    topic, service, bus = await new_topic(), Service(), new_bus()
    bus.subscribe(service.subscription(topic))
    await bus.start()
    first, second = on_topic(topic, counted(1)), on_topic(topic, counted(2))
    await bus.publish_all((first, first, second))
    await until(lambda: len(service.handled) == 3)
    assert [number for _, number in service.handled] == [1, 1, 2]


def poison(topic: str) -> dict[str, Envelope]:
    good = on_topic(topic, counted(0))
    typed = tuple((name, value) for name, value in good.headers if name != "ce_type")
    return {
        "no JSON": replace(good, value=b"\x00{"),
        "empty": replace(good, value=b""),
        "another shape": replace(good, value=b'{"number": "many"}'),
        "newer version": replace(good, headers=(*typed, ("ce_type", b"test.counted.v2"))),
        "no type": replace(good, headers=typed),
        "headers that are no text": replace(good, headers=(("\N{SNOWMAN}", b"\xff\xfe"), ("ce_type", b"\xff"))),
    }


async def test_poison_is_buried_and_its_key_goes_on(new_bus: NewBus, new_topic: NewTopic, servers: Servers) -> None:
    topic, service, bus = await new_topic(), Service(), new_bus()
    subscription = service.subscription(topic)
    bus.subscribe(subscription)
    await bus.start()
    bad = poison(topic)
    await bus.publish_all((*bad.values(), on_topic(topic, counted(1))))
    await until(lambda: service.handled)
    await bus.stop()
    letters = await everything_on(servers.kafka, dead_topic(topic))
    assert [letter.value for letter in letters] == [envelope.value for envelope in bad.values()]
    assert {header(letter, deadletters.REASON) for letter in letters} == {deadletters.REJECTED}
    assert await unfinished(servers.kafka, subscription.group, topic) == 0


async def test_revived_dead_letter_is_handled(new_bus: NewBus, new_topic: NewTopic, servers: Servers) -> None:
    topic, service, bus = await new_topic(), Service(), new_bus()
    service.errors[1] = Reject("not today")
    bus.subscribe(service.subscription(topic))
    await bus.start()
    await bus.publish_all((on_topic(topic, counted(1)), on_topic(topic, counted(2))))
    await until(lambda: service.handled)
    (letter,) = await everything_on(servers.kafka, dead_topic(topic))
    service.errors.clear()
    await bus.publish(deadletters.revive(letter))
    await until(lambda: len(service.handled) == 2)
    assert [number for _, number in service.handled] == [2, 1]


async def test_megabyte_is_handled_or_buried_like_any_other(
    new_bus: NewBus, new_topic: NewTopic, servers: Servers
) -> None:
    topic, service, bus = await new_topic(), Service(), new_bus()
    service.errors[2] = Reject("too much")
    bus.subscribe(service.subscription(topic))
    await bus.start()
    big = "x" * (1024 * 1024 - 2048)
    await bus.publish_all([on_topic(topic, counted(number, padding=big)) for number in (1, 2, 3)])
    await until(lambda: len(service.handled) == 2)
    (letter,) = await everything_on(servers.kafka, dead_topic(topic))
    assert Counted.model_validate_json(letter.value or b"").padding == big


async def test_record_that_always_fails_is_exhausted_after_five_attempts(
    new_bus: NewBus, new_topic: NewTopic, servers: Servers
) -> None:
    topic, service, bus = await new_topic(), Service(), new_bus()
    service.errors[1] = Retry("no")
    bus.subscribe(service.subscription(topic))
    await bus.start()
    await bus.publish_all((on_topic(topic, counted(1)), on_topic(topic, counted(2))))
    await until(lambda: service.handled)
    assert service.tries == 5
    assert service.told == [1]
    (letter,) = await everything_on(servers.kafka, dead_topic(topic))
    assert header(letter, deadletters.REASON) == deadletters.EXHAUSTED
    assert header(letter, deadletters.ATTEMPTS) == "5"


async def test_fullest_metadata_survives_the_broker(new_topic: NewTopic, servers: Servers) -> None:
    partition, group = Partition(await new_topic(1), 0), f"group-{uuid4().hex}"
    finished = set(range(1, SPAN, 2)) | {SPAN - 1}
    consumer = AIOKafkaConsumer(bootstrap_servers=servers.kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([partition])
    await consumer.commit({partition: (0, encode_finished(0, finished))})
    await consumer.stop()

    opener = EpochOpener(servers.kafka, group=group, consumer=lambda: None, attempts=NoAttempts())
    epoch = (await opener([partition]))[partition]

    assert epoch.committed is not None
    offset, metadata = epoch.committed
    assert decode_finished(offset, metadata) == finished


async def test_successor_repeats_nothing_that_was_finished_out_of_order(new_bus: NewBus, new_topic: NewTopic) -> None:
    topic, group = await new_topic(1), f"group-{uuid4().hex}"
    first, second = Service(), Service()
    stuck = asyncio.Event()

    async def hang_on_first(event: Counted) -> None:
        if event.number == 0:
            await stuck.wait()
        await first.on_counted(event)

    bus = new_bus()
    handler = Handler(Counted, hang_on_first)
    subscription = replace(first.subscription(topic, group), handlers=(handler,), drain=timedelta(milliseconds=100))
    bus.subscribe(subscription)
    await bus.start()
    await bus.publish_all(on_topic(topic, counted(number, session=number)) for number in range(50))
    await until(lambda: len(first.handled) == 49)
    await bus.stop()
    heir = new_bus()
    heir.subscribe(second.subscription(topic, group))
    await heir.start()
    await until(lambda: second.handled)
    await heir.publish(on_topic(topic, counted(50, session=50)))
    await until(lambda: len(second.handled) == 2)
    assert [number for _, number in second.handled] == [0, 50]
