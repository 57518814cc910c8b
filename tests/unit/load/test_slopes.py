"""A slope is found, its interval holds the true one as often as promised, and noise is not taken for growth."""

import math

import numpy as np
import pytest

from tests.load.soak.slopes import slope

INTERVAL = 5.0


def samples(count: int) -> list[float]:
    return [number * INTERVAL for number in range(count)]


def wandering(seed: int, count: int, likeness: float, per_second: float) -> list[float]:
    """Values that grow and resemble their neighbours."""
    chance, off, values = np.random.default_rng(seed), 0.0, list[float]()
    for at in samples(count):
        off = likeness * off + chance.normal()
        values.append(100 + per_second * at + off)
    return values


def test_a_straight_line_has_its_slope_and_no_doubt() -> None:
    found = slope(samples(20), [3 + 0.5 * at for at in samples(20)])
    assert found is not None
    assert (found.per_hour, found.low, found.high) == pytest.approx((1800, 1800, 1800))


@pytest.mark.parametrize("value", [7.0, 20.1, 0.0078125, 1 / 3])
def test_what_does_not_change_has_no_slope_and_no_doubt(value: float) -> None:
    found = slope(samples(23), [value] * 23)
    assert found is not None
    assert (found.per_hour, found.low, found.high) == pytest.approx((0, 0, 0), abs=1e-9)


@pytest.mark.parametrize("likeness", [0.0, 0.6])
def test_the_interval_holds_the_true_slope_about_as_often_as_it_says(likeness: float) -> None:
    held = 0
    for seed in range(300):
        found = slope(samples(200), wandering(seed, 200, likeness, per_second=0.01))
        assert found is not None
        held += found.low <= 36 <= found.high
    assert 0.9 <= held / 300 <= 0.99


def test_what_wanders_is_doubted_more_than_what_jitters() -> None:
    jitter = slope(samples(60), wandering(1, 60, 0.0, per_second=0))
    wander = slope(samples(60), wandering(1, 60, 0.8, per_second=0))
    assert jitter is not None
    assert wander is not None
    assert wander.high - wander.low > jitter.high - jitter.low


def test_one_long_wave_proves_nothing() -> None:
    found = slope(samples(40), [math.sin(number / 12) for number in range(40)])
    assert found is not None
    assert found.low == -math.inf


def test_too_few_samples_tell_nothing() -> None:
    assert slope(samples(7), [1.0] * 7) is None
