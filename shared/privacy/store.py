"""One schema's erasures, and its holdings of people: read, and removed in batches."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.errors import Unavailable
from shared.events.ids import TenantId
from shared.privacy import statements
from shared.privacy.registry import Holding, Registry
from shared.privacy.statements import Removal, exports, unnamed
from shared.privacy.subjects import Subjects
from shared.runtime.failpoints import failpoint
from shared.runtime.polling import read_until
from shared.runtime.postgres import Database, TenantConnection

_BATCH = 500
_ROWS_READ = 200
_PATIENCE = timedelta(seconds=30)

Transaction = tuple[int, datetime]
"""A server process and when its transaction began."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of a tenant."""

    tenant_id: TenantId
    user_id: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """How far a person's erasure is here. Nothing of them up to `erased_at` may come back, whatever arrives late."""

    erasure_id: UUID
    erased_at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One row of a person's data."""

    table: str
    row: Mapping[str, Any]


class PersonalData:
    """What a schema holds of people, as its registry declares it. Methods raise `Unavailable` without Postgres."""

    def __init__(self, database: Database, schema: str, registry: Registry, subjects: Subjects) -> None:
        self._database = database
        self._schema = schema
        self._registry = registry
        self._subjects = subjects

    async def export(self, person: Person) -> AsyncIterator[Held]:
        """Every row of this person, as of one moment."""
        async with (
            self._database.tenant(person.tenant_id) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            for table, select in exports(self._registry):
                async for row in connection.cursor(select, person.tenant_id, person.user_id, prefetch=_ROWS_READ):
                    yield Held(table, dict(row))

    async def begin(self, person: Person, erasure_id: UUID, at: datetime) -> Erasure:
        """Let nothing that is not later than `at` be written of this person; returns once that holds for everybody."""
        erasure = await self._erasure(person, statements.BEGIN, erasure_id, at)
        await self._settled(person.tenant_id)
        return erasure

    async def sweep(self, person: Person, erasure: Erasure) -> int:
        """Remove what there is up to the erasure, in batches with their counts; how many rows there were."""
        removed = 0
        for holding in self._registry.holdings:
            while count := await self._batch(person, erasure, holding):
                removed += count
                await failpoint("erasure.after_batch")
        removed += await self._unname(person, erasure)
        await self._settled(person.tenant_id)
        return removed

    async def complete(self, person: Person, erasure: Erasure, now: datetime) -> Erasure:
        """Note that nothing is left."""
        return await self._erasure(person, statements.COMPLETE, erasure.erasure_id, now)

    async def find(self, person: Person, erasure_id: UUID) -> Erasure | None:
        """A person's erasure, if it has begun here."""
        async with self._database.tenant(person.tenant_id) as connection:
            row = await connection.fetchrow(self._own(statements.FIND), *self._key(person), erasure_id)
        return None if row is None else Erasure(**row)

    async def _erasure(self, person: Person, statement: str, erasure_id: UUID, at: datetime) -> Erasure:
        async with self._database.tenant(person.tenant_id) as connection:
            (row,) = await connection.fetch(self._own(statement), *self._key(person), erasure_id, at)
        return Erasure(**row)

    async def _batch(self, person: Person, erasure: Erasure, holding: Holding) -> int:
        """Remove one batch of a holding with its parts, and count it, in one transaction."""
        removal, mine = Removal(holding), (person.tenant_id, person.user_id)
        async with self._database.transaction(person.tenant_id) as connection:
            rows = await connection.fetch(removal.lock, *mine, erasure.erased_at, _BATCH)
            if not rows:
                return 0
            keys = list({row["key"] for row in rows})
            removed = {
                table: _count(await connection.execute(delete, person.tenant_id, keys))
                for table, delete in removal.parts
            }
            removed[holding.table] = _count(await connection.execute(removal.rows, *mine, keys))
            await self._add(connection, person, erasure, removed)
        return sum(removed.values())

    async def _unname(self, person: Person, erasure: Erasure) -> int:
        """Take the person's name out of rows about others."""
        emptied = {}
        async with self._database.transaction(person.tenant_id) as connection:
            for mention in self._registry.mentions:
                status = await connection.execute(unnamed(mention), person.tenant_id, person.user_id)
                emptied[f"{mention.table}.{mention.column}"] = _count(status)
            await self._add(connection, person, erasure, emptied)
        return sum(emptied.values())

    async def _add(
        self, connection: TenantConnection, person: Person, erasure: Erasure, removed: Mapping[str, int]
    ) -> None:
        counted = {table: count for table, count in removed.items() if count}
        if not counted:
            return
        await connection.execute(self._own(statements.COUNT), *self._key(person), erasure.erasure_id, counted)

    async def _settled(self, tenant_id: TenantId) -> None:
        """Wait until every transaction has ended that may not have seen what was committed before this call."""
        async with self._database.tenant(tenant_id) as connection:
            before = await _others(connection)

            async def remaining() -> set[Transaction]:
                return before & await _others(connection)

            if await read_until(remaining, lambda found: not found, within=_PATIENCE):
                raise Unavailable("a transaction that began before the erasure does not end")

    def _own(self, statement: str) -> str:
        return statement.format(schema=self._schema)

    def _key(self, person: Person) -> tuple[UUID, bytes]:
        return person.tenant_id, self._subjects.code(person.tenant_id, person.user_id)


async def _others(connection: TenantConnection) -> set[Transaction]:
    return {(row["pid"], row["xact_start"]) for row in await connection.fetch(statements.OTHERS)}


def _count(status: str) -> int:
    """The number of rows in what Postgres answers to a change: `DELETE 3`."""
    return int(status.rpartition(" ")[2])
