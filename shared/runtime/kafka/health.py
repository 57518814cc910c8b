"""What a process can say about its Kafka work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one subscription is."""

    group: str
    assigned: int
    """Partitions that are ours."""
    pending: int
    """Records read and not finished."""
    lag: int | None
    """Records in the log that are not finished; None while it is not known."""
    idle_seconds: float
    """Since a record was last started or ended."""
    waiting_for_dependency: bool
    stalled: bool
    """True if there is work, everything needed is up, and nothing has moved for too long."""


@dataclass(frozen=True, slots=True)
class Health:
    """`alive` belongs into /healthz, `ready` into /readyz; the rest explains them."""

    alive: bool
    ready: bool
    producer: bool
    """False after a failed publish, until one succeeds."""
    groups: tuple[Progress, ...]
    readers: dict[str, bool]
    """For each topic that is read whole: whether its positions are known and Kafka answers."""
