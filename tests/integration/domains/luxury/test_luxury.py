"""The luxury pack's tables on a real Postgres; the fake of the unit tests must find the same."""

from uuid import uuid4

import pytest

from shared.domains.base import Effect, Scope
from shared.domains.luxury.customers import TIERS, Behaviour, Tier
from shared.domains.luxury.store import Customers
from shared.domains.luxury.tools import LuxuryTools
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database
from tests.support.luxury import CUSTOMERS, CustomersInMemory
from tests.support.talk import NOON

CAMPAIGN = "camp_0123456789ab"


@pytest.fixture
async def tools(database: Database, tenant_id: TenantId) -> LuxuryTools:
    await Customers(database, tenant_id).replace(CUSTOMERS)
    return LuxuryTools(database, Scope(tenant_id, "mei"))


@pytest.mark.parametrize(
    ("tiers", "min_score", "behaviours", "limit"),
    [
        (("VVIP", "VIP"), 80, (), None),
        (TIERS, 0, (), 200),
        (("Member",), 70, ("wishlist_engagement", "high_frequency_browsing"), None),
        (TIERS, 0, ("email_responsive",), 3),
    ],
)
async def test_the_fake_picks_whom_postgres_picks(
    tools: LuxuryTools,
    tiers: tuple[Tier, ...],
    min_score: int,
    behaviours: tuple[Behaviour, ...],
    limit: int | None,
) -> None:
    wanted = {"min_score": min_score, "behaviours": behaviours, "limit": limit}

    assert await tools.best(tiers, **wanted) == await CustomersInMemory().best(tiers, **wanted)  # type: ignore[arg-type]


async def test_an_applied_campaign_keeps_its_audience_in_order_and_for_its_user(
    database: Database, tenant_id: TenantId, tools: LuxuryTools
) -> None:
    reached = [customer.id for customer in reversed(CUSTOMERS[:5])]
    effects = [
        tools.apply(CAMPAIGN, SessionId(uuid4()), {"campaign_id": CAMPAIGN}, NOON),
        tools.reach(CAMPAIGN, reached),
    ]
    for _ in range(2):
        await _run(database, tenant_id, effects)

    assert [customer.id for customer in await tools.audience(CAMPAIGN)] == reached
    assert await LuxuryTools(database, Scope(tenant_id, "li")).audience(CAMPAIGN) == ()
    assert await LuxuryTools(database, Scope(TenantId(uuid4()), "mei")).audience(CAMPAIGN) == ()


async def _run(database: Database, tenant_id: TenantId, effects: list[Effect]) -> None:
    async with database.transaction(tenant_id) as connection:
        for effect in effects:
            await connection.execute(effect.statement, *effect.arguments)
