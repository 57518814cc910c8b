"""Endings from which personal data was not taken yet, and those that were kept long enough."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

import asyncpg

from services.agent.session import Remembered
from services.agent.store import scrub_statements as statements
from shared.events.envelope import Envelope, freeze, thaw
from shared.events.ids import SessionId, TenantId, TurnId
from shared.privacy.tasks import Tasks
from shared.runtime.postgres import Database

SCRUBBED: Final = "scrubbed_endings"
DELETED: Final = "deleted_endings"
"""The tasks, as `Tasks` knows them."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a turn ended, as it was published; no envelopes of a session that was deleted."""

    turn_id: TurnId
    turn_no: int
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a session's words: some of its endings, and what it remembers unless that is nothing."""

    session_id: SessionId
    domain: str
    turn_no: int
    """Its last ended turn."""
    endings: tuple[Told, ...]
    remembered: Remembered | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many endings ought to be dealt with by now, and when the oldest that is not was."""

    due: int
    oldest: datetime | None


Scrub = Callable[[Sequence[Kept]], Awaitable[Sequence[Kept]]]


class OldEndings:
    """Finds endings that are due and stores what is left of them. Raises `Unavailable` without Postgres.

    Two processes never work on the same session: what one holds, the other passes over.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks = Tasks(database, "agent")

    async def scrub(self, tenant_id: TenantId, scrub: Scrub, *, before: datetime, now: datetime, at_most: int) -> int:
        """Scrub some of the endings from before a moment, with what their sessions remember; how many."""
        async with self._database.transaction(tenant_id) as connection:
            rows = await connection.fetch(statements.DUE, tenant_id, before, at_most)
            if not rows:
                return 0
            kept = _sessions(rows)
            left = await scrub(kept)
            told = [
                (each.session_id, ending.turn_id, freeze(ending.envelopes) if ending.envelopes else None)
                for each in left
                for ending in each.endings
            ]
            remembered = [
                (after.session_id, after.remembered.model_dump_json())
                for before_, after in zip(kept, left, strict=True)
                if after.remembered is not None and after.remembered != before_.remembered
            ]
            await connection.execute(statements.STORE, tenant_id, *zip(*told, strict=True))
            if remembered:
                await connection.execute(statements.REMEMBER, tenant_id, *zip(*remembered, strict=True))
            await self._tasks.count(connection, tenant_id, SCRUBBED, len(rows), now)
        return len(rows)

    async def expire(self, tenant_id: TenantId, *, before: datetime, now: datetime, at_most: int) -> int:
        """Delete some of the endings from before a moment; how many."""
        async with self._database.transaction(tenant_id) as connection:
            gone: int = await connection.fetchval(statements.EXPIRE, tenant_id, before, at_most)
            if gone:
                await self._tasks.count(connection, tenant_id, DELETED, gone, now)
        return gone

    async def unscrubbed(self, tenant_id: TenantId, *, before: datetime) -> Backlog:
        """Endings that are not scrubbed: those from before a moment are due."""
        return await self._backlog(statements.BACKLOG, tenant_id, before)

    async def overdue(self, tenant_id: TenantId, *, before: datetime) -> Backlog:
        """All endings: those from before a moment are due to be deleted."""
        return await self._backlog(statements.OVERDUE, tenant_id, before)

    async def _backlog(self, statement: str, tenant_id: TenantId, before: datetime) -> Backlog:
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(statement, tenant_id, before)
        return Backlog(0, None) if row is None else Backlog(row["due"], row["oldest"])


def _sessions(rows: Sequence[asyncpg.Record]) -> list[Kept]:
    return [
        _kept(session_id, list(endings)) for session_id, endings in groupby(rows, key=lambda row: row["session_id"])
    ]


def _kept(session_id: SessionId, rows: Sequence[asyncpg.Record]) -> Kept:
    first = rows[0]
    return Kept(
        session_id=session_id,
        domain=first["domain"],
        turn_no=first["last_turn_no"],
        endings=tuple(Told(row["turn_id"], row["turn_no"], thaw(row["envelopes"] or b"[]")) for row in rows),
        remembered=None if first["state"] is None else Remembered.model_validate_json(first["state"]),
    )
