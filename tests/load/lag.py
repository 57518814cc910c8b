"""Waits until every consumer group has worked through what was published."""

import asyncio
import time
from datetime import timedelta

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

POLL_SECONDS = 0.1


async def catch_up(servers: str, within: timedelta) -> float | None:
    """Seconds until all groups had committed all there is; None if that took too long."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=None, enable_auto_commit=False)
    began = time.monotonic()
    try:
        await admin.start()
        await consumer.start()
        groups = [group for group, _protocol in await admin.list_consumer_groups()]
        while time.monotonic() - began < within.total_seconds():
            if not await _behind(admin, consumer, groups):
                return time.monotonic() - began
            await asyncio.sleep(POLL_SECONDS)
        return None
    finally:
        await consumer.stop()
        await admin.close()


async def _behind(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, groups: list[str]) -> bool:
    committed = [await admin.list_consumer_group_offsets(group) for group in groups]
    ends = await consumer.end_offsets({partition for offsets in committed for partition in offsets})
    return any(at.offset < ends[partition] for offsets in committed for partition, at in offsets.items())
