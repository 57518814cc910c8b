"""What is in a topic and in a group's commits, read beside the runtime."""

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from shared.runtime.kafka import Record


async def everything_on(kafka: str, topic: str) -> list[Record]:
    """All records of a topic, by partition and offset."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        records: list[Record] = []
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for some in (await consumer.getmany(timeout_ms=200)).values():
                records += some
        return sorted(records, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


async def unfinished(kafka: str, group: str, topic: str) -> int:
    """How many records of a topic the group has not committed."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
    finally:
        await consumer.stop()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        commits = await admin.list_consumer_group_offsets(group)
    finally:
        await admin.close()
    return sum(end - (commits[partition].offset if partition in commits else 0) for partition, end in ends.items())
