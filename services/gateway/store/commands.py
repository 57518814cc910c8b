"""Redis commands of concurrent requests travel together."""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.errors import Unavailable
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.redis import redis_errors

_QUIET_SECONDS = 1.0

Argument = str | bytes | int


class Commands:
    """Runs commands; those that arrive while one pipeline is under way share the next.

    After a failure Redis is left alone for a second: requests that do well without it do not wait for its time-outs.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._pipelines = GroupCommit(self._execute)
        self._quiet_until = 0.0

    async def run(self, *command: Argument) -> Any:
        """The answer to one command. Raises `Unavailable`."""
        if asyncio.get_running_loop().time() < self._quiet_until:
            raise Unavailable("Redis failed a moment ago")
        return await self._pipelines.submit(command)

    async def _execute(self, commands: Sequence[tuple[Argument, ...]]) -> Sequence[Any]:
        try:
            with redis_errors():
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for command in commands:
                        await pipeline.execute_command(*command)
                    answers = await pipeline.execute(raise_on_error=False)
        except Unavailable:
            self._quiet_until = asyncio.get_running_loop().time() + _QUIET_SECONDS
            raise
        return [_refused(answer) if isinstance(answer, RedisError) else answer for answer in answers]


def _refused(error: RedisError) -> Unavailable:
    return Unavailable(f"Redis refused: {error}")
