"""What operators see of conversations: plain values, without a database."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment to another, which is not in it; of one domain or of all."""

    since: datetime
    until: datetime
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What went on. A conversation is a session in which something was said in that time."""

    sessions: int = 0
    """Opened in that time, and not deleted since."""
    conversations: int = 0
    messages: int = 0
    failed: int = 0
    """Messages that got no answer."""
    users: int = 0
    messages_per_conversation: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayActivity(Activity):
    """What went on in a day, UTC."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainActivity(Activity):
    """What went on in a domain."""

    domain: str


@dataclass(frozen=True, slots=True)
class ActiveUsers:
    """Who said something in the last 24 hours, 7 days and 30 days, before the period's end."""

    day: int
    week: int
    month: int


@dataclass(frozen=True, slots=True)
class IntentCount:
    """How many messages of users meant something; null: nobody could tell what."""

    domain: str
    intent: str | None
    messages: int


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How many messages of users were in a language, BCP 47."""

    language: str
    messages: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """For how many conversations a person should take over, and why."""

    reason: str
    conversations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How content people were, from 1 to 5: by their ratings where they gave any, else as predicted."""

    conversations: int = 0
    mean: float | None = None
    rated: int = 0
    """Conversations with ratings."""
    mean_rated: float | None = None
    mean_predicted: float | None = None
    sentiment: float | None = None
    """The mean of the conversations' means, -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySatisfaction(Satisfaction):
    """Of conversations whose last message in the period came on this day, UTC."""

    day: date


@dataclass(frozen=True, slots=True)
class IndexUse:
    """How often an index was used since the server's statistics began, and how much of it was in memory."""

    table: str
    index: str
    scans: int
    blocks_read: int
    blocks_hit: int
    hit_rate: float | None
    """Null: no block of it was asked for."""


@dataclass(frozen=True, slots=True)
class Experience:
    """How one conversation went for its user."""

    sentiment: float | None = None
    """Mean, -1 to 1; null: nothing was said."""
    trend: float | None = None
    """How far sentiment rose from the first turn to the last, along a straight line; null: fewer than two turns."""
    satisfaction: float | None = None
    """1 to 5; null: nothing was said or rated."""
    is_predicted: bool = False
    escalation: str | None = None
    escalated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionRef:
    """A session, its owner and when it was last heard of."""

    session_id: UUID
    user_id: str
    last_active_at: datetime
