"""Reads profiles and lists leads."""

import math
from dataclasses import dataclass

import asyncpg

from services.profiles.facts import Facts
from services.profiles.portrait import profile_of
from services.profiles.scoring import total_of
from services.profiles.store import statements
from shared.domains.person import Profile, Scores
from shared.events.ids import TenantId
from shared.events.profiles import Temperature
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True)
class Portrait:
    """A person in one domain, as known now."""

    profile: Profile
    scores: Scores | None
    version: int


@dataclass(frozen=True, slots=True)
class LeadKey:
    """A place in the list of leads, highest total first."""

    total: float
    user_id: str
    domain: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads to list."""

    domain: str | None = None
    temperature: Temperature | None = None


TOP = LeadKey(math.inf, "", "")


class People:
    """What the tables hold. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def portrait(self, tenant_id: TenantId, user_id: str, domain: str | None) -> Portrait | None:
        """A person in this domain, or in the one most recently active in."""
        async with self._database.tenant(tenant_id) as connection:
            if domain is None:
                record = await connection.fetchrow(statements.LATEST_PROFILE, tenant_id, user_id)
            else:
                record = await connection.fetchrow(statements.PROFILE, tenant_id, user_id, domain)
        return None if record is None else _portrait(record)

    async def leads(self, tenant_id: TenantId, wanted: Wanted, *, after: LeadKey = TOP, limit: int) -> list[Portrait]:
        """People with scores, the highest total first."""
        domain, temperature = wanted.domain, wanted.temperature
        async with self._database.tenant(tenant_id) as connection:
            if domain is None or temperature is None:
                place = (after.total, after.user_id, after.domain)
                records = await connection.fetch(statements.LEADS, tenant_id, *place, domain, temperature, limit)
            else:
                records = await connection.fetch(
                    statements.LEADS_OF_TEMPERATURE,
                    tenant_id,
                    after.total,
                    after.user_id,
                    domain,
                    temperature,
                    limit,
                )
        return [_portrait(record) for record in records]


def key_of(portrait: Portrait) -> LeadKey | None:
    """Where a lead is in the list."""
    if portrait.scores is None:
        return None
    return LeadKey(total_of(portrait.scores), portrait.profile.user_id, portrait.profile.domain)


def _portrait(record: asyncpg.Record) -> Portrait:
    facts = Facts.model_validate_json(record["facts"])
    scores = None if record["scores"] is None else Scores.model_validate_json(record["scores"])
    return Portrait(profile_of(record["user_id"], record["domain"], facts), scores, record["version"])
