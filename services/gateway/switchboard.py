"""Who waits for which turn, and how frames and endings reach them."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from services.gateway.endings import Outcome
from services.gateway.sse import StreamEvent
from shared.events.ids import TurnId

_BUFFERED: Final = 1_000
"""Frames kept for a client that reads slowly; what is dropped beyond them is a gap and read again from Redis."""


@dataclass(slots=True)
class Arrived:
    """What has come since the last look."""

    frames: list[StreamEvent] = field(default_factory=list)
    outcome: Outcome | None = None
    closed: bool = False


class Waiter:
    """One open stream or waiting request, looked at by one task."""

    def __init__(self) -> None:
        self._arrived = Arrived()
        self._has_news = False
        self._looking: asyncio.Future[None] | None = None

    async def look(self, seconds: float) -> Arrived | None:
        """What has come, once something has; None after so many seconds of nothing."""
        if not self._has_news:
            await self._news(seconds)
        if not self._has_news:
            return None
        self._has_news = False
        arrived, self._arrived = self._arrived, Arrived(closed=self._arrived.closed)
        return arrived

    def frame(self, frame: StreamEvent) -> None:
        """A frame has come."""
        if len(self._arrived.frames) < _BUFFERED:
            self._arrived.frames.append(frame)
        self._tell()

    def end(self, outcome: Outcome) -> None:
        """The turn has ended."""
        self._arrived.outcome = outcome
        self._tell()

    def close(self) -> None:
        """Nobody listens any more, or the process stops."""
        self._arrived.closed = True
        self._tell()

    async def _news(self, seconds: float) -> None:
        # What asyncio has for this, an event under a time-out, costs three times as much, and every turn waits twice.
        loop = asyncio.get_running_loop()
        self._looking = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._looking
        finally:
            timer.cancel()
            self._looking = None

    def _tell(self) -> None:
        self._has_news = True
        self._wake()

    def _wake(self) -> None:
        if self._looking is not None and not self._looking.done():
            self._looking.set_result(None)


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

    def end(self, turn_id: str, outcome: Outcome) -> None:
        """The turn of this name has ended."""
        for waiter in self._waiters[self._names[turn_id]] if turn_id in self._names else ():
            waiter.end(outcome)

    def close(self) -> None:
        """End all streams, so that clients come again to another gateway; new ones end at once."""
        self._closed = True
        for waiters in self._waiters.values():
            for waiter in waiters:
                waiter.close()
