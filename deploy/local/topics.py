"""Reading topics from the outside, as any other service could: without a group, changing nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]  # it ships no types
from aiokafka.errors import KafkaConnectionError  # type: ignore[import-untyped]  # it ships no types

from deploy.local.errors import StackError
from shared.runtime.kafka import Record

ANSWER_SECONDS = 10


@asynccontextmanager
async def reader(servers: str, topics: list[str], *, from_beginning: bool) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of all partitions of these topics, at their first record or behind their last."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=None, enable_auto_commit=False)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await consumer.start()
            consumer.assign(await _partitions(consumer, topics))
            await (consumer.seek_to_beginning() if from_beginning else consumer.seek_to_end())
        yield consumer
    except (KafkaConnectionError, TimeoutError) as failure:
        raise StackError(f"Kafka does not answer at {servers}: see `parley status`.") from failure
    finally:
        await consumer.stop()


async def stored_records(servers: str, topics: list[str]) -> list[Record]:
    """Every record these topics hold now, in the order of their times."""
    records: list[Record] = []
    async with reader(servers, topics, from_beginning=True) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records.extend(batch)
    return sorted(records, key=lambda record: record.timestamp)


async def _partitions(consumer: AIOKafkaConsumer, topics: list[str]) -> list[TopicPartition]:
    known = await consumer.topics()
    unknown = sorted(set(topics) - known)
    if unknown:
        raise StackError(f"There is no topic {unknown[0]}; there is: {', '.join(sorted(known)) or 'none'}.")
    return [
        TopicPartition(topic, number)
        for topic in topics
        for number in sorted(consumer.partitions_for_topic(topic) or ())
    ]
