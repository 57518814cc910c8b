"""Keeps and finds passages: what people said, by its words and by its meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import orjson

from services.memory.store import passage_statements as statements
from services.memory.store.weeks import NOBODY
from shared.events.ids import SessionId, TenantId
from shared.runtime.embedding import Vectors
from shared.runtime.postgres import Database

FoundBy = Literal["words", "meaning"]

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_FOREVER = datetime.max.replace(tzinfo=UTC)
_ENOUGH_WORDS = 0.3
"""The share of the question's words, by weight, that what is found by words has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose passages, and which of them. `excluding` is a session; the end of the time is not included."""

    tenant_id: TenantId
    user_id: str
    domain: str | None = None
    excluding: SessionId | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def arguments(self) -> tuple[object, ...]:
        """As the statements take them."""
        return (
            self.tenant_id,
            self.user_id,
            self.domain,
            self.excluding,
            self.since or _ALWAYS,
            self.until or _FOREVER,
        )


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: its words, and its vector where there is one. `floor` is the least cosine that counts."""

    text: str
    embedder: str = ""
    vector: Vectors | None = None
    floor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something a person said, and what was answered."""

    message_id: UUID
    session_id: SessionId
    turn_no: int
    domain: str | None
    said: str
    said_at: datetime
    language: str
    answered: str | None
    score: float
    found_by: tuple[FoundBy, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A message that is to be embedded."""

    session_id: SessionId
    turn_no: int
    sent_at: datetime
    text: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A message without personal data."""

    user_id: str
    domain: str | None
    sent_at: datetime
    text: str
    embedding: list[float] | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A session, and whether messages of it are not passages yet."""

    tenant_id: TenantId
    session_id: SessionId
    behind: bool


class Passages:
    """All methods raise `Unavailable` without Postgres, and all writes may be repeated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prepare(self, tenant_id: TenantId, user_id: str) -> None:
        """Let all that a person has said be found by its words, from now on."""
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(statements.PREPARE, tenant_id, user_id)

    async def latest(self, scope: Scope, *, limit: int) -> list[Found]:
        """What was said in the last session there was, the last of it, in the order it was said."""
        async with self._database.tenant(scope.tenant_id) as connection:
            rows = await connection.fetch(statements.LATEST, *scope.arguments, limit)
        return [_found(row) for row in rows]

    async def search(self, scope: Scope, query: Query, *, limit: int) -> list[Found]:
        """What is most like the query, the best first; every passage of the scope is looked at."""
        asked = (
            query.text,
            query.embedder,
            _halfvec(query.vector),
            query.floor,
            _ENOUGH_WORDS,
        )
        async with self._database.tenant(scope.tenant_id) as connection:
            rows = await connection.fetch(statements.SEARCH, *scope.arguments, limit, *asked)
        return [_found(row) for row in rows]

    async def asked(self, tenant_id: TenantId, query: Query, *, domain: str | None, limit: int) -> list[Asked]:
        """What people of a tenant said, without personal data: the likest to the query, the latest if it is empty."""
        asked = (query.text, query.embedder, _halfvec(query.vector), query.floor)
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(statements.ASKED, tenant_id, domain, limit, *asked)
        return [Asked(**row) for row in rows]

    async def missing(self, tenant_id: TenantId, sessions: Sequence[SessionId], *, limit: int) -> list[Passage]:
        """Messages of these sessions that are no passages yet."""
        return await self._to_embed(tenant_id, statements.MISSING, list(sessions), limit)

    async def stale(self, tenant_id: TenantId, embedder: str, *, limit: int) -> list[Passage]:
        """Passages without a vector of this embedder."""
        return await self._to_embed(tenant_id, statements.STALE, embedder, limit)

    async def keep(self, tenant_id: TenantId, passages: Sequence[Passage], embedder: str, vectors: Vectors) -> int:
        """Store the passages whose messages are still there, and say how many; rows of zeros are no vectors."""
        rows = ((each.session_id, each.turn_no, each.sent_at, each.text, each.domain) for each in passages)
        columns = map(list, zip(*rows, strict=True))
        async with self._database.tenant(tenant_id) as connection:
            written = [*map(_halfvec, vectors)]
            done: str = await connection.execute(statements.KEEP, tenant_id, *columns, written, embedder)
        return int(done.rsplit(maxsplit=1)[-1])

    async def sessions(self, after: Behind | None, *, limit: int) -> list[Behind]:
        """Sessions of all tenants in the order of their keys."""
        place = (UUID(int=0), UUID(int=0)) if after is None else (after.tenant_id, after.session_id)
        async with self._database.tenant(NOBODY) as connection:
            rows = await connection.fetch(statements.SESSIONS_WITHOUT, *place, limit)
        return [Behind(**row) for row in rows]

    async def tenants(self, embedder: str) -> list[TenantId]:
        """Tenants, at least one if there are any, that have passages without a vector of this embedder."""
        async with self._database.tenant(NOBODY) as connection:
            return [row["tenant_id"] for row in await connection.fetch(statements.TENANTS_TO_EMBED, embedder)]

    async def _to_embed(self, tenant_id: TenantId, statement: str, *arguments: object) -> list[Passage]:
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(statement, tenant_id, *arguments)
        return [Passage(**row) for row in rows]


def _halfvec(vector: Vectors | None) -> str | None:
    """A vector as Postgres reads it, none for zeros. As an array asyncpg would take ten times as long."""
    if vector is None or not vector.any():
        return None
    return orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def _found(row: object) -> Found:
    given = dict(row)  # type: ignore[call-overload]
    return Found(**given | {"found_by": tuple(given["found_by"])})
