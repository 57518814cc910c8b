"""What memory counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class MemoryMetrics:
    """The metrics of the process, registered once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.messages = Counter("parley_memory_messages", "Messages stored", registry=registry)
        self.batch = Histogram(
            "parley_memory_batch_turns",
            "Turns that share one transaction",
            ["kind"],
            buckets=_SIZES,
            registry=registry,
        )
        self.embedded = Counter(
            "parley_memory_embedded_messages", "Messages embedded, again ones included", registry=registry
        )
        self.expired = Counter(
            "parley_memory_turns_expired", "Pending turns whose ending did not arrive in time", registry=registry
        )
        self.escalations = Counter(
            "parley_memory_escalations", "Conversations a person should take over", ["reason"], registry=registry
        )
        self.late_reads = Counter(
            "parley_memory_late_reads", "Reads that waited in vain for what they had to include", registry=registry
        )
        self.scrubbed = Counter(
            "parley_memory_scrubbed_messages", "Messages from which personal data was taken", registry=registry
        )
        self.scrubbed_items = Counter(
            "parley_memory_scrubbed_items", "What was taken from messages, by kind", ["kind"], registry=registry
        )
        self.scrub_due = Gauge(
            "parley_memory_scrub_due", "Messages that ought to be scrubbed and are not", registry=registry
        )
        self.scrub_behind = Gauge(
            "parley_memory_scrub_behind_seconds", "How long the oldest of them has been due", registry=registry
        )
        self.expiry_due = Gauge(
            "parley_memory_expiry_due", "Records that were kept too long", ["records"], registry=registry
        )
        self.deleted = Counter(
            "parley_memory_deleted_records",
            "Records deleted since they were kept long enough",
            ["records"],
            registry=registry,
        )
