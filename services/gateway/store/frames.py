"""The live frames of turns: what a turn's stream holds, and what arrives for this process."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from redis.asyncio import Redis

from services.gateway.sse import EventId, StreamEvent
from services.gateway.store.commands import Commands
from shared.errors import Unavailable
from shared.events.ids import TurnId
from shared.events.live import (
    DATA_FIELD,
    EVENT_FIELD,
    FRAMES_KEPT_SECONDS,
    ID_FIELD,
    INBOX_LENGTH,
    TURN_FIELD,
    inbox_stream,
    turn_stream,
)
from shared.runtime.redis import redis_errors

_BLOCK_MS = 5_000
_PATIENCE_SECONDS = 10.0
_ENTRIES = 1_000
_WAKE_FIELD = "w"


class InboxEntry(NamedTuple):
    """A frame and the turn it belongs to."""

    turn_id: TurnId
    frame: StreamEvent


class Frames:
    """Reads turns' streams without waiting."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def after(self, turn_id: TurnId, cursor: EventId) -> tuple[StreamEvent, ...]:
        """All frames of a turn past the cursor, in order."""
        entries = await self._commands.run("XRANGE", turn_stream(turn_id), f"({cursor}", "+")
        return tuple(_frame(entry_id, fields) for entry_id, fields in entries)


class InboxReader:
    """Waits for frames: those of turns this process streams, and those of turns that it tails.

    One blocking read covers all streams. `wake` ends it when the set of tailed turns has changed.
    """

    def __init__(self, redis: Redis, commands: Commands, gateway_id: str) -> None:
        self._redis = redis
        self._commands = commands
        self._inbox = inbox_stream(gateway_id)
        self._seen = "0-0"

    async def read(self, tails: Mapping[TurnId, EventId]) -> list[InboxEntry]:
        """What has arrived past what was read, and past these positions; empty after a while of nothing."""
        turns = {turn_stream(turn_id).encode(): turn_id for turn_id in tails}
        positions: dict[Any, Any] = {self._inbox: self._seen}
        positions |= {turn_stream(turn_id): str(position) for turn_id, position in tails.items()}
        try:
            with redis_errors():
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    answer: Any = await self._redis.xread(positions, count=_ENTRIES, block=_BLOCK_MS)
        except TimeoutError as error:
            raise Unavailable("Redis does not answer") from error
        entries: list[InboxEntry] = []
        for stream, items in answer or ():
            if stream in turns:
                entries += (InboxEntry(turns[stream], _frame(entry_id, fields)) for entry_id, fields in items)
            else:
                entries += self._received(items)
        return entries

    async def wake(self) -> None:
        """End the read that is under way."""
        await self._commands.run("XADD", self._inbox, "MAXLEN", "~", INBOX_LENGTH, "*", _WAKE_FIELD, "")
        await self._commands.run("EXPIRE", self._inbox, FRAMES_KEPT_SECONDS)

    async def remove(self) -> None:
        """Nobody reads this inbox any more."""
        await self._commands.run("DEL", self._inbox)

    def _received(self, items: list[tuple[bytes, dict[bytes, bytes]]]) -> list[InboxEntry]:
        self._seen = items[-1][0].decode()
        return [
            InboxEntry(TurnId(UUID(fields[TURN_FIELD].decode())), _frame(fields[ID_FIELD], fields))
            for _, fields in items
            if TURN_FIELD in fields
        ]


def _frame(frame_id: bytes, fields: Mapping[bytes, bytes]) -> StreamEvent:
    return StreamEvent(EventId.parse(frame_id.decode()), fields[EVENT_FIELD].decode(), fields[DATA_FIELD])
