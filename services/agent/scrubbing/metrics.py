"""What the agent's upkeep counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class UpkeepMetrics:
    """The metrics of the process, registered once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.due = Gauge(
            "parley_agent_upkeep_due", "Endings that a task ought to have dealt with", ["task"], registry=registry
        )
        self.done = Counter(
            "parley_agent_upkeep_done", "Endings that a task has dealt with", ["task"], registry=registry
        )
