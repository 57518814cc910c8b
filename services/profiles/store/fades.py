"""Brings the scores of people who stay away up to date, where scores fade."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import orjson

from services.profiles.facts import Facts
from services.profiles.formulas import Formulas, Person
from services.profiles.portrait import profile_of
from services.profiles.scoring import total_of
from services.profiles.store import statements
from shared.domains.person import Scores
from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks
from shared.runtime.postgres import Database

BATCH: Final = 25
_AWAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a pass over a tenant's people has come."""

    user_id: str = ""
    domain: str = ""


class Fades:
    """The fading scores of all tenants. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database, formulas: Formulas) -> None:
        self._database = database
        self._formulas = formulas
        self._tasks = Tasks(database, "profiles")

    async def refresh(self, now: datetime) -> None:
        """Go over everybody who has been away for a day, at most half of the time."""
        loop = asyncio.get_running_loop()
        for tenant_id in await self._tasks.tenants():
            place: Place | None = Place()
            while place is not None:
                began = loop.time()
                place = await self._advance(tenant_id, place, now)
                await asyncio.sleep(loop.time() - began)

    async def _advance(self, tenant_id: TenantId, after: Place, now: datetime) -> Place | None:
        """Do the next batch; where the following one begins, or None."""
        place = (after.user_id, after.domain)
        async with self._database.transaction(tenant_id) as connection:
            people = await connection.fetch(statements.AWAY, tenant_id, *place, now - _AWAY, BATCH)
            changed = [
                (each["user_id"], each["domain"], fresh.model_dump_json(), total_of(fresh), fresh.temperature)
                for each in people
                if (fresh := self._fresh(tenant_id, each, now)) is not None
            ]
            if changed:
                await connection.execute(statements.FADE, tenant_id, *zip(*changed, strict=True))
        return Place(people[-1]["user_id"], people[-1]["domain"]) if people else None

    def _fresh(self, tenant_id: TenantId, record: asyncpg.Record, now: datetime) -> Scores | None:
        """The scores as of now, if they are others than those that stand."""
        person = Person(tenant_id, record["user_id"], record["domain"])
        profile = profile_of(person.user_id, person.domain, Facts.model_validate_json(record["facts"]))
        shares = None if record["shares"] is None else orjson.loads(record["shares"])
        fresh = self._formulas.score(person, profile, shares, at=now)
        return None if fresh == Scores.model_validate_json(record["scores"]) else fresh
