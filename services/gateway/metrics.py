"""What the gateway counts for operators."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5)


class Metrics:
    """The gateway's own metrics in one registry."""

    def __init__(self, registry: CollectorRegistry, *, open_streams: Callable[[], float]) -> None:
        self.accepted = Counter("parley_gateway_turns_accepted", "Turns that Kafka acknowledged.", registry=registry)
        self.accept_seconds = Histogram(
            "parley_gateway_accept_seconds",
            "From a checked request to Kafka's acknowledgement.",
            buckets=_BUCKETS,
            registry=registry,
        )
        self.snapshots = Counter(
            "parley_gateway_snapshots", "Streams that got the whole text because frames were lost.", registry=registry
        )
        gauge = Gauge("parley_gateway_open_streams", "Streams and waiting requests open now.", registry=registry)
        gauge.set_function(open_streams)
