"""Growth is judged by its interval: what is not known is not called steady."""

import math

import pytest

from tests.load.soak.samples import Figures, Sample
from tests.load.soak.verdicts import Trend, trends

RATE = 100.0
INTERVAL = 5.0


def sample(number: int, memory: float, redis_keys: float = 0.0) -> Sample:
    nothing: Figures = {}
    return Sample(
        seconds=number * INTERVAL,
        memory={"agent": memory},
        descriptors=nothing,
        connections=nothing,
        lag=nothing,
        redis_keys={"all": redis_keys},
        redis_memory=nothing,
        tables=nothing,
        indexes=nothing,
    )


def trend(low: float, high: float) -> Trend:
    return Trend(
        kind="memory", name="agent", unit="MiB", per="hour", first=0, last=0, growth=0, low=low, high=high, limit=30
    )


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-5, 30, "steady"), (31, 40, "grows"), (-10, 50, "unclear"), (-math.inf, math.inf, "unclear")],
)
def test_the_verdict_follows_from_the_interval_and_the_limit(low: float, high: float, verdict: str) -> None:
    assert trend(low, high).verdict == verdict


def test_a_leak_is_found_and_its_size_told() -> None:
    leak = [sample(number, memory=100 + number * 0.1 + (number % 3) * 0.01) for number in range(40)]
    found = {each.kind: each for each in trends(leak, RATE)}["memory"]
    assert found.verdict == "grows"
    assert found.growth == pytest.approx(72, rel=0.01)


def test_what_a_server_was_given_to_fill_is_shown_and_not_judged() -> None:
    heap = [sample(number, memory=1).model_copy(update={"memory": {"kafka": 300.0 + number}}) for number in range(20)]
    found = {each.name: each for each in trends(heap, RATE)}["kafka"]
    assert found.growth == pytest.approx(720)
    assert found.verdict == "not judged"


def test_what_is_stored_is_judged_by_the_turn() -> None:
    by_turn = [sample(number, memory=1, redis_keys=number * INTERVAL * RATE * 2) for number in range(20)]
    found = {each.kind: each for each in trends(by_turn, RATE)}["redis_keys"]
    assert found.growth == pytest.approx(2000)
    assert (found.per, found.verdict) == ("1,000 turns", "steady")


def test_a_figure_that_appears_late_was_nothing_before() -> None:
    late = [sample(number, memory=1) for number in range(20)]
    late = late[:10] + [each.model_copy(update={"lag": {"memory": 5.0}}) for each in late[10:]]
    found = {(each.kind, each.name): each for each in trends(late, RATE)}["lag", "memory"]
    assert (found.first, found.last) == (0, 5)


def test_too_short_a_watch_tells_nothing() -> None:
    assert list(trends([sample(number, memory=1) for number in range(7)], RATE)) == []
