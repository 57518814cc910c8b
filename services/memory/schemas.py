"""What memory's internal API answers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.memory.transcript import Progress, Role, Status
from shared.events.replies import Clarification, DataPart, Entity


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class SessionView(_View):
    """A session in a user's list."""

    session_id: UUID
    domain: str
    title: str | None
    created_at: datetime
    last_active_at: datetime
    message_count: int
    turn_no: int = Field(description="The last ended turn.")


class ExperienceView(_View):
    """How a conversation went for its user."""

    sentiment: float | None
    trend: float | None
    satisfaction: float | None
    is_predicted: bool
    escalation: str | None
    escalated_at: datetime | None


class OwnedSessionView(SessionView):
    """A session, who owns it, and how it went."""

    user_id: str
    experience: ExperienceView | None = None


class SessionsView(_View):
    """A page of sessions, last active first."""

    items: list[SessionView]
    next_cursor: str | None
    as_of: datetime


class RatingView(_View):
    """What the user thought of a message."""

    rating: int
    comment: str | None


class MessageView(_View):
    """One thing said."""

    message_id: UUID
    turn_id: UUID
    turn_no: int | None = Field(description="None: the turn has not ended.")
    role: Role
    text: str
    intent: str | None
    confidence: float | None
    entities: tuple[Entity, ...]
    language: str
    sentiment: float | None
    data: tuple[DataPart, ...]
    clarification: Clarification | None
    created_at: datetime
    status: Status
    feedback: RatingView | None


class MessagesView(_View):
    """A page of messages in order. What waits for its answer follows the last page, beyond its limit."""

    items: list[MessageView]
    next_cursor: str | None
    as_of: datetime
    complete: bool = Field(description="Whether the turn number asked for is included.")


class TurnView(_View):
    """How far a turn is."""

    status: Progress
