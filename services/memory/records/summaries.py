"""Summaries of users' interactions, one by one and put together."""

from typing import Any

from services.memory.records.declarations import SUMMARIES, Cohort, InteractionSummary, Totals
from services.memory.store.summary_statements import aggregate
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from shared.runtime.records import Filter, RecordTable


class InteractionSummaries(RecordTable[InteractionSummary]):
    """The summaries of a tenant's users."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, SUMMARIES)

    async def together(self, tenant_id: TenantId, cohort: Cohort) -> Totals:
        """What the summaries of these users come to."""
        statement, arguments = aggregate(_filters(cohort))
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(statement, tenant_id, *arguments)
        return Totals.model_validate(dict(row or {}))


def _filters(cohort: Cohort) -> tuple[Filter, ...]:
    wanted: tuple[tuple[Filter, Any], ...] = (
        (Filter("user_id", "in", cohort.user_ids), cohort.user_ids),
        (Filter("outlet_id", "eq", cohort.outlet_id), cohort.outlet_id),
        (Filter("preferred_language", "eq", cohort.preferred_language), cohort.preferred_language),
        (Filter("last_interaction", "gte", cohort.active_since), cohort.active_since),
    )
    return tuple(each for each, value in wanted if value is not None)
