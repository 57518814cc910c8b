"""Percentiles from buckets are those of the values, within what a bucket is wide."""

import math

import numpy as np
import pytest

from tests.load.openloop.histogram import Histogram
from tests.load.summary import percentile

WIDTH = 1 / 128


def latencies(seed: int, count: int) -> list[int]:
    chance = np.random.default_rng(seed)
    return [round(chance.lognormal(9, 1.5)) for _ in range(count)]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9, 0.99, 0.999, 1.0])
def test_a_percentile_is_never_too_low_and_at_most_a_bucket_too_high(share: float) -> None:
    values = latencies(seed=1, count=5_000)
    exact, found = percentile(values, share), Histogram.of(values).percentile(share)
    assert exact <= found <= exact * (1 + WIDTH)


def test_small_values_and_the_largest_are_exact() -> None:
    histogram = Histogram.of([0, 1, 2, 255, 1_234_567])
    assert [histogram.percentile(share) for share in (0.2, 0.4, 0.6, 0.8, 1.0)] == [0, 1, 2, 255, 1_234_567]


def test_merged_is_as_if_all_had_been_recorded_in_one() -> None:
    first, second = latencies(seed=2, count=300), latencies(seed=3, count=400)
    merged = Histogram.of(first)
    merged.merge(Histogram.of(second))
    assert merged == Histogram.of(first + second)


def test_it_survives_being_written_and_read() -> None:
    histogram = Histogram.of(latencies(seed=4, count=100))
    assert Histogram.model_validate_json(histogram.model_dump_json()) == histogram


def test_space_is_bounded_by_the_range_and_not_by_the_number_of_values() -> None:
    assert len(Histogram.of(range(0, 1_000_000, 7)).buckets) <= 256 + 128 * 12


def test_without_values_there_is_no_percentile() -> None:
    assert math.isnan(Histogram().percentile(0.5))


def test_two_histograms_share_nothing() -> None:
    first, second = Histogram(), Histogram()
    first.record(5)
    assert second.buckets == {}
