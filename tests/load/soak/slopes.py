"""How fast a figure grows, and how sure that is: least squares over samples that resemble their neighbours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
FEWEST = 8
"""Samples below which nothing is said."""
LEAST_FREEDOM = 3
"""Degrees of freedom below which the interval of a slope says nothing."""
ROUNDING = 1e-9
"""Residuals that are smaller than this share of the values are rounding errors."""
SECONDS_AN_HOUR = 3600

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slope:
    """Growth an hour, and the interval that holds the true one in 95 of 100 runs."""

    per_hour: float
    low: float
    high: float


def slope(seconds: Sequence[float], values: Sequence[float]) -> Slope | None:
    """The slope of values over time; None when there are too few to tell.

    Memory now is memory five seconds ago and a little more, so samples carry less than their number says: they count
    as n (1 - r) / (1 + r), r being how alike neighbouring residuals are (Santer et al. 2000, J. Geophys. Res. 105).
    """
    if len(values) < FEWEST:
        return None
    at, found = np.asarray(seconds, dtype=np.float64), np.asarray(values, dtype=np.float64)
    spread = at - at.mean()
    width = float(spread @ spread)
    rate = float(spread @ found) / width
    residuals = found - found.mean() - rate * spread
    is_straight = np.abs(residuals).max() <= ROUNDING * np.abs(found).max()
    return _hourly(rate, 0.0 if is_straight else _half_interval(residuals, width))


def _half_interval(residuals: Samples, width: float) -> float:
    squares = float(residuals @ residuals)
    freedom = _effective(residuals, squares) - 2
    if freedom < LEAST_FREEDOM:
        return math.inf
    return _student(freedom) * math.sqrt(squares / freedom / width)


def _effective(residuals: Samples, squares: float) -> float:
    """How many independent samples these are worth."""
    likeness = max(float(residuals[1:] @ residuals[:-1]) / squares, 0.0)
    return len(residuals) * (1 - likeness) / (1 + likeness)


def _student(freedom: float) -> float:
    """The quantile of Student's t for the interval, by the expansion of Abramowitz and Stegun 26.7.5."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _hourly(rate: float, error: float) -> Slope:
    return Slope(rate * SECONDS_AN_HOUR, (rate - error) * SECONDS_AN_HOUR, (rate + error) * SECONDS_AN_HOUR)
