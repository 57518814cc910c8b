"""Stored sessions by the hundred thousand: the rows that one real conversation left, multiplied inside Postgres."""

import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

import asyncpg

from deploy.local.errors import StackError
from tests.load.probe import StoredSession
from tests.load.script import REPLY, prompt
from tests.load.turn import WatchedTurn
from tests.load.users import User, gather

TABLES: Final = (
    "agent.sessions",
    "agent.ledger",
    "memory.sessions",
    "memory.turns",
    "memory.messages",
    "profiles.profiles",
    "profiles.signals",
    "profiles.score_history",
)
TURNS: Final = 4
DAYS: Final = 56
"""Copies are spread over so many days, so that messages lie in many partitions."""
AT_ONCE: Final = 5_000

COLUMNS: Final = """
select attname as name, format_type(atttypid, null) as type from pg_attribute
where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""
WEEKS: Final = "select memory.ensure_week(now() - make_interval(days => day)) from generate_series(0, $1, 7) as day"
COUNT: Final = "select count(*) from agent.sessions where starts_with(user_id, $1 || '-')"
PAGES: Final = """
select sum(coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0) + coalesce(idx_blks_read, 0)
           + coalesce(idx_blks_hit, 0))
from pg_statio_user_tables where schemaname in ('agent', 'memory', 'profiles')
"""
SESSIONS: Final = "select user_id, session_id::text from agent.sessions where user_id = any($1)"


async def hold_conversation(address: str) -> StoredSession:
    """One person says a few things; who it was, and in which session."""
    user = User(address)
    await gather([user])
    for number in range(TURNS):
        turn = WatchedTurn(REPLY, time.perf_counter)
        await user.say(prompt(number), turn)
        if turn.violations:
            raise StackError(f"The conversation to copy failed: {turn.violations[0]}")
    user.close()
    return user.name, user.session_id


class StoredSessions:
    """Copies of a conversation: everything of its user and session, under other ids, on other days."""

    def __init__(self, postgres: asyncpg.Connection, original: StoredSession, count: int) -> None:
        self._postgres = postgres
        self._original = original
        self.count = count

    @classmethod
    async def of(cls, postgres: asyncpg.Connection, original: StoredSession) -> "StoredSessions":
        """What there is already. `postgres` belongs to the database owner, who is not bound by row-level security."""
        return cls(postgres, original, await postgres.fetchval(COUNT, original[0]))

    async def grow_to(self, count: int) -> None:
        """Adds copies until there are so many, and has Postgres tidy up as it would in time."""
        await self._postgres.execute(WEEKS, DAYS + 7)
        statements = [copying(table, await self._columns(table)) for table in TABLES]
        for first in range(self.count + 1, count + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, count)
            async with self._postgres.transaction():
                for table, statement in zip(TABLES, statements, strict=True):
                    done = await self._postgres.execute(statement, *self._original, first, last)
                    if done == "INSERT 0 0":
                        raise StackError(f"The conversation to copy left nothing in {table}.")
        self.count = count
        for table in TABLES:
            await self._postgres.execute(f"vacuum (analyze) {table}")
        await self._postgres.execute("checkpoint")

    async def some(self, count: int, seed: int) -> list[StoredSession]:
        """Different ones, by chance."""
        chance = Random(seed)  # noqa: S311 (a load, not a secret)
        numbers = chance.sample(range(1, self.count + 1), min(count, self.count))
        rows = await self._postgres.fetch(SESSIONS, [f"{self._original[0]}-{number}" for number in numbers])
        found = [(row["user_id"], row["session_id"]) for row in rows]
        chance.shuffle(found)
        return found

    async def pages(self) -> int:
        """Pages of these tables and their indexes that Postgres has looked at so far, wherever it found them."""
        return int(await self._postgres.fetchval(PAGES))

    async def _columns(self, table: str) -> dict[str, str]:
        return {row["name"]: row["type"] for row in await self._postgres.fetch(COLUMNS, table)}


def copying(table: str, columns: Mapping[str, str]) -> str:
    """The statement that adds copies number $3 to $4 of the rows of user $1 and session $2.

    Ids of copies derive from the original's, so that they agree between tables as the originals do.
    """
    values = ", ".join(_copied(name, kind) for name, kind in columns.items())
    owner = "$1::text = user_id and $2::text is not null"
    if "user_id" not in columns:
        owner = "$1::text is not null and session_id = $2::text::uuid"
    return (
        f"insert into {table} ({', '.join(columns)}) select {values} from {table}, "  # noqa: S608 (names of ours)
        f"generate_series($3::int, $4::int) as copies(copy) where {owner}"
    )


def _copied(name: str, kind: str) -> str:
    if name == "user_id":
        return "user_id || '-' || copy"
    if kind == "uuid" and name != "tenant_id":
        return f"md5({name}::text || copy)::uuid"
    if kind == "timestamp with time zone":
        return f"{name} - make_interval(days => copy % {DAYS})"
    return name


def spread(values: Sequence[float]) -> float:
    """How far values are apart, as a share of their mean."""
    return (max(values) - min(values)) / (sum(values) / len(values))
