"""Which records may run beside each other, when one of them may have killed an earlier process.

A process that dies says nothing about which of its running records did it. So a record that was started before
without an end runs in smaller and smaller company, alone at last: the one that kills is found in a few starts,
while hundreds of innocent neighbours are cleared in a few rounds instead of one by one.
"""

from collections.abc import Callable, Hashable

COMPANY = (1 << 30, 64, 8, 1)
"""By number of earlier starts without an end: how many records may run in this process at once."""


def company(prior: int) -> int:
    """How many records may run at once while one with so many unfinished starts does."""
    return COMPANY[min(prior, len(COMPANY) - 1)]


class Quarantine:
    """Admits records of all subscriptions of a process, each bringing the limit of its own suspicion."""

    __slots__ = ("_blocked", "_levels", "_running", "_turn")

    def __init__(self) -> None:
        """Nothing runs."""
        self._running = 0
        self._levels = [0] * len(COMPANY)
        self._turn: Hashable = None
        self._blocked: dict[Hashable, Callable[[], None]] = {}

    @property
    def suspects(self) -> bool:
        """True while a suspect runs or waits for its turn."""
        return self._turn is not None or self._levels[0] != self._running

    def enter(self, who: Hashable, prior: int, wake: Callable[[], None]) -> bool:
        """True if `who` may start a record now; otherwise `wake` is called when it is worth asking again.

        A suspect that has to wait keeps its turn: nobody else starts anything before it.
        """
        if not prior and not self.suspects:
            self._admit(0)
            return True
        if self._turn not in (None, who) or self._running >= min(self._limit(), company(prior)):
            self._blocked[who] = wake
            if prior and self._turn is None:
                self._turn = who
            return False
        if self._turn == who:
            self._turn = None
        self._admit(min(prior, len(COMPANY) - 1))
        return True

    def forgo(self, who: Hashable) -> None:
        """Give up a turn: the record that waited for it has gone elsewhere."""
        if self._turn == who:
            self._turn = None
            self._wake_blocked()

    def leave(self, prior: int) -> None:
        """A record that was admitted has ended."""
        self._running -= 1
        self._levels[min(prior, len(COMPANY) - 1)] -= 1
        if self._blocked:
            self._wake_blocked()

    def _admit(self, level: int) -> None:
        self._running += 1
        self._levels[level] += 1

    def _limit(self) -> int:
        for level in range(len(COMPANY) - 1, 0, -1):
            if self._levels[level]:
                return COMPANY[level]
        return COMPANY[0]

    def _wake_blocked(self) -> None:
        blocked, self._blocked = self._blocked, {}
        for wake in blocked.values():
            wake()
