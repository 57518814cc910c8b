"""Latencies as operators see them, from the counts of a histogram."""

from types import ModuleType

import pytest
from prometheus_client import CollectorRegistry

from shared.runtime.postgres_metrics import OTHER, SECONDS, StatementMetrics, names_of, quantile


@pytest.mark.parametrize(
    ("cumulative", "share", "value"),
    [
        ([4, 8, 8, 8], 0.5, 1.0),
        ([4, 8, 8, 8], 0.75, 2.0),
        ([0, 10, 10, 10], 0.5, 2.0),
        ([0, 0, 4, 4], 0.25, 4.0),
        ([0, 0, 4, 8], 0.99, 7.0),
    ],
)
def test_a_quantile_lies_straight_between_two_bounds(cumulative: list[float], share: float, value: float) -> None:
    assert quantile(cumulative, share, bounds=(1.0, 3.0, 7.0)) == value


def test_statements_are_timed_under_their_names_slowest_first() -> None:
    metrics = StatementMetrics(CollectorRegistry(), {"select 1": "one", "select 2": "two"})
    for _ in range(100):
        metrics("select 1", 0.0001)
    metrics("select 2", 60)
    metrics("select now()", 0.003)

    found = metrics.latencies()

    assert [(each.statement, each.count) for each in found] == [("two", 1), (OTHER, 1), ("one", 100)]
    assert found[0].p99 == SECONDS[-1]
    assert found[2].p50 == 0.00025


def test_statements_are_named_for_the_constants_that_hold_them() -> None:
    statements = ModuleType("statements")
    vars(statements).update(FIND="select 1", LIMIT=20, _HIDDEN="select 2")

    assert names_of(statements) == {"select 1": "find"}
