"""The numbers of the delivery policy and the back-off that goes with them."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Backoff:
    """Delays that double up to a limit, each with jitter so that many waiters spread out."""

    first: timedelta
    limit: timedelta = timedelta(seconds=5)
    random: Random = field(default_factory=Random)

    def seconds(self, failures: int) -> float:
        """The delay after so many failures in a row, between 75 and 125 % of its nominal length."""
        nominal = self.first.total_seconds() * 2.0 ** min(failures - 1, 30)
        return float(min(nominal, self.limit.total_seconds()) * self.random.uniform(0.75, 1.25))


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how fast a record is tried."""

    attempts: int = 5
    """Starts of a record before it is exhausted, those that ended with the process included."""
    hook_attempts: int = 5
    """Failures of the `exhausted` hook before the dead letter is written without it."""
    retry: Backoff = field(default_factory=lambda: Backoff(timedelta(milliseconds=200)))
    outage: Backoff = field(default_factory=lambda: Backoff(timedelta(milliseconds=100)))
    commit_every: timedelta = timedelta(milliseconds=200)
