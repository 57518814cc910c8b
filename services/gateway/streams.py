"""Open streams: from registering to the last event, over lost frames, lost records and lost servers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Protocol

import structlog

from services.gateway.assembly import START, Assembly, Ending, Offered
from services.gateway.endings import Outcome, outcome_of
from services.gateway.limits import StreamSlots
from services.gateway.metrics import Metrics
from services.gateway.principal import Principal
from services.gateway.sse import HEARTBEAT, RETRY, Encode, EventId, StreamEvent
from services.gateway.switchboard import Switchboard
from shared.errors import Unavailable
from shared.events.ids import TurnId
from shared.events.replies import TurnEnded

_log = structlog.get_logger(__name__)

Ledger = Callable[[], Awaitable[TurnEnded | None]]


class KeptFrames(Protocol):
    """The frames that a turn's own stream holds."""

    async def after(self, turn_id: TurnId, cursor: EventId) -> tuple[StreamEvent, ...]: ...


class Follower(Protocol):
    """Delivers the frames of turns that were accepted elsewhere."""

    async def follow(self, turn_id: TurnId, cursor: EventId) -> None: ...

    def release(self, turn_id: TurnId) -> None: ...


class TurnStream:
    """One client's wait for one turn. Registered from the moment it exists until `close`."""

    def __init__(self, streams: "Streams", caller: Principal, turn_id: TurnId, cursor: EventId, encode: Encode) -> None:
        self._streams = streams
        self._encode = encode
        self._caller = caller
        self._turn_id = turn_id
        self._assembly = Assembly(cursor)
        self._outcome: Outcome | None = None
        self._ledger: Ledger | None = None
        self._following = False
        self.is_over = False
        """Whether the last block has been made: nothing follows it."""
        self._waiter = streams.switchboard.enter(turn_id)

    @property
    def has_nothing_left(self) -> bool:
        """Whether the client has all there will ever be."""
        return self._outcome is not None and self._assembly.has_all(self._outcome.ending)

    async def resume(self, ended: TurnEnded | None) -> None:
        """Take up a turn that may have frames already, or an outcome. Not needed for one that was accepted just now."""
        self._outcome = None if ended is None else outcome_of(ended)
        if ended is None and not self._following:
            self._following = True
            await self._streams.tails.follow(self._turn_id, self._assembly.cursor)

    def check_with(self, ledger: Ledger) -> None:
        """Where to look, now and then, whether the turn has ended without our hearing of it."""
        self._ledger = ledger

    async def blocks(self, accepted: bytes) -> AsyncIterator[bytes]:
        """The stream in pieces to send; `accepted` is the first event's data."""
        yield RETRY + self._encoded(self._assembly.accept(accepted))
        if self._following and (missed := await self._fill()):
            yield missed
        while self._outcome is None:
            arrived = await self._waiter.look(self._streams.heartbeat)
            if arrived is None:
                yield HEARTBEAT
                await self._recheck()
                continue
            if block := await self._offer(arrived.frames):
                yield block
            if arrived.closed:
                return
            self._outcome = arrived.outcome
        last = await self._finish(self._outcome.ending)
        self.is_over = True
        yield last

    async def ending(self, within_seconds: float) -> TurnEnded | None:
        """The turn's outcome, without its frames; None when it does not come in time or the client leaves."""
        try:
            async with asyncio.timeout(within_seconds):
                while self._outcome is None:
                    arrived = await self._waiter.look(self._streams.heartbeat)
                    if arrived is None:
                        await self._recheck()
                    elif arrived.closed:
                        return None
                    else:
                        self._outcome = arrived.outcome
        except TimeoutError:
            return None
        return self._outcome.event()

    def stop(self) -> None:
        """End what waits: the client has left."""
        self._waiter.close()

    def close(self) -> None:
        """Unregister; once, whatever happened."""
        self._streams.switchboard.leave(self._turn_id, self._waiter)
        self._streams.slots.release(self._caller)
        if self._following:
            self._streams.tails.release(self._turn_id)

    def _encoded(self, events: Iterable[StreamEvent]) -> bytes:
        return b"".join(map(self._encode, events))

    async def _recheck(self) -> None:
        if self._ledger is None:
            return
        try:
            ended = await self._ledger()
        except Unavailable as error:
            _log.warning("ledger not reachable", turn_id=str(self._turn_id), reason=str(error))
        else:
            self._outcome = None if ended is None else outcome_of(ended)

    async def _offer(self, frames: list[StreamEvent]) -> bytes:
        offered = self._assembly.offer(frames)
        block = self._encoded(offered.events)
        return block if offered.gap is None else block + await self._fill(offered.gap)

    async def _fill(self, gap: int | None = None) -> bytes:
        """What the turn's own stream has past the cursor. Frames that are missing there too are given up."""
        try:
            offered = self._assembly.offer(await self._streams.frames.after(self._turn_id, self._assembly.cursor))
        except Unavailable as error:
            _log.warning("frames not read", turn_id=str(self._turn_id), reason=str(error))
            offered = Offered(())
        lost = offered.gap if offered.events else offered.gap or gap
        if lost is not None:
            self._assembly.abandon(lost)
        return self._encoded(offered.events)

    async def _finish(self, ending: Ending) -> bytes:
        late = await self._fill() if self._assembly.lacks(ending) else b""
        events = self._assembly.finish(ending)
        if events and events[0].name == "snapshot":
            self._streams.metrics.snapshots.inc()
        return late + self._encoded(events)


class Streams:
    """Opens streams; knows what they share."""

    def __init__(
        self,
        *,
        switchboard: Switchboard,
        tails: Follower,
        frames: KeptFrames,
        slots: StreamSlots,
        metrics: Metrics,
        heartbeat: timedelta,
    ) -> None:
        self.switchboard = switchboard
        self.tails = tails
        self.frames = frames
        self.slots = slots
        self.metrics = metrics
        self.heartbeat = heartbeat.total_seconds()

    def open(
        self, caller: Principal, turn_id: TurnId, cursor: EventId = START, *, encode: Encode = StreamEvent.encode
    ) -> TurnStream:
        """Register for a turn. Raises a 429 problem at the caps. Whoever opens closes."""
        self.slots.take(caller)
        return TurnStream(self, caller, turn_id, cursor, encode)
