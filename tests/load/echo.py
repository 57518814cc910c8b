"""The least that two hops over Kafka cost: a process that sends every record of one topic on to another."""

import asyncio
from contextlib import AsyncExitStack

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.topics import TURNS

PING, PONG = "bench.ping", "bench.pong"
PARTITIONS = TURNS.local_partitions
RECORD_BYTES = 800
"""About what a submitted turn has."""
READY = "echoing"
MOST_RECORDS = 500
LONG_POLL_MS = 50
MAX_BATCH_BYTES = 512 * 1024


class EchoSettings(BaseSettings):
    """Where Kafka is."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True)

    kafka: str


async def producing(servers: str, stack: AsyncExitStack) -> AIOKafkaProducer:
    """A producer with the platform's own settings."""
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=False,
        linger_ms=0,
        max_batch_size=MAX_BATCH_BYTES,
    )
    await producer.start()
    stack.push_async_callback(producer.stop)
    return producer


async def consuming(servers: str, topic: str, stack: AsyncExitStack) -> AIOKafkaConsumer:
    """A consumer of a whole topic from its end, with the platform's own settings."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, group_id=None, enable_auto_commit=False, fetch_max_wait_ms=LONG_POLL_MS
    )
    await consumer.start()
    stack.push_async_callback(consumer.stop)
    consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
    await consumer.seek_to_end()
    for partition in consumer.assignment():
        await consumer.position(partition)
    return consumer


async def echo(servers: str) -> None:
    """Sends on until it is stopped."""
    async with AsyncExitStack() as stack:
        producer = await producing(servers, stack)
        consumer = await consuming(servers, PING, stack)
        print(READY, flush=True)  # noqa: T201 (the bench reads it)
        sent: list[asyncio.Future[object]] = []
        while True:
            for records in (await consumer.getmany(timeout_ms=1000, max_records=MOST_RECORDS)).values():
                sent += [await producer.send(PONG, key=each.key, value=each.value) for each in records]
            sent = [each for each in sent if not (each.done() and each.result())]


if __name__ == "__main__":
    uvloop.run(echo(EchoSettings().kafka))
