"""The public models of the shop's own endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from shared.domains.surface import spoken

User = Annotated[str, Field(min_length=1, max_length=128)]


class Nothing(BaseModel):
    """Arguments of what needs none."""


class UserDetails(BaseModel):
    """What a user tells of themselves."""

    username: str | None = Field(default=None, max_length=128)
    email: str | None = Field(default=None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")


class UserView(UserDetails):
    """A user of the shop."""

    user_id: str
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ClosedConversations(BaseModel):
    """Which conversations a user closed, and when."""

    closed: dict[UUID, datetime]


class ChatRequest(UserDetails):
    """Something a user says, in a conversation or in a new one."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"message": "Where is my order?", "user_id": "ana"}]}
    )

    message: Annotated[str, Field(max_length=8000), AfterValidator(spoken)]
    user_id: User
    conversation_id: UUID | None = None


class ChatResponse(BaseModel):
    """The answer, and how the message was understood."""

    conversation_id: UUID
    message_id: UUID = Field(description="The turn; its two messages are in the history.")
    response: str
    intent: str | None
    confidence: float
    entities: tuple[dict[str, JsonValue], ...]
    needs_clarification: bool
    clarification_options: tuple[str, ...] = ()
    data: tuple[dict[str, JsonValue], ...] = ()


class ConversationView(BaseModel):
    """A conversation of a user."""

    conversation_id: UUID
    user_id: str
    title: str | None
    is_active: bool
    message_count: int
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ConversationList(BaseModel):
    """A user's conversations, the last active first."""

    user_id: str
    conversations: tuple[ConversationView, ...]
    next_cursor: str | None


class MessageView(BaseModel):
    """One message."""

    message_id: str
    role: Literal["user", "assistant"]
    content: str
    intent: str | None
    confidence: float | None
    entities: tuple[dict[str, JsonValue], ...]
    created_at: AwareDatetime
    updated_at: AwareDatetime = Field(description="Nobody edits what was said, so when it was said.")


class History(BaseModel):
    """A conversation's messages, in order."""

    conversation_id: UUID
    messages: tuple[MessageView, ...]
    next_cursor: str | None


class ClosedView(BaseModel):
    """A conversation that is closed."""

    conversation_id: UUID
    is_active: bool = False
