"""What the agent counts of its models."""

from prometheus_client import CollectorRegistry, Counter


class ModelMetrics:
    """The metrics of the process, registered once, by configured model."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "parley_llm_requests", "Requests to models, by how they ended", ["model", "outcome"], registry=registry
        )
        self.tokens = Counter("parley_llm_tokens", "Tokens read and written", ["model", "direction"], registry=registry)
        self.jobs = Counter(
            "parley_llm_jobs", "What models were asked to do for turns, and whether it stood", ["job", "outcome"],
            registry=registry,
        )  # fmt: skip
