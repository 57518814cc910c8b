"""How long a process that ended waits before it starts again."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True)
class Backoff:
    """Doubles the wait with every failure in a row; a process that ran steadily begins anew."""

    first: timedelta = timedelta(seconds=0.5)
    longest: timedelta = timedelta(seconds=30)
    steady_after: timedelta = timedelta(seconds=60)
    failures: int = 0

    def after_running(self, ran_for: timedelta) -> timedelta:
        """The wait after a run of this length."""
        if ran_for >= self.steady_after:
            self.failures = 0
        # Bounded before it doubles out of the range of a timedelta.
        wait = min(self.first * (1 << min(self.failures, 16)), self.longest)
        self.failures += 1
        return wait
