"""The nine operations on the rows of a record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, Protocol

import asyncpg
from pydantic import JsonValue

from shared.errors import Reject
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from shared.runtime.records import statements
from shared.runtime.records.declaration import ModelT, Record
from shared.runtime.records.selection import Filter, Selection

Item = Mapping[str, JsonValue]
"""Values of fields as JSON, already checked against the record's models."""


class Records(Protocol[ModelT]):
    """The rows of one record. Every method sees those of one tenant, and may raise `Unavailable`, or `Reject` with
    the constraint that speaks against it."""

    @property
    def record(self) -> Record[ModelT]:
        """What they are."""

    async def create(self, tenant_id: TenantId, items: Sequence[Item]) -> list[ModelT]:
        """Add rows in one statement; those whose key is taken are left alone and not among the answer."""

    async def read(self, tenant_id: TenantId, key: Any) -> ModelT | None:
        """One row."""

    async def update(self, tenant_id: TenantId, items: Sequence[Item]) -> list[ModelT]:
        """Change rows in one statement, each named by the key in its item; those that are not there are left out."""

    async def delete(self, tenant_id: TenantId, key: Any) -> bool:
        """Remove a row, if it is there."""

    async def select(self, tenant_id: TenantId, wanted: Selection) -> list[ModelT]:
        """Rows that pass the filters, in order."""

    async def count(self, tenant_id: TenantId, filters: tuple[Filter, ...]) -> int:
        """How many rows pass the filters."""

    async def exists(self, tenant_id: TenantId, key: Any) -> bool:
        """Whether there is such a row."""


class RecordTable(Generic[ModelT]):
    """The `Records` of a table or an updatable view, one statement an operation."""

    def __init__(self, database: Database, record: Record[ModelT]) -> None:
        self.record = record
        self._database = database

    async def create(self, tenant_id: TenantId, items: Sequence[Item]) -> list[ModelT]:
        return await self._fetch(tenant_id, statements.create(self.record), list(items))

    async def read(self, tenant_id: TenantId, key: Any) -> ModelT | None:
        return next(iter(await self._fetch(tenant_id, statements.read(self.record), key)), None)

    async def update(self, tenant_id: TenantId, items: Sequence[Item]) -> list[ModelT]:
        return await self._fetch(tenant_id, statements.update(self.record), list(items))

    async def delete(self, tenant_id: TenantId, key: Any) -> bool:
        return await self._value(tenant_id, statements.delete(self.record), key) is not None

    async def select(self, tenant_id: TenantId, wanted: Selection) -> list[ModelT]:
        statement, arguments = statements.select(self.record, wanted)
        return await self._fetch(tenant_id, statement, *arguments)

    async def count(self, tenant_id: TenantId, filters: tuple[Filter, ...]) -> int:
        statement, arguments = statements.count(self.record, filters)
        return int(await self._value(tenant_id, statement, *arguments))

    async def exists(self, tenant_id: TenantId, key: Any) -> bool:
        return bool(await self._value(tenant_id, statements.exists(self.record), key))

    async def _fetch(self, tenant_id: TenantId, statement: str, *arguments: object) -> list[ModelT]:
        with refused():
            async with self._database.tenant(tenant_id) as connection:
                rows = await connection.fetch(statement, tenant_id, *arguments)
        return [self.record.model.model_validate(dict(row)) for row in rows]

    async def _value(self, tenant_id: TenantId, statement: str, *arguments: object) -> Any:
        with refused():
            async with self._database.tenant(tenant_id) as connection:
                return await connection.fetchval(statement, tenant_id, *arguments)


@contextmanager
def refused() -> Iterator[None]:
    """Turn what Postgres refuses into `Reject`, without its words: they may quote what was sent."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise Reject(f"it would break the constraint {error.constraint_name or 'of a column'}") from error
    except asyncpg.DataError as error:
        raise Reject("a number or time is out of range, or a text has what cannot be stored") from error
