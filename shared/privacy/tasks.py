"""What upkeep works through, tenant by tenant, and what it has done so far. The tables are of `create_upkeep`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.ids import TenantId
from shared.runtime.postgres import Database, TenantConnection

_NOBODY = TenantId(UUID(int=0))
"""A tenant that there is not: to list tenants concerns none of them."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many rows a task has dealt with since the beginning, and when it last did."""

    rows: int = 0
    last_at: datetime | None = None


class Tasks:
    """The tenants of one schema, and what was done to their rows. Raises `Unavailable` without Postgres."""

    def __init__(self, database: Database, schema: str) -> None:
        self._database = database
        self._tenants = f"select {schema}.tenants()"
        self._done = f"select done, last_at from {schema}.upkeep where tenant_id = $1 and task = $2"  # noqa: S608
        self._count = f"""
            insert into {schema}.upkeep as known (tenant_id, task, done, last_at) values ($1, $2, $3, $4)
            on conflict (tenant_id, task) do update set done = known.done + excluded.done, last_at = excluded.last_at
        """  # noqa: S608 -- the name of a schema is ours

    async def tenants(self) -> list[TenantId]:
        """All that the schema holds something of."""
        async with self._database.tenant(_NOBODY) as connection:
            return [TenantId(row[0]) for row in await connection.fetch(self._tenants)]

    async def done(self, tenant_id: TenantId, task: str) -> Done:
        """What a task has done for a tenant."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(self._done, tenant_id, task)
        return Done() if row is None else Done(row["done"], row["last_at"])

    async def count(
        self, connection: TenantConnection, tenant_id: TenantId, task: str, rows: int, now: datetime
    ) -> None:
        """Add to what a task has done, in the transaction that does it."""
        await connection.execute(self._count, tenant_id, task, rows, now)
