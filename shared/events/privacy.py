"""Erasure of a person's data. The gateway says that it was asked for, each service that it is done there."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.events.base import UserEvent
from shared.events.topics import PRIVACY, Topic


class ErasureRequested(UserEvent):
    """A person's data must go from every store."""

    type: ClassVar[str] = "parley.erasure.requested.v1"
    source: ClassVar[str] = "/parley/gateway"
    topic: ClassVar[Topic] = PRIVACY


class ErasureCompleted(UserEvent):
    """One service has removed everything it held of the person."""

    type: ClassVar[str] = "parley.erasure.completed.v1"
    source: ClassVar[str] = "/parley/privacy"
    topic: ClassVar[Topic] = PRIVACY

    service: str
    removed: dict[str, int] = Field(description="Rows removed by store.")
    log_empty_at: AwareDatetime = Field(description="When the last log segment with the person's words has expired.")
    erasure_id: UUID | None = Field(default=None, description="The event that asked for it.")
    erased_at: AwareDatetime | None = Field(
        default=None, description="Nothing of the person up to then is there, or comes back. Later: they came back."
    )
