"""What operators see of conversations and of the stores behind, and how they clean up."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.gateway.schemas.common import Public, example
from services.gateway.schemas.upkeep import UpkeepView
from shared.events.ids import SessionId


class ActivityView(Public):
    """What went on. A conversation is a session in which something was said in the period."""

    sessions: int = Field(description="Opened in the period, and not deleted since.")
    conversations: int
    messages: int
    failed: int = Field(description="Messages that got no answer.")
    users: int
    messages_per_conversation: float | None


class DayActivityView(ActivityView):
    """What went on in a day, UTC."""

    day: date


class DomainActivityView(ActivityView):
    """What went on in a domain."""

    domain: str


class ActiveUsersView(Public):
    """Who said something in the last 24 hours, 7 days and 30 days, whatever the period."""

    day: int
    week: int
    month: int


class IntentCount(Public):
    """How many messages of users meant something."""

    domain: str
    intent: str | None = Field(description="Null: nobody could tell.")
    messages: int


class LanguageCount(Public):
    """How many messages of users were in a language."""

    language: str
    messages: int


class ReasonCount(Public):
    """For how many conversations a person should have taken over, and why."""

    reason: str
    conversations: int


class SatisfactionView(Public):
    """How content people were, 1 to 5."""

    conversations: int
    mean: float | None
    rated: int = Field(description="Conversations with ratings.")
    mean_rated: float | None
    mean_predicted: float | None = Field(description="Of the others, by a rule: docs/monitoring.md has it.")
    sentiment: float | None = Field(description="-1 to 1.")


class DaySatisfactionView(SatisfactionView):
    """Of conversations whose last message in the period came on this day, UTC."""

    day: date


class PoolView(Public):
    """Memory's connections to Postgres: at work, open, and how many may be."""

    in_use: int
    open: int
    limit: int


class LatencyView(Public):
    """How long a statement took, in seconds, since the process that answers began."""

    statement: str
    count: int
    p50: float
    p95: float
    p99: float


class IndexUseView(Public):
    """How an index was used since the server's statistics began."""

    table: str
    index: str
    scans: int
    blocks_read: int
    blocks_hit: int
    hit_rate: float | None = Field(description="Share of blocks that were in memory; null: none was asked for.")


class StoreView(Public):
    """Memory's database, as the process that answers sees it."""

    pool: PoolView
    statements: tuple[LatencyView, ...]
    indexes: tuple[IndexUseView, ...]


class ConversationReport(Public):
    """The conversations of a period. Days and domains in which nothing happened are absent."""

    since: AwareDatetime
    until: AwareDatetime
    domain: str | None
    activity: ActivityView
    days: tuple[DayActivityView, ...]
    domains: tuple[DomainActivityView, ...]
    active_users: ActiveUsersView
    intents: tuple[IntentCount, ...]
    languages: tuple[LanguageCount, ...]
    escalations: tuple[ReasonCount, ...]
    satisfaction: SatisfactionView
    satisfaction_by_day: tuple[DaySatisfactionView, ...]
    unspoken_sessions: int = Field(description="Opened a day ago or earlier and never spoken in: orphans.")
    store: StoreView


class MonitoringReport(ConversationReport):
    """The same, and how well promises about the age of records are kept."""

    on_time: bool = Field(description="Whether nothing is due that ought to be scrubbed or deleted.")
    upkeep: tuple[UpkeepView, ...]


class CleanupRequest(Public):
    """Which sessions to clean up."""

    kind: Literal["unspoken", "ownerless", "idle"] = Field(
        default="unspoken",
        description="Opened and never spoken in; unknown to the agent, as what came through records is; or any.",
    )
    days: int | None = Field(
        default=None, ge=1, le=3650, description="Not heard of for so long; null: 1, and 730 of idle ones."
    )
    dry_run: bool = Field(default=True, description="Only tell what would go.")
    limit: int = Field(default=100, ge=1, le=1000, description="As many go at most.")
    after: UUID = Field(default=UUID(int=0), description="`next` of the report before.")

    model_config = example(kind="unspoken", dry_run=True)


class CleanupReport(Public):
    """What went, or would go."""

    kind: str
    before: AwareDatetime = Field(description="Sessions that were heard of later are left alone.")
    dry_run: bool
    checked: int
    sessions: tuple[SessionId, ...] = Field(description="Those that go. They are deleted as if by their owners.")
    next: UUID | None = Field(description="Pass it as `after` to go on; null: all were looked at.")
