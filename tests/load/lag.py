"""How far consumer groups are behind what was published, and waiting until none is."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.errors import StackError

POLL_SECONDS = 0.1
CATCH_UP = timedelta(seconds=20)


class Lag:
    """Looks at a broker's groups."""

    def __init__(self, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> None:
        self._admin = admin
        self._consumer = consumer

    async def by_group(self) -> dict[str, int]:
        """Records published and not committed, of every group."""
        groups = [group for group, _protocol in await self._admin.list_consumer_groups()]
        committed = {group: await self._admin.list_consumer_group_offsets(group) for group in groups}
        ends = await self._consumer.end_offsets({partition for offsets in committed.values() for partition in offsets})
        return {
            group: sum(max(ends[partition] - at.offset, 0) for partition, at in offsets.items())
            for group, offsets in committed.items()
        }


@asynccontextmanager
async def looking(servers: str) -> AsyncIterator[Lag]:
    """A look at the groups of these bootstrap servers."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=None, enable_auto_commit=False)
    try:
        await admin.start()
        await consumer.start()
        yield Lag(admin, consumer)
    finally:
        await consumer.stop()
        await admin.close()


def await_consumers(servers: str) -> float:
    """Seconds until every group had committed all there is; StackError if that takes too long."""
    return asyncio.run(_catch_up(servers))


async def _catch_up(servers: str) -> float:
    began = time.monotonic()
    async with looking(servers) as lag:
        while time.monotonic() - began < CATCH_UP.total_seconds():
            if not any((await lag.by_group()).values()):
                return time.monotonic() - began
            await asyncio.sleep(POLL_SECONDS)
    raise StackError(f"The consumer groups are still behind {CATCH_UP.total_seconds():.0f} s after the last answer.")
