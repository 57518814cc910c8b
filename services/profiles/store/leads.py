"""Lists leads by what operators ask of them, and counts what everybody does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime

from services.profiles.scoring import total_of
from services.profiles.store import rows, statements
from services.profiles.store.rows import Portrait
from shared.domains.leads import LeadQuery, Order, Tally, TallyQuery
from shared.events.ids import TenantId, UserId
from shared.runtime.postgres import Database

_KEYS: Final[dict[Order, str]] = {
    "total": "total",
    "intent": "(scores -> 'intent' ->> 'value')::float8",
    "last_active": "last_active",
}


@dataclass(frozen=True, slots=True)
class LeadKey:
    """A place in a list of leads: what the list is ordered by, then who."""

    place: float | AwareDatetime
    user_id: UserId
    domain: str


class Leads:
    """The people of a tenant who have scores. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, tenant_id: TenantId, wanted: LeadQuery, *, after: LeadKey | None, limit: int, now: datetime
    ) -> list[Portrait]:
        """Leads in the order asked for, from behind `after` on."""
        conditions = [*_conditions(wanted, now)]
        key = _KEYS[wanted.order]
        if after is not None:
            conditions.append(
                (f"({key}, user_id, domain) < ({{}}, {{}}, {{}})", (after.place, after.user_id, after.domain))
            )
        where, arguments = _numbered(conditions)
        statement = statements.LEADS.format(where=where, key=key)
        async with self._database.tenant(tenant_id) as connection:
            return [rows.portrait(each) for each in await connection.fetch(statement, tenant_id, limit, *arguments)]

    async def tallies(self, tenant_id: TenantId, wanted: TallyQuery) -> list[Tally]:
        """How often each thing was signalled, by week and name."""
        arguments = (wanted.domain, wanted.since, wanted.kind, wanted.zone)
        async with self._database.tenant(tenant_id) as connection:
            records = await connection.fetch(statements.TALLIES, tenant_id, *arguments)
        return [Tally(**dict(record)) for record in records]


def key_of(portrait: Portrait, order: Order) -> LeadKey | None:
    """Where a lead is in a list of this order; None of somebody without scores."""
    profile, scores = portrait.profile, portrait.scores
    if scores is None or profile.last_active is None:
        return None
    places: dict[Order, float | datetime] = {
        "total": total_of(scores),
        "intent": scores.intent.value,
        "last_active": profile.last_active,
    }
    return LeadKey(places[order], profile.user_id, profile.domain)


_Condition = tuple[str, Sequence[object]]


def _conditions(wanted: LeadQuery, now: datetime) -> Iterator[_Condition]:
    """SQL with braces for each argument."""
    given: tuple[tuple[object, str], ...] = (
        (wanted.domain, "domain = {}"),
        (wanted.temperature, "temperature = {}"),
        (wanted.stage, "stage = {}"),
        (wanted.min_intent, f"{_KEYS['intent']} >= {{}}"),
        (wanted.active_since, "last_active >= {}"),
        (wanted.active_before, "last_active < {}"),
    )
    yield from ((condition, (value,)) for value, condition in given if value is not None)
    if wanted.stuck_days is not None:
        stuck = "temperature in ('warm', 'hot') and stage <> 'decision' and progressed_at <= {}"
        yield stuck, (now - timedelta(days=wanted.stuck_days),)
    if wanted.preference is not None:
        yield statements.PREFERS, (wanted.preference, wanted.preference, wanted.at_least, wanted.at_most)


def _numbered(conditions: Sequence[_Condition]) -> tuple[str, list[object]]:
    """The conditions as one, with arguments from $3 on; an argument may be null."""
    parts, arguments = list[str](), list[object]()
    for condition, values in conditions:
        first = len(arguments) + 3
        parts.append(f" and {condition.format(*(f'${first + place}' for place in range(len(values))))}")
        arguments.extend(values)
    return "".join(parts), arguments
