"""Redis clients by use: commands fail fast and are never repeated, blocking reads have a connection of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from shared.errors import Unavailable


def command_client(url: str, *, connections: int = 64) -> Redis:
    """For commands and scripts: a second at most, no retries, since a repeated increment counts twice."""
    return Redis.from_url(
        url,
        socket_timeout=1.0,
        socket_connect_timeout=1.0,
        max_connections=connections,
        retry=Retry(NoBackoff(), 0),
        decode_responses=False,
    )


def blocking_client(url: str) -> Redis:
    """For XREAD with BLOCK: a socket time-out would cut the wait short, so there is none."""
    return Redis.from_url(
        url,
        socket_timeout=None,
        socket_connect_timeout=1.0,
        socket_keepalive=True,
        max_connections=2,
        retry=Retry(NoBackoff(), 0),
        decode_responses=False,
    )


@contextmanager
def redis_errors() -> Iterator[None]:
    """Turns whatever redis-py raises when the server is away into `Unavailable`."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable(f"Redis: {type(error).__name__}: {error}") from error
