"""Reading topics from the outside, as any other service could: without a group, changing nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError

from deploy.local.errors import StackError
from shared.runtime.kafka import Record

ANSWER_SECONDS = 10


@asynccontextmanager
async def reader(servers: str, topics: Sequence[str], *, from_beginning: bool) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of all partitions of these topics, at their first record or behind their last."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            consumer = await _connected(servers, topics, "earliest" if from_beginning else "latest")
    except (KafkaConnectionError, TimeoutError) as failure:
        raise StackError(f"Kafka does not answer at {servers}: see `parley status`.") from failure
    try:
        yield consumer
    finally:
        await consumer.stop()


async def stored_records(servers: str, topics: Sequence[str]) -> list[Record]:
    """Every record these topics hold now, in the order of their times."""
    records: list[Record] = []
    async with reader(servers, topics, from_beginning=True) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records.extend(batch)
    return sorted(records, key=lambda record: record.timestamp)


async def _connected(servers: str, topics: Sequence[str], reset: str) -> AIOKafkaConsumer:
    # First, because a consumer of an unknown topic waits for it in vain.
    await _refuse_unknown(servers, topics)
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=servers, group_id=None, auto_offset_reset=reset)
    try:
        await consumer.start()
    except BaseException:
        await consumer.stop()
        raise
    return consumer


async def _refuse_unknown(servers: str, topics: Sequence[str]) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=None)
    try:
        await consumer.start()
        known: set[str] = await consumer.topics()
    finally:
        await consumer.stop()
    unknown = sorted(set(topics) - known)
    if unknown:
        raise StackError(f"There is no topic {unknown[0]}; there is: {', '.join(sorted(known)) or 'none'}.")
