"""One page for operators: everything that is known of a period's conversations, and of the tables now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.memory.figures import (
    ActiveUsers,
    Activity,
    DayActivity,
    DaySatisfaction,
    DomainActivity,
    IndexUse,
    IntentCount,
    LanguageCount,
    Period,
    ReasonCount,
    Satisfaction,
)
from services.memory.store import Monitoring
from shared.events.ids import TenantId
from shared.runtime.postgres import Connections, Database
from shared.runtime.postgres_metrics import Latency, StatementMetrics

UNSPOKEN_AFTER: Final = timedelta(days=1)
"""A session that was opened so long ago and never spoken in is an orphan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReport:
    """Memory's database, as the process that answers sees it."""

    pool: Connections
    statements: list[Latency]
    indexes: list[IndexUse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The page. Days and domains in which nothing happened are absent."""

    since: datetime
    until: datetime
    domain: str | None
    activity: Activity
    days: list[DayActivity]
    domains: list[DomainActivity]
    active_users: ActiveUsers
    intents: list[IntentCount]
    languages: list[LanguageCount]
    escalations: list[ReasonCount]
    satisfaction: Satisfaction
    satisfaction_by_day: list[DaySatisfaction]
    unspoken_sessions: int
    store: StoreReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Makes reports. Raises `Unavailable` without Postgres."""

    monitoring: Monitoring
    database: Database
    timings: StatementMetrics | None
    now: Callable[[], datetime]

    async def of(self, tenant_id: TenantId, days: int, domain: str | None) -> Report:
        """The last days of a tenant's conversations, up to now."""
        now = self.now()
        period = Period(now - timedelta(days=days), now, domain)
        activity, by_day, by_domain = await self.monitoring.activity(tenant_id, period)
        intents, languages = await self.monitoring.topics(tenant_id, period)
        satisfaction, satisfaction_by_day = await self.monitoring.satisfaction(tenant_id, period)
        return Report(
            since=period.since,
            until=period.until,
            domain=domain,
            activity=activity,
            days=by_day,
            domains=by_domain,
            active_users=await self.monitoring.active_users(tenant_id, period),
            intents=intents,
            languages=languages,
            escalations=await self.monitoring.escalations(tenant_id, period),
            satisfaction=satisfaction,
            satisfaction_by_day=satisfaction_by_day,
            unspoken_sessions=await self.monitoring.unspoken(tenant_id, now - UNSPOKEN_AFTER),
            store=await self._store(),
        )

    async def _store(self) -> StoreReport:
        return StoreReport(
            pool=self.database.connections,
            statements=[] if self.timings is None else self.timings.latencies(),
            indexes=await self.monitoring.indexes(),
        )
