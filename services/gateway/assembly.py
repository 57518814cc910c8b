"""Puts a turn's stream together for one client: pure, so that every order of arrival can be tested.

Frames may be lost, late, doubled or of an attempt that was given up; the ending may overtake them. What the client
gets has strictly increasing ids, never text of two attempts without `reset` between, and the whole text at the end.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.gateway.sse import EventId, StreamEvent
from shared.events.live import ResetFrame, SnapshotFrame

START = EventId(0, 0)
ACCEPTED = EventId(0, 1)

OVERRULED = 1_000_000_000
"""Number of the last frame, as it were, of an attempt that streamed while an older one won the ledger.

No attempt has so many frames, so a cursor beyond it says that the client has the ending.
"""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stream ends: `last` is the final frame of the attempt that won, `text` the whole answer if there is one."""

    last: EventId
    name: str
    data: bytes
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of frames: what to send, and the attempt of which earlier frames are missing, if any."""

    events: tuple[StreamEvent, ...]
    gap: int | None = None


class Assembly:
    """One client's stream of one turn, from the event after `cursor` on."""

    def __init__(self, cursor: EventId = START) -> None:
        self.cursor = cursor
        self._abandoned: int | None = None

    def accept(self, data: bytes) -> list[StreamEvent]:
        """The opening event, unless the client has it."""
        if self.cursor >= ACCEPTED:
            return []
        self.cursor = ACCEPTED
        return [StreamEvent(ACCEPTED, "accepted", data)]

    def offer(self, frames: Iterable[StreamEvent]) -> Offered:
        """Take the frames that come next; skip what was sent, what is outdated, and what comes after a gap."""
        events: list[StreamEvent] = []
        gap: int | None = None
        for frame in frames:
            if frame.id <= self.cursor:
                continue
            if self._follows(frame.id):
                events += self._take(frame)
                gap = None
            elif frame.id.attempt != self._abandoned:
                gap = frame.id.attempt
        return Offered(tuple(events), gap)

    def abandon(self, attempt: int) -> None:
        """Stop asking for the missing frames of an attempt: they are nowhere."""
        self._abandoned = attempt

    def lacks(self, ending: Ending) -> bool:
        """Whether frames that the ending counts on have not been sent."""
        return self.cursor.attempt <= ending.last.attempt and self.cursor < ending.last and ending.last.n > 0

    def has_all(self, ending: Ending) -> bool:
        """Whether the client has even the ending."""
        return self.cursor > self._last(ending)

    def finish(self, ending: Ending) -> list[StreamEvent]:
        """The rest of the stream: the whole text if frames of it were lost, then the ending; nothing if it was sent."""
        if self.has_all(ending):
            return []
        last = self._last(ending)
        events: list[StreamEvent] = []
        if self.cursor < last and ending.text is not None:
            events.append(StreamEvent(last, "snapshot", SnapshotFrame(text=ending.text).model_dump_json().encode()))
        elif self._has_other_text(last.attempt):
            events.append(_reset(last.attempt))
        self.cursor = EventId(last.attempt, last.n + 1)
        return [*events, StreamEvent(self.cursor, ending.name, ending.data)]

    def _follows(self, frame: EventId) -> bool:
        if frame.attempt == self.cursor.attempt:
            return frame.n == self.cursor.n + 1
        return frame.n <= 1

    def _take(self, frame: StreamEvent) -> list[StreamEvent]:
        begins_unannounced = frame.id.n > 0 and self._has_other_text(frame.id.attempt)
        self.cursor = frame.id
        return [_reset(frame.id.attempt), frame] if begins_unannounced else [frame]

    def _has_other_text(self, attempt: int) -> bool:
        """Whether the client may hold text of an attempt before this one."""
        return 0 < self.cursor.attempt < attempt

    def _last(self, ending: Ending) -> EventId:
        if self.cursor.attempt > ending.last.attempt:
            return EventId(self.cursor.attempt, OVERRULED)
        return ending.last


def _reset(attempt: int) -> StreamEvent:
    return StreamEvent(EventId(attempt, 0), "reset", ResetFrame(attempt=attempt).model_dump_json().encode())
