"""Prometheus metrics of the Kafka runtime, with their labels resolved once."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60)


class GroupMetrics:
    """What one consumer group's subscription counts."""

    __slots__ = ("dead", "done", "failed", "ignored", "seconds", "skipped", "stale", "unavailable")

    def __init__(self, metrics: "Metrics", group: str) -> None:
        """The group's own children of the process's metrics."""
        records = metrics.records
        self.done = records.labels(group, "done")
        self.failed = records.labels(group, "failed")
        self.unavailable = records.labels(group, "unavailable")
        self.dead = records.labels(group, "dead")
        self.ignored = records.labels(group, "ignored")
        self.skipped = records.labels(group, "skipped")
        self.stale = records.labels(group, "stale")
        self.seconds = metrics.seconds.labels(group)


class Metrics:
    """The metrics of a process, registered once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register everything with `registry`."""
        self.records = Counter(
            "parley_kafka_records",
            "Attempts and records by outcome: failed and unavailable attempts are tried again; skipped records were "
            "finished by an earlier owner, stale ones belong to another owner now",
            ["group", "outcome"],
            registry=registry,
        )
        self.seconds = Histogram(
            "parley_kafka_handler_seconds",
            "Duration of an attempt",
            ["group"],
            buckets=SECONDS,
            registry=registry,
        )
        self._pending = Gauge("parley_kafka_pending", "Records read and not finished", ["group"], registry=registry)
        self._lag = Gauge(
            "parley_kafka_lag",
            "Records in the log that are not finished, as far as known",
            ["group"],
            registry=registry,
        )
        self.published = Counter("parley_kafka_published", "Publishes by outcome", ["outcome"], registry=registry)

    def of(self, group: str) -> GroupMetrics:
        """A group's own metrics."""
        return GroupMetrics(self, group)

    def observe(self, group: str, *, pending: Callable[[], float], lag: Callable[[], float]) -> None:
        """Read a group's gauges when they are scraped."""
        self._pending.labels(group).set_function(pending)
        self._lag.labels(group).set_function(lag)
