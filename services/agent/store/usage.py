"""What language models did, by turn; summed up by day for who pays for them."""

from datetime import date

from services.agent.schemas import DailyUsage
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

RECORD = """
insert into agent.usage
    (tenant_id, turn_id, domain, model, requests, input_tokens, output_tokens, tool_calls, used_at)
select $1, $2, domain, $4, $5, $6, $7, $8, $9 from agent.sessions where tenant_id = $1 and session_id = $3
"""

_BY_DAY = """
select (used_at at time zone 'UTC')::date as day, domain, model, count(*) as turns, sum(requests)::bigint as requests,
    sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens,
    sum(tool_calls)::bigint as tool_calls
from agent.usage
where tenant_id = $1 and used_at >= $2::date::timestamp at time zone 'UTC'
    and used_at < ($3::date + 1)::timestamp at time zone 'UTC'
group by day, domain, model
order by day, domain, model
"""


class UsageBook:
    """Reads what the ledger recorded with each turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_day(self, tenant_id: TenantId, first: date, last: date) -> list[DailyUsage]:
        """A tenant's usage from one day to another, both included. Raises `Unavailable` without Postgres."""
        async with self._database.tenant(tenant_id) as connection:
            return [DailyUsage(**row) for row in await connection.fetch(_BY_DAY, tenant_id, first, last)]
