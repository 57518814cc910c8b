"""What can be asked of campaign figures, as types: no word of a user ever becomes part of a statement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from shared.domains.base import State

Count = Literal["sends", "opens", "clicks", "conversions"]
Rate = Literal["open_rate", "click_rate", "click_to_open_rate", "conversion_rate"]
Metric = Literal[
    "sends", "opens", "clicks", "conversions", "open_rate", "click_rate", "click_to_open_rate", "conversion_rate"
]
Dimension = Literal["market", "channel", "month", "week"]

COUNTS: tuple[Count, ...] = get_args(Count)
METRICS: tuple[Metric, ...] = get_args(Metric)
RATES: dict[Metric, tuple[Count, Count]] = {
    "open_rate": ("opens", "sends"),
    "click_rate": ("clicks", "sends"),
    "click_to_open_rate": ("clicks", "opens"),
    "conversion_rate": ("conversions", "clicks"),
}
"""A rate -> the counts it divides. Rates of several rows divide their sums, they are never averages of rates."""


class Days(State):
    """The days from `first` to `last`, both included."""

    first: date
    last: date


class Slice(State):
    """A part of the figures. Nothing named means everything."""

    days: Days
    markets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows for each value of a dimension: in its own order, or the best `limit` by a metric."""

    by: Dimension
    order: Metric | None = None
    ascending: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The counts of some rows added up. `key` is the value of the dimension they were grouped by."""

    sends: int
    opens: int
    clicks: int
    conversions: int
    key: str | date | None = None

    def value(self, metric: Metric) -> float | int | None:
        """A count, or a rate in percent; None where a rate divides by nothing."""
        if metric not in RATES:
            count: int = getattr(self, metric)
            return count
        part, whole = (getattr(self, name) for name in RATES[metric])
        return 100 * part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there are figures of."""

    days: Days | None
    markets: tuple[str, ...]
    channels: tuple[str, ...]
