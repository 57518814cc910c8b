"""Arrivals are a Poisson process that can be repeated."""

from itertools import islice, pairwise
from statistics import fmean, pvariance

import pytest

from tests.load.openloop.arrivals import arrivals


def test_the_same_seed_gives_the_same_moments_and_another_gives_others() -> None:
    assert list(arrivals(50, 10, seed=7)) == list(arrivals(50, 10, seed=7))
    assert list(arrivals(50, 10, seed=7)) != list(arrivals(50, 10, seed=8))


def test_they_rise_and_end_before_the_time_is_up() -> None:
    moments = list(arrivals(200, 5, seed=1))
    assert all(earlier < later for earlier, later in pairwise(moments))
    assert moments[0] > 0
    assert moments[-1] < 5


def test_a_longer_run_begins_as_a_shorter_one_does() -> None:
    short = list(arrivals(20, 2, seed=3))
    assert list(islice(arrivals(20, 60, seed=3), len(short))) == short


def test_counts_by_the_second_have_the_mean_and_the_variance_of_a_poisson_process() -> None:
    seconds, rate = 2_000, 30.0
    counts = [0] * seconds
    for moment in arrivals(rate, seconds, seed=11):
        counts[int(moment)] += 1
    assert fmean(counts) == pytest.approx(rate, rel=0.02)
    assert pvariance(counts) == pytest.approx(rate, rel=0.1)
