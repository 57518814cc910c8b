"""What could leak, looked at every few seconds: memory, descriptors, connections, lag, Redis and tables."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import psutil
from pydantic import BaseModel
from redis.asyncio import Redis

from deploy.local.servers import ServerUrls
from tests.load.lag import Lag, looking
from tests.load.usage import MEBIBYTE, family, memory_mebibytes

# A partition counts with the table it belongs to; what came with Postgres itself does not count.
SIZES = """
select format('%I.%I', space.nspname, root.relname) as name, sum(pg_table_size(part.oid)) as rows,
       sum(pg_indexes_size(part.oid)) as indexes
from pg_class part
join pg_class root on root.oid = coalesce(pg_partition_root(part.oid), part.oid)
join pg_namespace space on space.oid = root.relnamespace
where part.relkind = 'r' and space.nspname not in ('pg_catalog', 'information_schema') and space.nspname !~ '^pg_'
group by 1
"""

Figures = dict[str, float]


class Sample(BaseModel):
    """Everything at one moment."""

    seconds: float
    """Since the load began."""
    memory: Figures
    """MiB by process; what its children share is counted once."""
    descriptors: Figures
    connections: Figures
    """TCP connections, open or waiting to be closed."""
    lag: Figures
    """Records by consumer group."""
    redis_keys: Figures
    redis_memory: Figures
    """MiB."""
    tables: Figures
    """MiB of rows."""
    indexes: Figures
    """MiB."""


class Sampler:
    """Looks at one stack, on connections of its own that are part of what it counts."""

    def __init__(self, processes: Mapping[str, int], lag: Lag, postgres: asyncpg.Connection, redis: Redis) -> None:
        self._processes = processes
        self._lag = lag
        self._postgres = postgres
        self._redis = redis
        self._began = time.monotonic()

    async def sample(self) -> Sample:
        """Now."""
        lag = await self._lag.by_group()
        sizes = await self._postgres.fetch(SIZES)
        keys, memory = await self._redis.dbsize(), await self._redis.info("memory")
        processes = await asyncio.to_thread(self._of_processes)
        return Sample(
            seconds=time.monotonic() - self._began,
            lag={group: float(records) for group, records in lag.items()},
            redis_keys={"all": float(keys)},
            redis_memory={"used": memory["used_memory"] / MEBIBYTE},
            tables={row["name"]: float(row["rows"]) / MEBIBYTE for row in sizes},
            indexes={row["name"]: float(row["indexes"]) / MEBIBYTE for row in sizes},
            **processes,
        )

    def _of_processes(self) -> dict[str, Figures]:
        owners = {member.pid: name for name, pid in self._processes.items() for member in family(pid)}
        connections = Counter(owners.get(each.pid or 0) for each in psutil.net_connections(kind="tcp"))
        return {
            "memory": {name: memory_mebibytes(pid) for name, pid in self._processes.items()},
            "descriptors": {name: float(_descriptors(pid)) for name, pid in self._processes.items()},
            "connections": {name: float(connections[name]) for name in self._processes},
        }


@asynccontextmanager
async def sampling(processes: Mapping[str, int], urls: ServerUrls) -> AsyncIterator[Sampler]:
    """Connects to everything that is looked at."""
    postgres = await asyncpg.connect(urls.postgres)
    try:
        async with looking(urls.kafka) as lag, Redis.from_url(urls.redis) as redis:
            yield Sampler(processes, lag, postgres, redis)
    finally:
        await postgres.close()


def _descriptors(pid: int) -> int:
    total = 0
    for member in family(pid):
        try:
            total += member.num_fds()
        except psutil.NoSuchProcess:  # a server's worker that has just ended
            continue
    return total
