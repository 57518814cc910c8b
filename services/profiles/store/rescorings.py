"""Scores everybody of a domain anew beside what stands, compares both, and puts the new scores in place.

The batches of a rescoring are transactions of their own that also note how far it has come: whoever goes on after a
crash goes on there. While a batch runs its row is locked, so that of many processes one works on it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

import asyncpg
import orjson

from services.profiles.facts import Facts
from services.profiles.formulas import Person, Shares
from services.profiles.scoring import rises, total_of
from services.profiles.store import rescoring_statements as statements
from services.profiles.store import rows
from shared.domains.person import Scores, Stage
from shared.domains.rescoring import ComparisonView, Difference, Moves, RescoringView
from shared.events.ids import TenantId
from shared.events.signals import SignalsObserved
from shared.runtime.postgres import Database, TenantConnection

Refold = Callable[[Person, Facts, Iterable[SignalsObserved], Shares, datetime], tuple[Facts, Scores | None]]

BATCH: Final = 25
TOP: Final = 20


@dataclass(frozen=True, slots=True)
class _Batch:
    """Where a rescoring goes on."""

    tenant_id: TenantId
    id: UUID
    domain: str
    shares: dict[str, int]
    reached: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _Standing:
    """A person as they stand."""

    user_id: str
    version: int
    facts: Facts
    scores: Scores | None
    stage: Stage | None
    progressed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Scored:
    """A person folded and scored again, as of a version of the profile."""

    user_id: str
    version: int
    facts: Facts
    scores: Scores | None


class Rescorings:
    """The rescorings of all tenants. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database, refold: Refold) -> None:
        """`refold` says, purely, what a person's signals make of what is known, scored by the given shares."""
        self._database = database
        self._refold = refold

    async def start(self, tenant_id: TenantId, run: RescoringView) -> bool:
        """Begin one; False while another one of this domain is not over."""
        arguments = (run.id, run.domain, orjson.dumps(run.shares).decode(), run.started_by, run.started_at)
        async with self._database.tenant(tenant_id) as connection:
            return await connection.fetchval(statements.START, tenant_id, *arguments) is not None

    async def latest(self, tenant_id: TenantId, limit: int) -> list[RescoringView]:
        """Rescorings, the latest first."""
        async with self._database.tenant(tenant_id) as connection:
            return [_run(each) for each in await connection.fetch(statements.LIST, tenant_id, None, limit)]

    async def find(self, tenant_id: TenantId, run: UUID) -> RescoringView | None:
        """One rescoring."""
        async with self._database.tenant(tenant_id) as connection:
            record = await connection.fetchrow(statements.LIST, tenant_id, run, 1)
        return None if record is None else _run(record)

    async def in_force(self, tenant_id: TenantId) -> dict[str, dict[str, int]]:
        """Domain -> the shares of its formulas, where they were chosen."""
        async with self._database.tenant(tenant_id) as connection:
            records = await connection.fetch(statements.IN_FORCE, tenant_id)
        return {each["domain"]: orjson.loads(each["shares"]) for each in records}

    async def compare(self, tenant_id: TenantId, run: UUID) -> ComparisonView:
        """The new scores beside those that stand."""
        async with self._database.transaction(tenant_id) as connection:
            counts = await connection.fetch(statements.COMPARE, tenant_id, run)
            top = await connection.fetch(statements.DIFFERENCES, tenant_id, run, TOP)
        people = sum(each["people"] for each in counts)
        return ComparisonView(
            people=people,
            changed=sum(each["people"] for each in counts if each["before"] != each["after"]),
            stale=sum(each["stale"] for each in counts),
            mean_change=sum(each["change"] for each in counts) / people if people else 0.0,
            temperatures=tuple(Moves.model_validate(dict(each)) for each in counts),
            top=tuple(Difference.model_validate(dict(each)) for each in top),
        )

    async def switch(self, tenant_id: TenantId, run: UUID) -> bool:
        """Have its formulas score from now on, and everybody's new scores take the place of the old ones.

        False of one that is not ready.
        """
        async with self._database.transaction(tenant_id) as connection:
            return await connection.fetchval(statements.SWITCH, tenant_id, run) is not None

    async def drop(self, tenant_id: TenantId, run: UUID, now: datetime) -> bool:
        """Give one up with all that it made; False of one that is being switched to, or over."""
        async with self._database.transaction(tenant_id) as connection:
            if await connection.fetchval(statements.DROP, tenant_id, run, now) is None:
                return False
            await connection.execute(statements.CLEAR, tenant_id, run)
        return True

    async def with_work(self) -> list[tuple[TenantId, UUID]]:
        """What there is to do, of all tenants."""
        async with self._database.tenant(UUID(int=0)) as connection:
            records = await connection.fetch("select tenant_id, id from profiles.rescorings_with_work()")
        return [(TenantId(each["tenant_id"]), each["id"]) for each in records]

    async def advance(self, tenant_id: TenantId, run: UUID, now: datetime) -> bool:
        """Do the next batch; False when there is none, or when somebody else is at it."""
        async with self._database.transaction(tenant_id) as connection:
            record = await connection.fetchrow(statements.NEXT, tenant_id, run)
            if record is None:
                return False
            shares = orjson.loads(record["shares"])
            batch = _Batch(tenant_id, run, record["domain"], shares, record["reached"], now)
            if record["state"] == "running":
                await self._score(connection, batch)
            else:
                await self._replace(connection, batch)
        return True

    async def _score(self, connection: TenantConnection, batch: _Batch) -> None:
        people = await _people(connection, batch, statements.PEOPLE)
        if not people:
            await connection.execute(statements.READY, batch.tenant_id, batch.id)
            return
        scored = [each async for each in self._scored(connection, batch, people)]
        await connection.execute(statements.KEEP, batch.tenant_id, batch.id, *_columns(scored))
        await connection.execute(statements.REACHED, batch.tenant_id, batch.id, people[-1].user_id, len(people), 0)

    async def _replace(self, connection: TenantConnection, batch: _Batch) -> None:
        """Put new scores in place. A pass that finds nothing left to change is the last one."""
        people = await _people(connection, batch, statements.PEOPLE_TO_CHANGE)
        if not people:
            over = await connection.fetchval(statements.PASSED, batch.tenant_id, batch.id, batch.now)
            if over == "switched":
                await connection.execute(statements.CLEAR, batch.tenant_id, batch.id)
            return
        changes = await self._changes(connection, batch, people)
        if changes:
            values = zip(*(_row(standing, scored, batch.now) for standing, scored in changes), strict=True)
            await connection.execute(statements.REPLACE, batch.tenant_id, batch.domain, batch.id, batch.now, *values)
        await connection.execute(statements.REACHED, batch.tenant_id, batch.id, people[-1].user_id, 0, len(changes))

    async def _changes(
        self, connection: TenantConnection, batch: _Batch, people: Sequence[_Standing]
    ) -> list[tuple[_Standing, _Scored]]:
        """The people whose new scores differ; those with signals since they were scored are scored again."""
        names = [each.user_id for each in people]
        kept = {
            each["user_id"]: _Scored(
                each["user_id"], each["version"], Facts.model_validate_json(each["facts"]), _scores(each["scores"])
            )
            for each in await connection.fetch(statements.KEPT, batch.tenant_id, batch.id, names)
        }
        stale = [each for each in people if each.user_id not in kept or kept[each.user_id].version != each.version]
        async for scored in self._scored(connection, batch, stale):
            kept[scored.user_id] = scored
        return [
            (each, kept[each.user_id])
            for each in people
            if (kept[each.user_id].facts, kept[each.user_id].scores) != (each.facts, each.scores)
        ]

    async def _scored(
        self, connection: TenantConnection, batch: _Batch, people: Sequence[_Standing]
    ) -> AsyncIterator[_Scored]:
        events = await _signals(connection, batch, [each.user_id for each in people])
        for each in people:
            person = Person(batch.tenant_id, each.user_id, batch.domain)
            facts, scores = self._refold(person, each.facts, events.get(each.user_id, ()), batch.shares, batch.now)
            yield _Scored(each.user_id, each.version, facts, scores)
            await asyncio.sleep(0)  # live events go first


async def _people(connection: TenantConnection, batch: _Batch, statement: str) -> list[_Standing]:
    records = await connection.fetch(statement, batch.tenant_id, batch.domain, batch.reached, BATCH)
    return [
        _Standing(
            each["user_id"],
            each["version"],
            Facts.model_validate_json(each["facts"]),
            _scores(each["scores"]),
            each["stage"],
            each["progressed_at"],
        )
        for each in records
    ]


async def _signals(
    connection: TenantConnection, batch: _Batch, user_ids: list[str]
) -> dict[str, list[SignalsObserved]]:
    records = await connection.fetch(statements.SIGNALS, batch.tenant_id, batch.domain, user_ids)
    return {
        user_id: [rows.observed(batch.tenant_id, batch.domain, each) for each in theirs]
        for user_id, theirs in groupby(records, key=itemgetter("user_id"))
    }


def _scores(stored: str | None) -> Scores | None:
    return None if stored is None else Scores.model_validate_json(stored)


def _columns(scored: Sequence[_Scored]) -> rows.Columns:
    return list(zip(*((each.user_id, each.version, *_values(each)) for each in scored), strict=True))


def _values(scored: _Scored) -> tuple[object, ...]:
    facts, scores = rows.stored(scored.facts), scored.scores
    if scores is None:
        return facts, None, None, None
    return facts, scores.model_dump_json(), total_of(scores), scores.temperature


def _row(before: _Standing, after: _Scored, now: datetime) -> tuple[object, ...]:
    stage = None if after.scores is None else after.scores.stage
    progressed = stage is not None and rises(before.stage, stage)
    return before.user_id, *_values(after), stage, now if progressed else before.progressed_at


def _run(record: asyncpg.Record) -> RescoringView:
    return RescoringView.model_validate({**dict(record), "shares": orjson.loads(record["shares"])})
