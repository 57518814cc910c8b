"""When turns are meant to begin: people who do not know of each other, so a Poisson process."""

import random
from collections.abc import Iterator


def arrivals(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Seconds from the beginning at which turns begin, rising, `rate` of them a second in the mean.

    The same seed gives the same moments, so two runs put the same load on what they measure.
    """
    chance = random.Random(seed)  # noqa: S311 (a load, not a secret)
    at = chance.expovariate(rate)
    while at < seconds:
        yield at
        at += chance.expovariate(rate)
