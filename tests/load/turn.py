"""One turn as its user sees it: when what arrived, and whether the stream kept its promises."""

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from tests.load.response import ServerEvent

_ENDINGS = (b"completed", b"failed", b"cancelled")


@dataclass(slots=True)
class WatchedTurn:
    """Takes a turn's events as they arrive. Times are seconds of `clock`."""

    expected: str | None
    """The reply; None where nobody can tell beforehand."""
    clock: Callable[[], float]
    began: float = 0.0
    accepted: float | None = None
    first_token: float | None = None
    ended: float | None = None
    events: int = 0
    snapshots: int = 0
    status: int | None = None
    violations: list[str] = field(default_factory=list)
    _text: str = ""
    _last_id: tuple[int, int] = (-1, -1)

    def take(self, event: ServerEvent) -> None:
        """The next event."""
        now = self.clock()
        self.events += 1
        self._check_id(event.id)
        if self.ended is not None:
            self.violations.append(f"{event.name.decode()} came after the end")
        elif event.name == b"accepted":
            self.accepted = now
        elif event.name in _ENDINGS:
            self.ended = now
            self._check_ending(event)
        else:
            self._take_text(event, now)

    def finish(self, status: int | None, rest: bytes = b"") -> None:
        """The response is complete."""
        self.status = status
        if status != 200:
            self.violations.append(f"status {status}: {rest[:200].decode(errors='replace')}")
        elif self.ended is None:
            self.violations.append("the stream closed without an ending")
        elif self.accepted is None or self.first_token is None:
            self.violations.append("the stream ended without `accepted` or without text")

    def _take_text(self, event: ServerEvent, now: float) -> None:
        if event.name == b"reset":
            self._text = ""
            return
        if event.name == b"snapshot":
            self.snapshots += 1
            self._text = orjson.loads(event.data)["text"]
        elif event.name == b"delta":
            self._text += orjson.loads(event.data)["text"]
        if self.first_token is None and self._text:
            self.first_token = now

    def _check_id(self, event_id: bytes) -> None:
        attempt, _, n = event_id.partition(b"-")
        if not (attempt.isdigit() and n.isdigit()):
            self.violations.append(f"event id {event_id!r}")
            return
        number = (int(attempt), int(n))
        if number <= self._last_id:
            self.violations.append(f"id {number} after {self._last_id}")
        self._last_id = number

    def _check_ending(self, event: ServerEvent) -> None:
        if event.name != b"completed":
            self.violations.append(f"{event.name.decode()}: {event.data[:200].decode()}")
            return
        stored = orjson.loads(event.data)["text"]
        if stored != self._text:
            self.violations.append(f"streamed {self._text!r} but stored {stored!r}")
        if self.expected is not None and stored != self.expected:
            self.violations.append(f"answered {stored!r}")
