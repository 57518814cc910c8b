"""Redis by use: a client whose commands fail fast and are never repeated, and connections for much at once."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hiredis import pack_command
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from shared.errors import Unavailable

Command = tuple[str | bytes | int, ...]


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


class PipelinedConnection:
    """One connection, for one task at a time: commands go out together, and answers come as Redis wrote them.

    What a client does around each command and answer, pools, retries, observers and time-outs, costs more than they do.
    """

    def __init__(self, url: str) -> None:
        pool = ConnectionPool.from_url(
            url,
            protocol=3,
            socket_timeout=None,
            socket_connect_timeout=1.0,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py

    async def run(self, commands: Sequence[Command], *, within_seconds: float) -> list[Any]:
        """An answer for each command, in order; to one that Redis refused, its `ResponseError`.

        Raises `Unavailable`: what became of the commands is unknown then, and the next run connects anew.
        """
        with redis_errors():
            async with asyncio.timeout(within_seconds):
                await self._connect()
                await self._connection.send_packed_command([_packed(command) for command in commands])
                return [await self._answer() for _ in commands]

    async def close(self) -> None:
        """Hang up; another run would connect again."""
        await self._connection.disconnect()

    async def _connect(self) -> None:
        if self._connection.is_connected and await self._connection.can_read():
            # Nothing was asked, so this is the end of the connection.
            await self._connection.disconnect()
        await self._connection.connect_check_health(check_health=False)

    async def _answer(self) -> Any:
        try:
            return await self._connection.read_response()
        except ResponseError as error:
            return error


def _packed(command: Command) -> bytes:
    packed: bytes = pack_command(command)  # type: ignore[arg-type]  # the stub means commands of one word
    return packed


@contextmanager
def redis_errors() -> Iterator[None]:
    """Turns whatever redis-py raises when the server is away into `Unavailable`."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable(f"Redis: {type(error).__name__}: {error}") from error
