"""What is said of an erasure."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from services.gateway.schemas.common import Public


class ServiceReceipt(Public):
    """One service's part of an erasure."""

    service: str
    completed_at: AwareDatetime | None = Field(
        default=None, description="When it was done here: a look at every table of this service found nothing more."
    )
    removed: dict[str, int] = Field(default_factory=dict, description="Rows removed so far, by table.")


class LogReceipt(Public):
    """A topic of the log, which is not rewritten: what it has of the person goes with age."""

    topic: str
    holds: str
    empty_at: AwareDatetime = Field(description="When the last record from before the erasure has gone.")


class ErasureReceipt(Public):
    """How far an erasure is."""

    erasure_id: UUID
    complete: bool = Field(description="Whether every service is done. What the person does afterwards is kept again.")
    erased_at: AwareDatetime | None = Field(
        default=None, description="What happened up to then is gone or going; whatever of it arrives late is dropped."
    )
    services: tuple[ServiceReceipt, ...]
    live_frames_gone_at: AwareDatetime | None = Field(
        default=None, description="When pieces of running answers have expired even where a worker stood still."
    )
    log_empty_at: AwareDatetime | None = Field(
        default=None, description="When the log has none of the person's words any more, dead letters included."
    )
    logs: tuple[LogReceipt, ...] = ()
    told: tuple[str, ...] = Field(
        default=(), description="Events that other systems may have received: they must erase by `parley.privacy`."
    )
