"""Faults that come over Kafka: records again and in any order, records nobody can read, members that come and go."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from shared.events.envelope import TYPE_HEADER
from shared.events.replies import TurnCompleted
from shared.events.signals import SignalsObserved
from shared.events.topics import REPLIES, SIGNALS, TOPICS, TURNS
from shared.events.turns import TurnSubmitted
from tests.faults.checker.dumping import GROUPS
from tests.faults.rig.fault import Fault, Scene
from tests.faults.rig.person import Ask, Person
from tests.faults.rig.stand import AGENTS

_MOST_RECORDS: Final = 3000
"""Of each topic, the newest."""


def republished() -> Fault:
    """The records of every topic once or twice more, shuffled, byte for byte."""

    async def inject(scene: Scene) -> None:
        records = [record for topic in TOPICS for record in await _records(scene, topic.name) if _is_of_someone(record)]
        again = [record for record in records for _ in range(scene.random.randint(1, 2))]
        scene.random.shuffle(again)
        async with _producer(scene) as producer:
            for record in again:
                await producer.send(record.topic, record.value, record.key, headers=list(record.headers))
            await producer.flush()

    return Fault("republished, shuffled", "all topics", inject, frozenset({"kafka"}))


def unreadable() -> Fault:
    """Records that no version of a service can read, on every topic that services read."""

    async def inject(scene: Scene) -> None:
        async with _producer(scene) as producer:
            for topic, kind in ((TURNS, TurnSubmitted), (REPLIES, TurnCompleted), (SIGNALS, SignalsObserved)):
                unknown = kind.type.replace(".v1", ".v99")
                for what, body in ((kind.type, b"{not json"), (unknown, b"{}"), (kind.type, _large())):
                    with scene.recorder.fault("poison", topic.name, detail=f"{what}, {len(body)} bytes"):
                        await producer.send_and_wait(
                            topic.name, body, uuid4().hex.encode(), headers=[(TYPE_HEADER, what.encode())]
                        )

    return Fault("bad JSON, unknown version, 1 MB", "turns, replies, signals", inject, frozenset({"kafka"}))


def asked(words: str) -> Fault:
    """Somebody asks for something that nobody survives, and it fails for all to see; their session goes on."""

    async def inject(scene: Scene) -> None:
        person = Person(f"{uuid4().hex}.victim", scene.stand.gateways, scene.recorder, scene.random)
        try:
            session = await person.open()
            for number, text in enumerate(("recall before", words, "recall after")):
                ask = Ask(str(session), text, "look", key=f"{number}")
                await person.submit(ask)
                await person.follow(ask)
        finally:
            await person.close()

    return Fault(f'told to "{words}"', "agents", inject, frozenset(AGENTS))


def rebalancing(seconds: float) -> Fault:
    """Members join every group and leave again, all the time."""

    async def inject(scene: Scene) -> None:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            async with asyncio.TaskGroup() as visitors:
                for group in GROUPS:
                    visitors.create_task(_visit(scene, group, scene.random.uniform(0.2, 0.8)))

    return Fault(f"rebalance storm for {seconds:g} s", "all groups", inject, frozenset({"kafka"}))


async def _visit(scene: Scene, group: str, seconds: float) -> None:
    visitor = AIOKafkaConsumer(
        *GROUPS[group],
        bootstrap_servers=scene.stand.addresses.kafka,
        group_id=group,
        enable_auto_commit=False,
        partition_assignment_strategy=(RangePartitionAssignor,),
    )
    # Joining waits for the other members, each of which first finishes what it does.
    await visitor.start()
    try:
        await asyncio.sleep(seconds)
    finally:
        await visitor.stop()


async def _records(scene: Scene, topic: str) -> list[Any]:
    """The newest records of a topic."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=scene.stand.addresses.kafka, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        records: list[Any] = []
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records += batch
        return sorted(records, key=lambda record: record.timestamp)[-_MOST_RECORDS:]
    finally:
        await consumer.stop()


@asynccontextmanager
async def _producer(scene: Scene) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=scene.stand.addresses.kafka, acks="all", max_request_size=2 * 1024 * 1024
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def _is_of_someone(record: Any) -> bool:
    """Whether it is an event of somebody, not one of our unreadable records: those are given up again each time."""
    return record.key is not None and b":" in record.key


def _large() -> bytes:
    return b'{"input":{"type":"text","text":"' + b"x" * 1_000_000 + b'"}}'
