"""The live side of a turn: progress frames in Redis streams, and the marks services leave for each other there.

Redis loses nothing that matters: without it replies still arrive whole, from Kafka and the ledger.
"""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

FrameKind = Literal["step", "delta", "clarification", "data", "reset"]

FRAMES_KEPT_SECONDS = 15 * 60
INBOX_LENGTH = 100_000
MARKS_KEPT_SECONDS = 24 * 60 * 60
DELETED_KEPT_SECONDS = 8 * 24 * 60 * 60
"""Longer than a turn can stay in Kafka, so that no late record brings a deleted session back."""

EVENT_FIELD = b"e"
DATA_FIELD = b"d"
TURN_FIELD = b"t"
ID_FIELD = b"i"
"""Fields of a stream entry. A turn's stream has EVENT and DATA; an inbox has all four, ID being the frame's id."""


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True)


class StepFrame(_Payload):
    """What the agent is doing now."""

    label: str


class DeltaFrame(_Payload):
    """The next piece of the answer; the pieces of one attempt make the whole text."""

    text: str


class ClarificationFrame(_Payload):
    """A question the agent needs answered."""

    question: str
    options: tuple[str, ...] = ()


class DataFrame(_Payload):
    """Structured content beside the words."""

    kind: str
    value: JsonValue


class ResetFrame(_Payload):
    """A new attempt begins: forget the text so far."""

    attempt: int


class SnapshotFrame(_Payload):
    """The whole text so far, in place of frames that were lost. Made by gateways."""

    text: str


FRAMES: Mapping[str, type[_Payload]] = {
    "step": StepFrame,
    "delta": DeltaFrame,
    "clarification": ClarificationFrame,
    "data": DataFrame,
    "reset": ResetFrame,
    "snapshot": SnapshotFrame,
}


class Accepted(_Payload):
    """What a gateway remembers of a turn it accepted, for a day."""

    body_hash: str
    submitted_at: str = Field(description="ISO 8601; a repeated request publishes the same time again.")


def turn_stream(turn_id: UUID) -> str:
    """Redis stream of a turn's frames; ids are `<attempt>-<n>`, `reset` is n = 0, others count from 1."""
    return f"turn:{turn_id}"


def inbox_stream(gateway_id: str) -> str:
    """Redis stream of all frames of turns that one gateway process streams."""
    return f"inbox:{gateway_id}"


def accepted_mark(turn_id: UUID) -> str:
    """Key of `Accepted`, set by the gateway."""
    return f"accept:{turn_id}"


def waiting_set(tenant_id: UUID, session_id: UUID) -> str:
    """Sorted set of a session's turns that have not ended, by expiry in ms. The gateway adds, the agent removes."""
    return f"waiting:{tenant_id}:{session_id}"


def ended_mark(tenant_id: UUID, session_id: UUID) -> str:
    """Key of the number of the session's last ended turn; set by the agent before it publishes the ending."""
    return f"ended:{tenant_id}:{session_id}"


def deleted_mark(tenant_id: UUID, session_id: UUID) -> str:
    """Key that exists while a deleted session may still be in flight; set by the gateway."""
    return f"deleted:{tenant_id}:{session_id}"


def opened_mark(tenant_id: UUID, user_id: str) -> str:
    """Key of the id of the session a user opened last; set by the gateway."""
    return f"opened:{tenant_id}:{user_id}"


def session_cache(tenant_id: UUID, session_id: UUID) -> str:
    """Key of a session's owner and domain, which never change; set by the gateway."""
    return f"session:{tenant_id}:{session_id}"
