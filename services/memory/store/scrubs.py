"""Messages from which personal data was not taken yet."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import orjson
from pydantic import TypeAdapter

from services.memory.store import scrub_statements as statements
from services.memory.transcript import Rating
from shared.events.ids import SessionId, TenantId
from shared.events.replies import Clarification, DataPart, Entity
from shared.privacy.tasks import Tasks
from shared.runtime.postgres import Database, TenantConnection

SCRUBBED: Final = "scrubbed_messages"
"""The task, as `Tasks` knows it."""

_ENTITIES: Final = TypeAdapter(tuple[Entity, ...])
_DATA: Final = TypeAdapter(tuple[DataPart, ...])
_CLARIFICATION: Final = TypeAdapter(Clarification)
_RATING: Final = TypeAdapter(Rating)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The content of a message, and its session's title."""

    session_id: SessionId
    turn_no: int
    role: str
    sent_at: datetime
    text: str
    entities: tuple[Entity, ...]
    data: tuple[DataPart, ...]
    clarification: Clarification | None
    feedback: Rating | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages ought to be scrubbed by now, and when the oldest that is not was sent."""

    due: int
    oldest: datetime | None


Scrub = Callable[[Sequence[Said]], Awaitable[Sequence[tuple[Said, dict[str, int]]]]]
"""What messages say without personal data, and how much of which kind each said, in their order."""


class Unscrubbed:
    """Finds messages that are due and stores what is left of them. Raises `Unavailable` without Postgres.

    Two processes never work on the same rows: what one holds, the other passes over.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks = Tasks(database, "memory")

    async def scrub(
        self, tenant_id: TenantId, scrub: Scrub, *, before: datetime, now: datetime, at_most: int
    ) -> list[dict[str, int]]:
        """Scrub some of the messages that were sent before a moment; what each of them said, by kind.

        Their sessions' titles with them. None when there are no more.
        """
        async with self._database.transaction(tenant_id) as connection:
            said = [_said(row) for row in await connection.fetch(statements.DUE, tenant_id, before, at_most)]
            if not said:
                return []
            scrubbed = await scrub(said)
            rows = [_row(left, taken, now) for left, taken in scrubbed]
            await connection.execute(statements.STORE, tenant_id, *_columns(rows))
            await _rename(connection, tenant_id, said, [left for left, _ in scrubbed])
            await self._tasks.count(connection, tenant_id, SCRUBBED, len(said), now)
        return [taken for _, taken in scrubbed]

    async def reword(self, tenant_id: TenantId, scrub: Callable[[str], str], *, before: datetime) -> None:
        """Scrub what waits for its answer since before a moment."""
        async with self._database.transaction(tenant_id) as connection:
            waiting = await connection.fetch(statements.WAITING, tenant_id, before)
            rows = [(row["session_id"], row["turn_id"], scrub(row["text"])) for row in waiting]
            if rows:
                await connection.execute(statements.REWORD, tenant_id, *_columns(rows))

    async def backlog(self, tenant_id: TenantId, *, before: datetime) -> Backlog:
        """What was sent before a moment and is not scrubbed, and how old the oldest is at all."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(statements.BACKLOG, tenant_id, before)
        return Backlog(0, None) if row is None else Backlog(row["due"], row["oldest"])


async def _rename(
    connection: TenantConnection, tenant_id: TenantId, said: Sequence[Said], left: Sequence[Said]
) -> None:
    titles = {
        after.session_id: after.title
        for before, after in zip(said, left, strict=True)
        if after.title is not None and after.title != before.title
    }
    if titles:
        await connection.execute(statements.RENAME, tenant_id, *_columns(list(titles.items())))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return list(zip(*rows, strict=True))


def _said(row: asyncpg.Record) -> Said:
    given: dict[str, Any] = dict(row)
    return Said(
        **given
        | {
            "entities": _ENTITIES.validate_python(given["entities"]),
            "data": _DATA.validate_python(given["data"]),
            "clarification": given["clarification"] and _CLARIFICATION.validate_python(given["clarification"]),
            "feedback": given["feedback"] and _RATING.validate_python(given["feedback"]),
        }
    )


def _row(left: Said, taken: dict[str, int], now: datetime) -> tuple[object, ...]:
    return (
        left.session_id,
        left.turn_no,
        left.role,
        left.sent_at,
        left.text,
        _ENTITIES.dump_json(left.entities).decode(),
        _DATA.dump_json(left.data).decode(),
        left.clarification and _CLARIFICATION.dump_json(left.clarification).decode(),
        left.feedback and _RATING.dump_json(left.feedback).decode(),
        orjson.dumps({"pii_scrubbed": {"at": now.isoformat(), "taken": taken}}).decode(),
    )
