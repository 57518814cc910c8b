"""Measures conversations over all tenants, for whoever scrapes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.memory.figures import ActiveUsers, Activity, Period, Satisfaction
from services.memory.monitoring.metrics import MonitoringMetrics
from services.memory.monitoring.report import UNSPOKEN_AFTER
from services.memory.store import Monitoring
from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Measured:
    """One tenant's last day."""

    activity: Activity
    users: ActiveUsers
    satisfaction: Satisfaction
    unspoken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """Sets the gauges. Raises `Unavailable` without Postgres; they then show what was measured last."""

    tasks: Tasks
    monitoring: Monitoring
    metrics: MonitoringMetrics
    now: Callable[[], datetime]

    async def run(self) -> None:
        """Measure once."""
        found = [await self._measure(tenant_id) for tenant_id in await self.tasks.tenants()]
        self._show(found)
        for index in await self.monitoring.indexes():
            if index.hit_rate is not None:
                self.metrics.hit_ratio.labels(index.table, index.index).set(index.hit_rate)

    async def _measure(self, tenant_id: TenantId) -> _Measured:
        now = self.now()
        period = Period(now - _DAY, now)
        activity, _, _ = await self.monitoring.activity(tenant_id, period)
        satisfaction, _ = await self.monitoring.satisfaction(tenant_id, period)
        users = await self.monitoring.active_users(tenant_id, period)
        return _Measured(activity, users, satisfaction, await self.monitoring.unspoken(tenant_id, now - UNSPOKEN_AFTER))

    def _show(self, found: Sequence[_Measured]) -> None:
        metrics = self.metrics
        for window in ("day", "week", "month"):
            metrics.active_users.labels(window).set(sum(getattr(each.users, window) for each in found))
        metrics.sessions.set(sum(each.activity.sessions for each in found))
        metrics.conversations.set(sum(each.activity.conversations for each in found))
        metrics.messages.set(sum(each.activity.messages for each in found))
        metrics.failed.set(sum(each.activity.failed for each in found))
        metrics.unspoken.set(sum(each.unspoken for each in found))
        for by, mean in means([each.satisfaction for each in found]).items():
            metrics.satisfaction.labels(by).set(mean)


def means(found: Sequence[Satisfaction]) -> dict[str, float]:
    """The means over tenants, each with the weight of its conversations; without conversations there are none."""
    weighted = {
        "rating": [(each.mean_rated, each.rated) for each in found],
        "prediction": [(each.mean_predicted, each.conversations - each.rated) for each in found],
    }
    return {
        by: sum((mean or 0) * weight for mean, weight in each) / total
        for by, each in weighted.items()
        if (total := sum(weight for _, weight in each))
    }
