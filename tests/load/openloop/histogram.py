"""Latencies kept whole in little space, in buckets as HdrHistogram has them."""

import math
from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import BaseModel

SIGNIFICANT_BITS = 8
"""A bucket is at most 1/128 as wide as its values: a percentile is at most 0.8 % too high."""


class Histogram(BaseModel):
    """How many values, whole microseconds, fell into which bucket. Merging two loses nothing."""

    buckets: dict[int, int] = {}
    """By the bucket's lowest value."""
    count: int = 0
    largest: int = 0

    @classmethod
    def of(cls, values: Iterable[int]) -> Self:
        """The histogram of these values."""
        histogram = cls(buckets={})
        for value in values:
            histogram.record(value)
        return histogram

    def record(self, value: int) -> None:
        """Count a value; one that is negative counts as nothing."""
        value = max(value, 0)
        lowest = value >> _spare_bits(value) << _spare_bits(value)
        self.buckets[lowest] = self.buckets.get(lowest, 0) + 1
        self.count += 1
        self.largest = max(self.largest, value)

    def merge(self, other: "Histogram") -> None:
        """Count everything that the other has."""
        for lowest, count in other.buckets.items():
            self.buckets[lowest] = self.buckets.get(lowest, 0) + count
        self.count += other.count
        self.largest = max(self.largest, other.largest)

    def percentile(self, share: float) -> float:
        """A value that this share of all does not exceed, by nearest rank; not a number when there is none."""
        if not self.count:
            return math.nan
        wanted = max(math.ceil(share * self.count), 1)
        return next(highest for highest, upto in self._cumulative() if upto >= wanted)

    def _cumulative(self) -> Iterator[tuple[int, int]]:
        """The highest value of each bucket, and how many values are not above it."""
        upto = 0
        for lowest in sorted(self.buckets):
            upto += self.buckets[lowest]
            yield min(lowest + (1 << _spare_bits(lowest)) - 1, self.largest), upto


def _spare_bits(value: int) -> int:
    return max(value.bit_length() - SIGNIFICANT_BITS, 0)
