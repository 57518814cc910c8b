"""What upkeep works through, tenant by tenant, and what it has done so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.memory.store.weeks import NOBODY
from shared.events.ids import TenantId
from shared.runtime.postgres import Database, TenantConnection

_TENANTS: Final = "select memory.tenants()"
_COUNT: Final = """
insert into memory.upkeep as known (tenant_id, task, done, last_at) values ($1, $2, $3, $4)
on conflict (tenant_id, task) do update set done = known.done + excluded.done, last_at = excluded.last_at
"""
_DONE: Final = "select done, last_at from memory.upkeep where tenant_id = $1 and task = $2"


@dataclass(frozen=True, slots=True)
class Done:
    """How many rows a task has dealt with since the beginning, and when it last did."""

    rows: int = 0
    last_at: datetime | None = None


class Upkeep:
    """Tenants, and what was done to their rows. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tenants(self) -> list[TenantId]:
        """All that have sessions."""
        async with self._database.tenant(NOBODY) as connection:
            return [TenantId(row[0]) for row in await connection.fetch(_TENANTS)]

    async def done(self, tenant_id: TenantId, task: str) -> Done:
        """What a task has done for a tenant."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_DONE, tenant_id, task)
        return Done() if row is None else Done(row["done"], row["last_at"])


async def count(connection: TenantConnection, tenant_id: TenantId, task: str, rows: int, now: datetime) -> None:
    """Add to what a task has done, in the transaction that does it."""
    await connection.execute(_COUNT, tenant_id, task, rows, now)
