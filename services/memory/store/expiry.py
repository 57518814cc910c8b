"""Records that were kept long enough: told to whoever archives them, then deleted, both or neither."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from services.memory.store import retention_statements as statements
from services.memory.store.weeks import NOBODY
from shared.events.ids import TenantId
from shared.privacy.subjects import Subjects
from shared.privacy.tasks import Tasks
from shared.runtime.postgres import Database, TenantConnection


@dataclass(frozen=True, slots=True)
class Class:
    """A class of records. `key` are the columns by which rows are deleted; each row also has an `at`, a `user_id` and
    a `record`, which is JSON without it."""

    name: str
    due: str
    delete: str
    standing: str
    key: tuple[str, ...]

    @property
    def task(self) -> str:
        """Their deletion, as `Tasks` knows it."""
        return f"deleted_{self.name}"


MESSAGES: Final = Class(
    "messages",
    statements.DUE_MESSAGES,
    statements.DELETE_MESSAGES,
    statements.MESSAGES_STANDING,
    ("session_id", "turn_no", "role", "at"),
)
SUMMARIES: Final = Class(
    "summaries", statements.DUE_SUMMARIES, statements.DELETE_SUMMARIES, statements.SUMMARIES_STANDING, ("user_id",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some records of a class; the number-th part of their tenant's archive, from 1.

    In each `person` stands for its user: a code that only the holder of the erasure key can make.
    """

    tenant_id: TenantId
    name: str
    number: int
    records: Sequence[Mapping[str, object]]
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a part lies in cold storage, its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


Archive = Callable[[Part], Awaitable[Stored]]
"""Puts a part into cold storage; returns when it is there. A part of the same number replaces one that was lost."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Records that are too old, and when the oldest record of all began."""

    due: int
    oldest: datetime | None


class Expiry:
    """Deletes records that are too old. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database, subjects: Subjects) -> None:
        self._database = database
        self._tasks = Tasks(database, "memory")
        self._subjects = subjects

    async def expire(
        self,
        tenant_id: TenantId,
        records: Class,
        *,
        before: datetime,
        now: datetime,
        at_most: int,
        archive: Archive | None,
    ) -> int:
        """Archive and delete some records from before a moment; how many. 0: none are left, or another is at it.

        Killed at any place, the records are still here or deleted and counted; a part that was written in vain is
        written again under its name.
        """
        async with self._database.transaction(tenant_id) as connection:
            if not await connection.fetchval(statements.CLAIM, tenant_id, records.name):
                return 0
            rows = await connection.fetch(records.due, tenant_id, before, at_most)
            if not rows:
                return 0
            if archive is not None:
                number = await connection.fetchval(statements.NEXT_PART, tenant_id, records.name)
                times = [row["at"] for row in rows]
                part = Part(
                    tenant_id=tenant_id,
                    name=records.name,
                    number=number,
                    records=[self._record(tenant_id, row) for row in rows],
                    oldest=min(times),
                    newest=max(times),
                )
                await _archived(connection, part, await archive(part), now)
            await connection.execute(records.delete, tenant_id, *([row[each] for row in rows] for each in records.key))
            await self._tasks.count(connection, tenant_id, records.task, len(rows), now)
        return len(rows)

    async def overdue(self, tenant_id: TenantId, records: Class, *, before: datetime) -> Overdue:
        """What is there from before a moment, archived or not."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(records.standing, tenant_id, before)
        return Overdue(0, None) if row is None else Overdue(row["due"], row["oldest"])

    async def archived(self, tenant_id: TenantId, records: Class) -> int:
        """How many records of the class lie in cold storage."""
        async with self._database.tenant(tenant_id) as connection:
            return int(await connection.fetchval(statements.ARCHIVED_ROWS, tenant_id, records.name))

    async def drop_empty_weeks(self, before: datetime) -> int:
        """Drop the partitions of messages that end before a moment and hold nothing; how many."""
        async with self._database.tenant(NOBODY) as connection:
            return int(await connection.fetchval(statements.DROP_EMPTY_WEEKS, before))

    def _record(self, tenant_id: TenantId, row: asyncpg.Record) -> dict[str, object]:
        return {**row["record"], "person": self._subjects.code(tenant_id, row["user_id"]).hex()}


async def _archived(connection: TenantConnection, part: Part, stored: Stored, now: datetime) -> None:
    await connection.execute(
        statements.ARCHIVED,
        part.tenant_id,
        part.name,
        part.number,
        stored.name,
        len(part.records),
        stored.size,
        stored.sha256,
        part.oldest,
        part.newest,
        now,
    )
