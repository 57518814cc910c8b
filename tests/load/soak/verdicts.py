"""What growth means: whether a figure is steady, grows, or has not been watched for long enough to say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from tests.load.soak.samples import Figures, Sample
from tests.load.soak.slopes import SECONDS_AN_HOUR, slope

Verdict = Literal["steady", "grows", "unclear", "not judged"]
Per = Literal["hour", "1,000 turns"]

TURNS = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of figure, and how much growth it may show."""

    name: str
    unit: str
    limit: float
    per: Per

    def of(self, sample: Sample) -> Figures:
        """The figures of this kind."""
        found: Figures = getattr(sample, self.name)
        return found


KINDS = (
    Kind("memory", "MiB", 30, "hour"),
    Kind("descriptors", "", 20, "hour"),
    Kind("connections", "", 20, "hour"),
    Kind("lag", "records", 600, "hour"),
    # What is stored grows by design, with the turns: until its time to live in Redis, until its retention in tables.
    Kind("redis_keys", "", 8 * TURNS, "1,000 turns"),
    Kind("redis_memory", "MiB", 2, "1,000 turns"),
    Kind("tables", "MiB", 4, "1,000 turns"),
    Kind("indexes", "MiB", 1, "1,000 turns"),
)

FILLED = {(kind, server) for kind in ("memory", "descriptors") for server in ("kafka", "postgres", "redis")}
"""What servers take up to a bound they were given (heap, shared buffers, open files), or for data counted elsewhere."""


class Trend(BaseModel):
    """How a figure went. `growth` and its interval, `low` to `high`, are in `unit` an hour or a thousand turns."""

    kind: str
    name: str
    unit: str
    per: Per
    first: float
    last: float
    growth: float
    low: float
    high: float
    limit: float | None

    @property
    def verdict(self) -> Verdict:
        """Steady where even the most it may have grown is allowed, growing where even the least is too much."""
        if self.limit is None:
            return "not judged"
        if self.high <= self.limit:
            return "steady"
        return "grows" if self.low > self.limit else "unclear"


def trends(samples: Sequence[Sample], rate: float) -> Iterator[Trend]:
    """Of every figure over these samples, under `rate` turns a second; nothing of fewer than eight samples."""
    seconds = [sample.seconds for sample in samples]
    for kind in KINDS:
        for name in dict.fromkeys(name for sample in samples for name in kind.of(sample)):
            values = [kind.of(sample).get(name, 0.0) for sample in samples]
            found = slope(seconds, values)
            if found is None:
                continue
            scale = 1.0 if kind.per == "hour" else TURNS / (rate * SECONDS_AN_HOUR)
            yield Trend(
                kind=kind.name,
                name=name,
                unit=kind.unit,
                per=kind.per,
                first=values[0],
                last=values[-1],
                growth=found.per_hour * scale,
                low=found.low * scale,
                high=found.high * scale,
                limit=None if (kind.name, name) in FILLED else kind.limit,
            )
