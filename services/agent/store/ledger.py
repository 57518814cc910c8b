"""Sessions and the ledger in Postgres. Loads, opens and commits of many sessions share one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.agent.session import Ended, Ending, Loaded, Opening, Remembered, Session
from services.agent.store import statements, usage
from shared.errors import Retry
from shared.events.envelope import freeze, thaw
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.replies import Usage
from shared.privacy.subjects import Subjects
from shared.runtime.batches import counted, tenant_by_tenant
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True)
class _Place:
    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId


class Ledger:
    """The agent's tables. Every method raises `Unavailable` while Postgres is down."""

    def __init__(self, database: Database, subjects: Subjects) -> None:
        self._database = database
        self._subjects = subjects
        self._loads = GroupCommit(tenant_by_tenant(self._load_many, counted))
        self._commits = GroupCommit(tenant_by_tenant(self._commit_many, counted))
        # One at a time, so that two sessions of one user never compete for a number within this process.
        self._opens = GroupCommit(tenant_by_tenant(self._open_many, counted), at_once=1)

    async def load(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId) -> Loaded:
        """The session, and how the turn ended if it has."""
        return await self._loads.submit(_Place(tenant_id, session_id, turn_id))

    async def open(self, opening: Opening) -> None:
        """Open the session, unless it is open or its user was erased since; its number follows the user's last one
        in this domain."""
        await self._opens.submit(opening)

    async def commit(self, ending: Ending) -> None:
        """Store how the turn ended, with its effects, if no other attempt has moved the session on.

        Raises `Retry` when one has: loading again shows how.
        """
        if not await self._commits.submit(ending):
            raise Retry(f"turn {ending.turn_id} lost its session to another attempt")

    async def delete(self, tenant_id: TenantId, session_id: SessionId, at: datetime) -> None:
        """Forget what the session holds; that it was there, and that its turns ended, is kept."""
        async with self._database.transaction(tenant_id) as connection:
            await connection.execute(statements.DELETE_SESSION, tenant_id, session_id, at)
            await connection.execute(statements.FORGET_ENVELOPES, tenant_id, session_id)

    async def last_signalled(
        self, tenant_id: TenantId, user_id: str, domain: str, before: int
    ) -> tuple[int, int] | None:
        """Session and turn number of the user's last signals before session number `before`."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(statements.LAST_SIGNALLED, tenant_id, user_id, domain, before)
        return None if row is None else (row["session_no"], row["signalled"])

    async def _load_many(self, tenant_id: TenantId, places: Sequence[_Place]) -> Sequence[Loaded]:
        sessions, turns = [place.session_id for place in places], [place.turn_id for place in places]
        async with self._database.tenant(tenant_id) as connection:
            return [_loaded(row) for row in await connection.fetch(statements.LOAD, tenant_id, sessions, turns)]

    async def _open_many(self, tenant_id: TenantId, openings: Sequence[Opening]) -> Sequence[None]:
        columns = zip(*map(self._opening_row, openings), strict=True)
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(statements.OPEN, tenant_id, *map(list, columns))
        return [None] * len(openings)

    def _opening_row(self, opening: Opening) -> tuple[object, ...]:
        subject = self._subjects.code(opening.tenant_id, opening.user_id)
        return opening.session_id, opening.user_id, opening.domain, opening.at, subject

    async def _commit_many(self, tenant_id: TenantId, endings: Sequence[Ending]) -> Sequence[bool]:
        columns = list(map(list, zip(*map(_row, endings), strict=True)))
        if all(ending.is_plain for ending in endings):
            async with self._database.tenant(tenant_id) as connection:
                stored = await connection.fetch(statements.COMMIT, tenant_id, *columns)
        else:
            async with self._database.transaction(tenant_id) as connection:
                stored = await connection.fetch(statements.COMMIT, tenant_id, *columns)
                await _apply(connection, endings, {row["turn_id"] for row in stored})
        committed = {row["turn_id"] for row in stored}
        return [ending.turn_id in committed for ending in endings]


async def _apply(connection: asyncpg.Connection, endings: Iterable[Ending], committed: set[UUID]) -> None:
    for ending in endings:
        if ending.turn_id in committed:
            for effect in ending.effects:
                await connection.execute(effect.statement, *effect.arguments)
            if ending.usage is not None:
                await connection.execute(usage.RECORD, *_usage_row(ending, ending.usage))


def _row(ending: Ending) -> tuple[object, ...]:
    return (
        ending.session_id,
        ending.turn_id,
        ending.turn_no,
        ending.outcome,
        ending.body_hash,
        None if ending.remembered is None else ending.remembered.model_dump_json(),
        freeze(ending.envelopes),
        ending.signals,
        ending.ended_at,
    )


def _usage_row(ending: Ending, used: Usage) -> tuple[object, ...]:
    return (
        ending.tenant_id,
        ending.turn_id,
        ending.session_id,
        used.model,
        used.requests,
        used.input_tokens,
        used.output_tokens,
        used.tool_calls,
        ending.ended_at,
    )


def _loaded(row: asyncpg.Record) -> Loaded:
    ended = None
    if row["outcome"] is not None:
        ended = Ended(row["body_hash"], None if row["envelopes"] is None else thaw(row["envelopes"]))
    if row["user_id"] is None:
        return Loaded(None, ended)
    remembered = Remembered() if row["state"] is None else Remembered.model_validate_json(row["state"])
    return Loaded(
        Session(
            user_id=row["user_id"],
            domain=row["domain"],
            session_no=row["session_no"],
            turn_no=row["turn_no"],
            remembered=remembered,
            opened_at=row["opened_at"],
            deleted=row["deleted"],
        ),
        ended,
    )
