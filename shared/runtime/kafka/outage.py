"""Lanes that wait for a dependency to come back, sharing one back-off."""

import asyncio
from collections import deque
from collections.abc import Callable

from shared.runtime.kafka.policy import Backoff
from shared.runtime.kafka.work import Lane

PROBES = 8
"""Lanes that try at a time. More than one, since they may wait for different dependencies."""


class Outage:
    """Keeps lanes whose record met an unavailable dependency, and lets a few of them try at growing intervals.

    The first that gets through releases the rest.
    """

    __slots__ = ("_backoff", "_failures", "_timer", "_waiting", "_wake")

    def __init__(self, backoff: Backoff, wake: Callable[[Lane], None]) -> None:
        """`wake` makes a lane ready to run again."""
        self._backoff = backoff
        self._wake = wake
        self._waiting: deque[Lane] = deque()
        self._failures = 0
        self._timer: asyncio.TimerHandle | None = None

    def __bool__(self) -> bool:
        """True while some lane waits or probes have not got through yet."""
        return self._failures > 0

    def wait(self, lane: Lane) -> None:
        """Hold a lane until its turn to try."""
        self._waiting.append(lane)
        if self._timer is None:
            self._arm()

    def over(self) -> None:
        """A probe got through: release every lane."""
        self._failures = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.release(len(self._waiting))

    def release(self, count: int) -> None:
        """Let the lanes that have waited longest try."""
        for _ in range(min(count, len(self._waiting))):
            lane = self._waiting.popleft()
            lane.head.probing = True
            self._wake(lane)

    def release_closing(self) -> None:
        """Let go of lanes whose partition moves elsewhere."""
        closing = [lane for lane in self._waiting if lane.head.epoch.closing]
        self._waiting = deque(lane for lane in self._waiting if not lane.head.epoch.closing)
        for lane in closing:
            self._wake(lane)
        if not self._waiting:
            self.over()
        elif self._timer is None:
            self._arm()

    def _arm(self) -> None:
        self._failures += 1
        delay = self._backoff.seconds(self._failures)
        self._timer = asyncio.get_running_loop().call_later(delay, self._probe)

    def _probe(self) -> None:
        self._timer = None
        self.release(PROBES)
