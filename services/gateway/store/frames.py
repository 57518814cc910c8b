"""The live frames of turns: what a turn's stream holds, and what arrives for this process."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from redis.exceptions import RedisError

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
from shared.runtime.redis import Command, PipelinedConnection

_BLOCK_MS = 5_000
_PATIENCE_SECONDS = 10.0
_ENTRIES = 1_000
_WAKE_FIELD = "w"
_TRIM_SECONDS = 1.0


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
        return tuple(_frame(entry_id, _named(pairs)) for entry_id, pairs in entries)


class InboxReader:
    """Waits for frames: those of turns this process streams, and those of turns that it tails.

    One blocking read covers all streams. `wake` ends it when the set of tailed turns has changed.
    """

    def __init__(self, connection: PipelinedConnection, commands: Commands, gateway_id: str) -> None:
        self._connection = connection
        self._commands = commands
        self._inbox = inbox_stream(gateway_id)
        self._seen = self._trimmed = "0-0"
        self._trim_at = 0.0

    async def read(self, tails: Mapping[TurnId, EventId]) -> list[InboxEntry]:
        """What has arrived past what was read, and past these positions; empty after a while of nothing.

        What was read before is removed: nobody needs it any more, and it is what somebody said.
        """
        turns = {turn_stream(turn_id).encode(): turn_id for turn_id in tails}
        positions = [self._seen, *map(str, tails.values())]
        read: Command = ("XREAD", "COUNT", _ENTRIES, "BLOCK", _BLOCK_MS, "STREAMS", self._inbox, *turns, *positions)
        *_, answer = await self._connection.run([*self._trim(), read], within_seconds=_PATIENCE_SECONDS)
        if isinstance(answer, RedisError):
            raise Unavailable(f"Redis refused: {answer}")
        entries: list[InboxEntry] = []
        for stream, items in (answer or {}).items():
            if stream in turns:
                entries += (InboxEntry(turns[stream], _frame(entry_id, _named(pairs))) for entry_id, pairs in items)
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

    def _trim(self) -> list[Command]:
        """At most once a second: every turn's frames come in several reads."""
        now = asyncio.get_running_loop().time()
        if self._trimmed == self._seen or now < self._trim_at:
            return []
        self._trimmed, self._trim_at = self._seen, now + _TRIM_SECONDS
        moment, number = self._seen.split("-")
        return [("XTRIM", self._inbox, "MINID", f"{moment}-{int(number) + 1}")]

    def _received(self, items: Sequence[tuple[bytes, list[bytes]]]) -> list[InboxEntry]:
        self._seen = items[-1][0].decode()
        return [
            InboxEntry(_turn_id(fields[TURN_FIELD]), _frame(fields[ID_FIELD], fields))
            for fields in (_named(pairs) for _, pairs in items)
            if TURN_FIELD in fields
        ]


@lru_cache(maxsize=_ENTRIES)
def _turn_id(name: bytes) -> TurnId:
    """A turn's id. Its frames come one after the other, and reading an id takes longer than the rest of a frame."""
    return TurnId(UUID(name.decode()))


def _named(pairs: Sequence[bytes]) -> dict[bytes, bytes]:
    """An entry's fields: Redis writes names and values by turns."""
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _frame(frame_id: bytes, fields: Mapping[bytes, bytes]) -> StreamEvent:
    attempt, n = frame_id.split(b"-")
    return StreamEvent(EventId(int(attempt), int(n)), fields[EVENT_FIELD].decode(), fields[DATA_FIELD])
