"""Reads what is known of people, and how their scores came about."""

from dataclasses import dataclass
from datetime import datetime

from services.profiles.store import rows, statements
from services.profiles.store.rows import Portrait
from shared.domains.person import Scores
from shared.events.ids import TenantId
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores that one change of a profile led to."""

    version: int
    scored_at: datetime
    scores: Scores


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
        return None if record is None else rows.portrait(record)

    async def portraits(self, tenant_id: TenantId, user_ids: list[str], domain: str) -> list[Portrait]:
        """Those of these people who are known in a domain."""
        async with self._database.tenant(tenant_id) as connection:
            records = await connection.fetch(statements.PORTRAITS, tenant_id, user_ids, domain)
        return [rows.portrait(record) for record in records]

    async def history(self, tenant_id: TenantId, user_id: str, domain: str, *, before: int, limit: int) -> list[Scored]:
        """Scores of a person, the latest first, of changes before number `before`."""
        async with self._database.tenant(tenant_id) as connection:
            records = await connection.fetch(statements.SCORE_HISTORY, tenant_id, user_id, domain, before, limit)
        return [
            Scored(each["version"], each["scored_at"], Scores.model_validate_json(each["scores"])) for each in records
        ]
