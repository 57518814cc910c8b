"""All SQL of the luxury pack. Reads return models; a turn's writes are effects of its transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import asyncpg
from pydantic import JsonValue

from shared.domains.base import Effect, Scope
from shared.domains.luxury.customers import Behaviour, Customer, Tier
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database

_CUSTOMER: Final = "id, name, tier, score, annual_spend, email_response, behaviours, note"

_BEST: Final = f"""
    select {_CUSTOMER}
    from pack_luxury.customers
    where tier = any($1) and score >= $2 and behaviours @> $3::text[]
    order by array_position(array['VVIP', 'VIP', 'Member'], tier), score desc, annual_spend desc, id
    limit $4
"""  # noqa: S608 - the only thing put in is the list of columns above


class Customers:
    """The customers of one tenant."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def best(
        self, tiers: Sequence[Tier], *, min_score: int, behaviours: Sequence[Behaviour], limit: int | None
    ) -> tuple[Customer, ...]:
        """Customers that fit: by tier, then the highest scores first."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(_BEST, list(tiers), min_score, list(behaviours), limit)
        return tuple(_customer(row) for row in rows)

    async def replace(self, customers: Sequence[Customer]) -> None:
        """Write customers, in place of those of the same id."""
        async with self._database.transaction(self._tenant_id) as connection:
            await connection.executemany(
                "insert into pack_luxury.customers (tenant_id, id, name, tier, score, annual_spend, email_response,"
                " behaviours, note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                " on conflict (tenant_id, id) do update set (name, tier, score, annual_spend, email_response,"
                " behaviours, note) = (excluded.name, excluded.tier, excluded.score, excluded.annual_spend,"
                " excluded.email_response, excluded.behaviours, excluded.note)",
                [_columns(self._tenant_id, customer) for customer in customers],
            )


class Campaigns:
    """The campaigns that one user applied."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def apply(self, campaign_id: str, session_id: SessionId, payload: Mapping[str, JsonValue], now: datetime) -> Effect:
        """Enter a campaign."""
        return Effect(
            "insert into pack_luxury.campaigns (tenant_id, id, session_id, user_id, payload, applied_at)"
            " values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            (self._scope.tenant_id, campaign_id, session_id, self._scope.user_id, dict(payload), now),
        )

    def reach(self, campaign_id: str, customer_ids: Sequence[str]) -> Effect:
        """Enter a campaign's audience, in this order."""
        return Effect(
            "insert into pack_luxury.audiences (tenant_id, campaign_id, place, customer_id)"
            " select $1, $2, place, id from unnest($3::text[]) with ordinality as asked(id, place)"
            " on conflict do nothing",
            (self._scope.tenant_id, campaign_id, list(customer_ids)),
        )

    async def audience(self, campaign_id: str) -> tuple[Customer, ...]:
        """The audience of one of the user's campaigns, in order; empty when there is no such campaign."""
        columns = ", ".join(f"c.{name}" for name in _CUSTOMER.split(", "))
        statement = f"""
            select {columns}
            from pack_luxury.audiences a
            join pack_luxury.campaigns p on (p.tenant_id, p.id) = (a.tenant_id, a.campaign_id)
            join pack_luxury.customers c on (c.tenant_id, c.id) = (a.tenant_id, a.customer_id)
            where a.campaign_id = $1 and p.user_id = $2
            order by a.place
        """  # noqa: S608 - the only thing put in is the list of columns above
        async with self._database.tenant(self._scope.tenant_id) as connection:
            return tuple(_customer(row) for row in await connection.fetch(statement, campaign_id, self._scope.user_id))


def _customer(row: asyncpg.Record) -> Customer:
    return Customer(**(dict(row) | {"behaviours": tuple(row["behaviours"])}))


def _columns(tenant_id: TenantId, customer: Customer) -> tuple[object, ...]:
    return (
        tenant_id,
        customer.id,
        customer.name,
        customer.tier,
        customer.score,
        customer.annual_spend,
        customer.email_response,
        list(customer.behaviours),
        customer.note,
    )
