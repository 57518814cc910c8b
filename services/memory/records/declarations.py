"""What the records of memory are, and what may be asked of them."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, JsonValue
from uuid_utils.compat import uuid7

from services.memory.transcript import Role, Status
from shared.events.ids import UserId
from shared.runtime.records import EQUAL, RANGE, Record

Name = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0)]
Object = dict[str, JsonValue]


class ConversationSession(BaseModel):
    """A session. `message_count` counts what was said, also what is not kept any more."""

    session_id: UUID
    user_id: UserId
    domain: Name
    outlet_id: Name | None
    language: Name | None
    title: Annotated[str, Field(max_length=60)] | None
    start_time: AwareDatetime
    end_time: AwareDatetime
    message_count: Count = 0
    intents: tuple[Name, ...] = ()
    context: Object = {}


class ConversationMessage(BaseModel):
    """One thing said in a session."""

    message_id: UUID
    session_id: UUID
    user_id: UserId
    turn_no: int
    role: Role
    content: Annotated[str, Field(min_length=1, max_length=32_000)]
    language: Name = "und"
    intent: Name | None
    confidence: Annotated[float, Field(ge=0, le=1)] | None
    sentiment: Annotated[float, Field(ge=-1, le=1)] | None
    status: Status
    context: Object = {}
    pii_scrubbed: bool = False
    timestamp: AwareDatetime
    embedding: tuple[float, ...] | None = None


class InteractionSummary(BaseModel):
    """What is known of all conversations of one user."""

    user_id: UserId
    outlet_id: Name | None
    total_conversations: Count = 0
    total_messages: Count = 0
    common_intents: dict[str, Count] = Field(default={}, description="Intent -> in how many conversations.")
    preferred_language: Name | None
    avg_satisfaction: float | None = Field(description="The mean of all ratings, 1 to 5.")
    rating_sum: Count = 0
    rating_count: Count = 0
    first_interaction: AwareDatetime
    last_interaction: AwareDatetime
    metadata: Object = {}


class Cohort(BaseModel):
    """Users whose summaries are put together: all, but for what is named here."""

    user_ids: Annotated[list[UserId], Field(min_length=1, max_length=10_000)] | None = None
    outlet_id: Name | None = None
    preferred_language: Name | None = None
    active_since: AwareDatetime | None = None


class Totals(BaseModel):
    """The summaries of many users in one."""

    users: int
    total_conversations: int
    total_messages: int
    avg_satisfaction: float | None
    rating_count: int
    first_interaction: AwareDatetime | None
    last_interaction: AwareDatetime | None
    common_intents: dict[str, int] = Field(description="The most frequent intents -> in how many conversations.")
    languages: dict[str, int] = Field(description="Language -> how many users prefer it.")


SESSIONS: Final = Record(
    name="conversation_sessions",
    table="memory.conversation_sessions",
    model=ConversationSession,
    key="session_id",
    new_key=uuid7,
    writable=frozenset({"outlet_id", "title", "context"}),
    initial=frozenset({"user_id", "domain", "language", "start_time", "end_time", "intents"}),
    filters={
        "user_id": EQUAL,
        "domain": EQUAL,
        "outlet_id": EQUAL,
        "language": EQUAL,
        "start_time": RANGE,
        "end_time": RANGE,
        "message_count": RANGE,
    },
    orders=("end_time", "start_time", "message_count", "session_id"),
)

MESSAGES: Final = Record(
    name="conversation_messages",
    table="memory.conversation_messages",
    model=ConversationMessage,
    key="message_id",
    new_key=uuid7,
    writable=frozenset({"content", "language", "intent", "confidence", "sentiment", "context", "pii_scrubbed"}),
    initial=frozenset({"session_id", "role", "timestamp"}),
    heavy=frozenset({"embedding"}),
    filters={
        "session_id": EQUAL,
        "user_id": EQUAL,
        "role": EQUAL,
        "language": EQUAL,
        "intent": EQUAL,
        "confidence": RANGE,
        "sentiment": RANGE,
        "pii_scrubbed": frozenset({"eq"}),
        "timestamp": RANGE,
    },
    orders=("timestamp", "turn_no"),
)

SUMMARIES: Final = Record(
    name="user_interaction_summaries",
    table="memory.user_interaction_summaries",
    model=InteractionSummary,
    key="user_id",
    writable=frozenset({"outlet_id", "metadata"}),
    initial=frozenset(
        {
            "total_conversations",
            "total_messages",
            "common_intents",
            "preferred_language",
            "rating_sum",
            "rating_count",
            "first_interaction",
            "last_interaction",
        }
    ),
    filters={
        "user_id": EQUAL,
        "outlet_id": EQUAL,
        "preferred_language": EQUAL,
        "total_conversations": RANGE,
        "total_messages": RANGE,
        "avg_satisfaction": frozenset[Literal["gte", "lte"]]({"gte", "lte"}),
        "first_interaction": RANGE,
        "last_interaction": RANGE,
    },
    orders=("total_conversations", "total_messages", "last_interaction", "user_id"),
)
