"""Erasure of a person's data. Owned by the gateway (asked for) and memory (done)."""

from typing import ClassVar

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
    source: ClassVar[str] = "/parley/memory"
    topic: ClassVar[Topic] = PRIVACY

    service: str
    removed: dict[str, int] = Field(description="Rows removed by store.")
    log_empty_at: AwareDatetime = Field(description="When the last log segment with the person's words has expired.")
