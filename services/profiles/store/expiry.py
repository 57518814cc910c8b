"""Signals and scores that were kept long enough. What was folded from them stays in the profiles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True)
class Class:
    """A class of records: the task that deletes them, and its statements."""

    task: str
    delete: str
    overdue: str


SIGNALS: Final = Class(
    "deleted_signals",
    """
    with due as materialized (
        select user_id, event_id from profiles.signals
        where tenant_id = $1 and occurred_at < $2 limit $3 for update skip locked
    ), gone as (
        delete from profiles.signals as signal using due
        where signal.tenant_id = $1 and signal.user_id = due.user_id and signal.event_id = due.event_id returning 1
    )
    select count(*) from gone
    """,
    """
    select count(*) filter (where occurred_at < $2) as due, min(occurred_at) as oldest
    from profiles.signals where tenant_id = $1
    """,
)
SCORES: Final = Class(
    "deleted_scores",
    """
    with due as materialized (
        select user_id, domain, version from profiles.score_history
        where tenant_id = $1 and scored_at < $2 limit $3 for update skip locked
    ), gone as (
        delete from profiles.score_history as score using due
        where score.tenant_id = $1 and score.user_id = due.user_id and score.domain = due.domain
            and score.version = due.version
        returning 1
    )
    select count(*) from gone
    """,
    """
    select count(*) filter (where scored_at < $2) as due, min(scored_at) as oldest
    from profiles.score_history where tenant_id = $1
    """,
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Records that are too old, and when the oldest record of all began."""

    due: int
    oldest: datetime | None


class Expiry:
    """Deletes records that are too old. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks = Tasks(database, "profiles")

    async def expire(
        self, tenant_id: TenantId, records: Class, *, before: datetime, now: datetime, at_most: int
    ) -> int:
        """Delete some records from before a moment; how many."""
        async with self._database.transaction(tenant_id) as connection:
            gone: int = await connection.fetchval(records.delete, tenant_id, before, at_most)
            if gone:
                await self._tasks.count(connection, tenant_id, records.task, gone, now)
        return gone

    async def overdue(self, tenant_id: TenantId, records: Class, *, before: datetime) -> Overdue:
        """What is there from before a moment."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(records.overdue, tenant_id, before)
        return Overdue(0, None) if row is None else Overdue(row["due"], row["oldest"])
