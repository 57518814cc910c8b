"""Looks for words everywhere they could be kept: every column of every table, every key and value of Redis."""

import asyncpg
from redis.asyncio import Redis

from tests.support.servers import Servers

_TABLES = """
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
order by 1
"""


async def hits(servers: Servers, *canaries: str) -> dict[str, int]:
    """How many rows of each table, and keys of Redis, have one of these words in them; those with none are left out."""
    return {
        place: count
        for place, count in {**await _rows(servers, canaries), **await _keys(servers, canaries)}.items()
        if count
    }


async def keys(servers: Servers) -> list[str]:
    """Every key of Redis."""
    async with Redis.from_url(servers.redis) as redis:
        return sorted([key.decode() async for key in redis.scan_iter(count=1000)])


async def _rows(servers: Servers, canaries: tuple[str, ...]) -> dict[str, int]:
    """Bytes are shown as hexadecimal digits, so the words are looked for in that form too."""
    wanted = [f"%{form}%" for word in canaries for form in (word, word.encode().hex())]
    connection = await asyncpg.connect(servers.postgres)
    try:
        names = [row["name"] for row in await connection.fetch(_TABLES)]
        return {
            name: await connection.fetchval(f"select count(*) from {name} as t where t::text like any($1)", wanted)  # noqa: S608
            for name in names
        }
    finally:
        await connection.close()


async def _keys(servers: Servers, canaries: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    async with Redis.from_url(servers.redis) as redis:
        async for key in redis.scan_iter(count=1000):
            content = key + await _content(redis, key)
            if any(word.encode() in content for word in canaries):
                found[key.decode()] = 1
    return found


async def _content(redis: Redis, key: bytes) -> bytes:
    match await redis.type(key):
        case b"string":
            return repr(await redis.get(key)).encode()
        case b"stream":
            return repr(await redis.xrange(key)).encode()
        case b"zset":
            return repr(await redis.zrange(key, 0, -1)).encode()
        case b"hash":
            return repr(await redis.hgetall(key)).encode()
        case b"none":
            return b""
        case kind:
            raise AssertionError(f"{key!r} is a {kind!r}: nobody looks into those yet")
