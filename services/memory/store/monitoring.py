"""Reads what operators want to know of conversations and of the tables themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.memory.figures import (
    ActiveUsers,
    Activity,
    DayActivity,
    DaySatisfaction,
    DomainActivity,
    Experience,
    IndexUse,
    IntentCount,
    LanguageCount,
    Period,
    ReasonCount,
    Satisfaction,
    SessionRef,
)
from services.memory.store import monitoring_statements as statements
from services.memory.store.history import Session
from services.memory.store.weeks import NOBODY
from shared.events.ids import TenantId
from shared.runtime.postgres import Database


class Monitoring:
    """Figures of one tenant's conversations. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def activity(
        self, tenant_id: TenantId, period: Period
    ) -> tuple[Activity, list[DayActivity], list[DomainActivity]]:
        """What went on in the period: in all, day by day, and by domain; those without anything are absent."""
        said, opened = await self._fetch(tenant_id, period, statements.ACTIVITY, statements.OPENED)
        in_all = next(iter(_merged(_level(said), _level(opened)).values()), {})
        days = _merged(_level(said, "day"), _level(opened, "day"))
        domains = _merged(_level(said, "domain"), _level(opened, "domain"))
        return (
            Activity(**in_all),
            [DayActivity(day=day, **figures) for day, figures in sorted(days.items())],
            [DomainActivity(domain=domain, **figures) for domain, figures in sorted(domains.items())],
        )

    async def active_users(self, tenant_id: TenantId, period: Period) -> ActiveUsers:
        """Who was active before the end of the period."""
        async with self._database.tenant(tenant_id) as connection:
            [row] = await connection.fetch(statements.ACTIVE_USERS, tenant_id, period.until, period.domain)
        return ActiveUsers(**row)

    async def topics(self, tenant_id: TenantId, period: Period) -> tuple[list[IntentCount], list[LanguageCount]]:
        """What people wanted and which languages they spoke, the most frequent first."""
        intents, languages = await self._fetch(tenant_id, period, statements.INTENTS, statements.LANGUAGES)
        return [IntentCount(**row) for row in intents], [LanguageCount(**row) for row in languages]

    async def escalations(self, tenant_id: TenantId, period: Period) -> list[ReasonCount]:
        """For which conversations a person should have taken over in the period."""
        [rows] = await self._fetch(tenant_id, period, statements.ESCALATIONS)
        return [ReasonCount(**row) for row in rows]

    async def satisfaction(self, tenant_id: TenantId, period: Period) -> tuple[Satisfaction, list[DaySatisfaction]]:
        """How content people were: in all, and day by day."""
        [rows] = await self._fetch(tenant_id, period, statements.SATISFACTION)
        days = [DaySatisfaction(**_told(row, "is_day")) for row in rows if row["is_day"]]
        in_all = next(
            (Satisfaction(**_told(row, "is_day", "day")) for row in rows if not row["is_day"]), Satisfaction()
        )
        return in_all, sorted(days, key=lambda each: each.day)

    async def experience(self, tenant_id: TenantId, session: Session) -> Experience:
        """How a conversation went for its user."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(
                statements.EXPERIENCE, tenant_id, session.created_at, session.last_active_at, session.session_id
            )
        return Experience() if row is None else Experience(**row)

    async def unspoken(self, tenant_id: TenantId, before: datetime) -> int:
        """How many sessions were opened before a moment and never spoken in."""
        async with self._database.tenant(tenant_id) as connection:
            return int(await connection.fetchval(statements.UNSPOKEN, tenant_id, before))

    async def sessions(
        self, tenant_id: TenantId, *, unspoken: bool, before: datetime, after: UUID, limit: int
    ) -> list[SessionRef]:
        """Sessions last heard of before a moment, never spoken in or all of them; by id, those behind `after`."""
        statement = statements.UNSPOKEN_SESSIONS if unspoken else statements.SILENT_SESSIONS
        async with self._database.tenant(tenant_id) as connection:
            return [SessionRef(**row) for row in await connection.fetch(statement, tenant_id, before, after, limit)]

    async def indexes(self) -> list[IndexUse]:
        """How well the indexes of all tenants serve."""
        async with self._database.tenant(NOBODY) as connection:
            return [IndexUse(**row) for row in await connection.fetch(statements.INDEX_USE)]

    async def _fetch(self, tenant_id: TenantId, period: Period, *queries: str) -> list[list[asyncpg.Record]]:
        async with self._database.tenant(tenant_id) as connection:
            return [
                await connection.fetch(query, tenant_id, period.since, period.until, period.domain) for query in queries
            ]


_LEVELS = ("day", "domain")


def _level(rows: Iterable[asyncpg.Record], by: str | None = None) -> dict[Any, dict[str, Any]]:
    """The figures of one grouping, by its value: of days, of domains, or in all."""
    wanted = [row for row in rows if all(row[f"is_{level}"] == (level == by) for level in _LEVELS)]
    return {row[by] if by else None: _told(row, "is_day", "is_domain", *_LEVELS) for row in wanted}


def _merged(said: dict[Any, dict[str, Any]], opened: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    both = {key: {**opened.get(key, {}), **said.get(key, {})} for key in {**said, **opened}}
    return {key: {**figures, "messages_per_conversation": _mean(figures)} for key, figures in both.items()}


def _mean(figures: dict[str, Any]) -> float | None:
    conversations = figures.get("conversations")
    return figures["messages"] / conversations if conversations else None


def _told(row: asyncpg.Record, *without: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in without}
