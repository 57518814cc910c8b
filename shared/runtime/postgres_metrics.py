"""What a process's pools and their statements look like to operators."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram

from shared.runtime.postgres import Database

SECONDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
OTHER: Final = "other"
"""The name of statements that have none."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a statement took since the process began: bounds that half, 95 and 99 of 100 kept, in seconds."""

    statement: str
    count: int
    p50: float
    p95: float
    p99: float


class PoolMetrics:
    """The pools of a process, read when they are scraped."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._in_use = Gauge("parley_postgres_connections_in_use", "Connections at work", ["pool"], registry=registry)
        self._open = Gauge("parley_postgres_connections_open", "Connections that are open", ["pool"], registry=registry)
        self._limit = Gauge("parley_postgres_connections_limit", "As many may be open", ["pool"], registry=registry)

    def watch(self, pool: str, database: Database) -> None:
        """Show a pool from now on."""
        self._in_use.labels(pool).set_function(lambda: database.connections.in_use)
        self._open.labels(pool).set_function(lambda: database.connections.open)
        self._limit.labels(pool).set_function(lambda: database.connections.limit)


class StatementMetrics:
    """How long the statements of one database take, by name. Callable as `Database.open` wants it."""

    def __init__(self, registry: CollectorRegistry, names: Mapping[str, str]) -> None:
        """`names` tells the name of each statement by its text."""
        histogram = Histogram(
            "parley_postgres_statement_seconds",
            "Duration of statements, failed ones included",
            ["statement"],
            buckets=SECONDS,
            registry=registry,
        )
        self._histogram = histogram
        self._other = histogram.labels(OTHER)
        self._named = {text: histogram.labels(name) for text, name in names.items()}

    def __call__(self, statement: str, seconds: float) -> None:
        """Count one statement."""
        self._named.get(statement, self._other).observe(seconds)

    def latencies(self) -> list[Latency]:
        """Those that ran since the process began, the slowest first."""
        counts: dict[str, list[float]] = {}
        for sample in next(iter(self._histogram.collect())).samples:
            if sample.name.endswith("_bucket"):
                counts.setdefault(sample.labels["statement"], []).append(sample.value)
        found = [_latency(statement, buckets) for statement, buckets in counts.items() if buckets[-1]]
        return sorted(found, key=lambda each: (-each.p99, -each.count, each.statement))


def names_of(*modules: ModuleType) -> dict[str, str]:
    """The statements that these modules name in capitals, by their text."""
    named = ((name, value) for module in modules for name, value in vars(module).items())
    return {
        value: name.lower() for name, value in named if name.isupper() and name[0] != "_" and isinstance(value, str)
    }


def _latency(statement: str, cumulative: Sequence[float]) -> Latency:
    p50, p95, p99 = (quantile(cumulative, share) for share in (0.5, 0.95, 0.99))
    return Latency(statement, int(cumulative[-1]), p50, p95, p99)


def quantile(cumulative: Sequence[float], share: float, bounds: Sequence[float] = SECONDS) -> float:
    """The value that `share` of all stayed below, as Prometheus estimates it: straight between two bounds.

    `cumulative` counts what stayed below each bound, and all at its end; what is beyond the last bound counts as that.
    """
    wanted = share * cumulative[-1]
    place = bisect_left(cumulative, wanted)
    if place >= len(bounds):
        return bounds[-1]
    low, before = (bounds[place - 1], cumulative[place - 1]) if place else (0.0, 0.0)
    within = cumulative[place] - before
    return low + (bounds[place] - low) * ((wanted - before) / within if within else 1.0)
