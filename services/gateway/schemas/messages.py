"""What was said."""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.gateway.schemas.common import Public
from services.gateway.schemas.turns import ClarificationView, DataView, EntityView
from shared.events.ids import TurnId


class MessageFeedback(Public):
    """What the user thought of a message."""

    rating: int
    comment: str | None = None


class MessageView(Public):
    """One message of a conversation."""

    message_id: str
    turn_id: TurnId
    turn_no: int | None = None
    role: Literal["user", "assistant"]
    text: str
    intent: str | None = None
    confidence: float | None = None
    entities: tuple[EntityView, ...] = ()
    language: str = "und"
    sentiment: float | None = None
    data: tuple[DataView, ...] = ()
    clarification: ClarificationView | None = None
    created_at: AwareDatetime
    status: Literal["pending", "final", "failed", "cancelled"]
    feedback: MessageFeedback | None = None


class MessagePage(Public):
    """Some of a session's messages, in order."""

    items: tuple[MessageView, ...]
    next_cursor: str | None = None
    as_of: AwareDatetime = Field(description="Nothing older than this is missing.")
    complete: bool = Field(default=True, description="Whether the session's last ended turn is in the history.")
