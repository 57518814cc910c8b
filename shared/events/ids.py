"""Identifiers, each a type of its own so that two of them cannot be swapped."""

from typing import Annotated, NewType
from uuid import UUID, uuid5

from pydantic import StringConstraints

TenantId = NewType("TenantId", UUID)
SessionId = NewType("SessionId", UUID)
TurnId = NewType("TurnId", UUID)
EventId = NewType("EventId", UUID)
UserId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]


def event_of(cause: UUID, role: str) -> EventId:
    """The id of the one event that `cause` (a turn, an event) gives rise to in `role`: the same at every attempt."""
    return EventId(uuid5(cause, role))


OPEN_TENANT = TenantId(UUID("00000000-0000-7000-8000-000000000001"))
"""Whose data everything is until accounts exist."""
