"""Redis commands of concurrent requests travel together."""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.exceptions import RedisError

from shared.errors import Unavailable
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.redis import Command, PipelinedConnection

_PATIENCE_SECONDS = 1.0
_QUIET_SECONDS = 1.0


class Commands:
    """Runs commands; those that arrive while one pipeline is under way share the next.

    After a failure Redis is left alone for a second: requests that do well without it do not wait for its time-outs.
    """

    def __init__(self, connection: PipelinedConnection) -> None:
        self._connection = connection
        self._pipelines = GroupCommit(self._execute, at_once=1)
        self._quiet_until = 0.0

    async def run(self, *command: str | bytes | int) -> Any:
        """The answer to one command. Raises `Unavailable`."""
        if asyncio.get_running_loop().time() < self._quiet_until:
            raise Unavailable("Redis failed a moment ago")
        return await self._pipelines.submit(command)

    async def _execute(self, commands: Sequence[Command]) -> Sequence[Any]:
        try:
            answers = await self._connection.run(commands, within_seconds=_PATIENCE_SECONDS)
        except Unavailable:
            self._quiet_until = asyncio.get_running_loop().time() + _QUIET_SECONDS
            raise
        return [_refused(answer) if isinstance(answer, RedisError) else answer for answer in answers]


def _refused(error: RedisError) -> Unavailable:
    return Unavailable(f"Redis refused: {error}")
