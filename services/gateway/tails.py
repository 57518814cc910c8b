"""Reads live frames from Redis for the streams that are open here."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from services.gateway.sse import EventId, StreamEvent
from services.gateway.store import InboxReader
from shared.errors import Unavailable
from shared.events.ids import TurnId

_log = structlog.get_logger(__name__)

_RECONNECT_SECONDS: Final = 0.5


class Tails:
    """Reads the frames of streamed turns from Redis: our inbox, and the own streams of turns accepted elsewhere."""

    def __init__(self, reader: InboxReader, deliver: Callable[[TurnId, StreamEvent], None]) -> None:
        self._reader = reader
        self._deliver = deliver
        self._positions: dict[TurnId, EventId] = {}
        self._users: dict[TurnId, int] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._run())

    @property
    def broken(self) -> bool:
        """Whether reading has ended by itself, which it never should."""
        return self._task is not None and self._task.done()

    async def stop(self) -> None:
        """Read no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        try:
            await self._reader.remove()
        except Unavailable as error:
            _log.warning("inbox not removed", reason=str(error))

    async def follow(self, turn_id: TurnId, cursor: EventId) -> None:
        """Deliver this turn's frames too, until `release`: from the cursor on, or from where it is being read."""
        self._users[turn_id] = self._users.get(turn_id, 0) + 1
        if turn_id in self._positions:
            return
        self._positions[turn_id] = cursor
        try:
            await self._reader.wake()
        except Unavailable:
            # The read fails as well, and begins again with the new position.
            return

    def release(self, turn_id: TurnId) -> None:
        """One stream less needs this turn's frames."""
        self._users[turn_id] -= 1
        if not self._users[turn_id]:
            del self._users[turn_id], self._positions[turn_id]

    async def _run(self) -> None:
        failing = False
        while True:
            try:
                entries = await self._reader.read(dict(self._positions))
            except Unavailable as error:
                if not failing:
                    _log.warning("live frames are not read", reason=str(error))
                failing = True
                await asyncio.sleep(_RECONNECT_SECONDS)
                continue
            failing = False
            for turn_id, frame in entries:
                if self._positions.get(turn_id, frame.id) < frame.id:
                    self._positions[turn_id] = frame.id
                self._deliver(turn_id, frame)
