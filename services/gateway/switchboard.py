"""Who waits for which turn, and how frames and endings reach them."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from services.gateway.sse import StreamEvent
from shared.events.ids import TurnId
from shared.events.replies import TurnEnded

_BUFFERED: Final = 1_000
"""Frames kept for a client that reads slowly; what is dropped beyond them is a gap and read again from Redis."""


@dataclass(slots=True)
class Arrived:
    """What has come since the last look."""

    frames: list[StreamEvent] = field(default_factory=list)
    ended: TurnEnded | None = None
    closed: bool = False


class Waiter:
    """One open stream or waiting request."""

    def __init__(self) -> None:
        self._arrived = Arrived()
        self._news = asyncio.Event()

    async def look(self, seconds: float) -> Arrived | None:
        """What has come, once something has; None after so many seconds of nothing."""
        if not self._news.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait()
            except TimeoutError:
                return None
        self._news.clear()
        arrived, self._arrived = self._arrived, Arrived(closed=self._arrived.closed)
        return arrived

    def frame(self, frame: StreamEvent) -> None:
        """A frame has come."""
        if len(self._arrived.frames) < _BUFFERED:
            self._arrived.frames.append(frame)
        self._news.set()

    def end(self, ended: TurnEnded) -> None:
        """The turn has ended."""
        self._arrived.ended = ended
        self._news.set()

    def close(self) -> None:
        """Nobody listens any more, or the process stops."""
        self._arrived.closed = True
        self._news.set()


class Switchboard:
    """Hands what comes for a turn to everybody who waits for it."""

    def __init__(self) -> None:
        self._waiters: dict[TurnId, list[Waiter]] = {}
        self._names: dict[str, TurnId] = {}
        self._closed = False

    def enter(self, turn_id: TurnId) -> Waiter:
        """Wait for a turn from now on."""
        waiter = Waiter()
        self._waiters.setdefault(turn_id, []).append(waiter)
        self._names[str(turn_id)] = turn_id
        if self._closed:
            waiter.close()
        return waiter

    def leave(self, turn_id: TurnId, waiter: Waiter) -> None:
        """Wait no more."""
        waiters = self._waiters[turn_id]
        waiters.remove(waiter)
        if not waiters:
            del self._waiters[turn_id], self._names[str(turn_id)]

    def awaited(self, turn_id: str) -> bool:
        """Whether anybody waits for the turn of this name."""
        return turn_id in self._names

    def frame(self, turn_id: TurnId, frame: StreamEvent) -> None:
        """A frame of a turn has come."""
        for waiter in self._waiters.get(turn_id, ()):
            waiter.frame(frame)

    def end(self, ended: TurnEnded) -> None:
        """A turn has ended."""
        for waiter in self._waiters.get(ended.turn_id, ()):
            waiter.end(ended)

    def close(self) -> None:
        """End all streams, so that clients come again to another gateway; new ones end at once."""
        self._closed = True
        for waiters in self._waiters.values():
            for waiter in waiters:
                waiter.close()
