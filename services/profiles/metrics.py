"""What the profiles service counts."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class ProfilesMetrics:
    """The metrics of the process, registered once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.interactions = Counter(
            "parley_profiles_interactions", "Interactions folded into profiles", ["domain"], registry=registry
        )
        self.repeated = Counter(
            "parley_profiles_repeated", "Events that had been folded before and were published again", registry=registry
        )
        self.batch = Histogram(
            "parley_profiles_batch_events", "Events that share one transaction", buckets=_SIZES, registry=registry
        )
        self.late_reads = Counter(
            "parley_profiles_late_reads",
            "Reads that waited in vain for signals they had to include",
            registry=registry,
        )
        self.deleted = Counter(
            "parley_profiles_deleted", "Records deleted since they were kept long enough", ["task"], registry=registry
        )
