"""Reads sessions and messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.memory.store import statements
from services.memory.transcript import Message, Progress, Rating
from shared.events.ids import SessionId, TenantId, TurnId, event_of
from shared.events.replies import Clarification, DataPart, Entity
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session as far as its events have arrived. `turn_no` is its last ended turn."""

    session_id: SessionId
    user_id: str
    domain: str
    title: str | None
    created_at: datetime
    last_active_at: datetime
    message_count: int
    turn_no: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class SessionKey:
    """A place in a user's list of sessions, latest first."""

    last_active_at: datetime
    session_id: UUID


@dataclass(frozen=True, slots=True)
class MessageKey:
    """A place in a session."""

    turn_no: int
    role: str


TurnPlace = tuple[SessionId, TurnId]

NEWEST = SessionKey(datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
FIRST = MessageKey(0, "user")


class History:
    """What the tables hold. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sessions(
        self, tenant_id: TenantId, user_id: str, *, domain: str | None = None, after: SessionKey = NEWEST, limit: int
    ) -> list[Session]:
        """A user's sessions, in one domain or in all, those last active first."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(
                statements.SESSIONS_OF_USER, tenant_id, user_id, after.last_active_at, after.session_id, limit, domain
            )
        return [_session(row) for row in rows]

    async def session(self, tenant_id: TenantId, session_id: SessionId) -> Session | None:
        """A session, deleted ones too."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(statements.SESSION, tenant_id, session_id)
        return None if row is None else _session(row)

    async def named(self, tenant_id: TenantId, session_ids: Iterable[SessionId]) -> dict[SessionId, Session]:
        """Those of these sessions that there are, deleted ones too."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(statements.SESSIONS, tenant_id, list(session_ids))
        return {row["session_id"]: _session(row) for row in rows}

    async def known_turns(self, tenant_id: TenantId, turns: Sequence[TurnPlace]) -> set[TurnPlace]:
        """Those of these turns that have ended or will."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(statements.KNOWN_TURNS, tenant_id, *zip(*turns, strict=True))
        return {(row["session_id"], row["turn_id"]) for row in rows}

    async def messages(
        self, tenant_id: TenantId, session: Session, *, after: MessageKey = FIRST, limit: int
    ) -> list[Message]:
        """Messages of ended turns, in order."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(
                statements.MESSAGES,
                tenant_id,
                session.session_id,
                session.created_at,
                session.last_active_at,
                after.turn_no,
                after.role,
                limit,
            )
        return [_message(row) for row in rows]

    async def pending(self, tenant_id: TenantId, session_id: SessionId, user_id: str, now: datetime) -> list[Message]:
        """What the owner of a session wrote and waits to have answered, as messages without a number."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(statements.PENDING, tenant_id, session_id, user_id, now)
        return [_pending(row) for row in rows]

    async def turn(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId, now: datetime) -> Progress | None:
        """How far a turn is: pending, or how it ended. None if it is unknown or expired."""
        async with self._database.tenant(tenant_id) as connection:
            status: Progress | None = await connection.fetchval(statements.TURN, tenant_id, session_id, turn_id, now)
        return status


def _session(row: asyncpg.Record) -> Session:
    return Session(
        session_id=row["session_id"],
        user_id=row["user_id"],
        domain=row["domain"] or "",
        title=row["title"],
        created_at=row["created_at"],
        last_active_at=row["last_active_at"],
        message_count=row["message_count"],
        turn_no=row["turn_no"],
        deleted=row["deleted_at"] is not None,
    )


def _message(row: asyncpg.Record) -> Message:
    given: dict[str, Any] = dict(row)
    return Message(
        **given
        | {
            "entities": _all(Entity, given["entities"]),
            "data": _all(DataPart, given["data"]),
            "clarification": given["clarification"] and Clarification.model_validate(given["clarification"]),
            "feedback": given["feedback"] and Rating(**given["feedback"]),
        }
    )


def _all(model: type[Any], values: Sequence[object]) -> tuple[Any, ...]:
    return tuple(map(model.model_validate, values))


def _pending(row: asyncpg.Record) -> Message:
    return Message(
        message_id=event_of(row["turn_id"], "user"),
        turn_id=row["turn_id"],
        turn_no=None,
        role="user",
        text=row["text"],
        created_at=row["submitted_at"],
        status="pending",
    )
