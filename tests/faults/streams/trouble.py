"""What goes wrong while streams are read."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from random import Random

from shared.runtime.redis import command_client
from tests.support.stack import Stack

_BETWEEN_KILLS_SECONDS = (1.0, 5.0)
_BETWEEN_FLUSHES_SECONDS = (0.3, 1.5)


@asynccontextmanager
async def nothing(stack: Stack, random: Random) -> AsyncIterator[None]:
    """No trouble."""
    yield


@asynccontextmanager
async def agents_killed(stack: Stack, random: Random) -> AsyncIterator[None]:
    """One agent after the other dies and starts again."""
    agents = [service for name, service in stack.services.items() if name.startswith("agent")]

    async def kill() -> None:
        for agent in cycle(agents):
            await asyncio.sleep(random.uniform(*_BETWEEN_KILLS_SECONDS))
            agent.kill()
            agent.start()
            await asyncio.to_thread(agent.ready)

    async with _meanwhile(kill()):
        yield
    for agent in agents:
        if not agent.running:
            agent.start()
        await asyncio.to_thread(agent.ready)


@asynccontextmanager
async def redis_flushed(stack: Stack, random: Random) -> AsyncIterator[None]:
    """Redis loses everything, again and again."""
    redis = command_client(stack.servers.redis)

    async def flush() -> None:
        while True:
            await asyncio.sleep(random.uniform(*_BETWEEN_FLUSHES_SECONDS))
            await redis.flushall()

    async with _meanwhile(flush()):
        yield
    await redis.aclose()


@asynccontextmanager
async def _meanwhile(trouble: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(trouble)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
