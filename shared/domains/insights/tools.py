"""What the policy may read: the tenant's campaign figures."""

from shared.domains.base import Scope
from shared.domains.insights.figures import Coverage, Grouping, Slice, Totals
from shared.domains.insights.store import Metrics
from shared.runtime.postgres import Database


class InsightsTools:
    """The pack's tools over its table."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._metrics = Metrics(database, scope.tenant_id)

    async def totals(self, part: Slice) -> Totals:
        """The figures of a part, added up."""
        return await self._metrics.totals(part)

    async def grouped(self, part: Slice, grouping: Grouping) -> tuple[Totals, ...]:
        """The figures of a part, for each value of a dimension."""
        return await self._metrics.grouped(part, grouping)

    async def coverage(self) -> Coverage:
        """What there are figures of."""
        return await self._metrics.coverage()
