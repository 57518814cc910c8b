"""What is measured now and then, over all tenants."""

from prometheus_client import CollectorRegistry, Gauge


class MonitoringMetrics:
    """The gauges that the job sets, registered once. Every process of memory shows the same."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"parley_memory_{name}", text, labels, registry=registry)

        self.active_users = gauge("active_users", "Users who said something in the last day, week, month", "window")
        self.sessions = gauge("last_day_sessions", "Sessions opened in the last 24 hours")
        self.conversations = gauge(
            "last_day_conversations", "Sessions in which something was said in the last 24 hours"
        )
        self.messages = gauge("last_day_messages", "Messages of the last 24 hours")
        self.failed = gauge("last_day_failed_messages", "Those of them that got no answer")
        self.satisfaction = gauge("satisfaction", "Mean of the last 24 hours, 1 to 5, by ratings or as predicted", "by")
        self.unspoken = gauge("unspoken_sessions", "Sessions opened a day ago or earlier and never spoken in")
        self.hit_ratio = gauge("index_hit_ratio", "Share of an index's blocks that were in memory", "table", "index")
