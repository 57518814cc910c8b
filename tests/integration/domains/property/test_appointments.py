"""Visits and call-backs as rows: written once however often, seen by their owner only."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.domains.base import Effect, Scope
from shared.domains.property.listings import Callback, Visit
from shared.domains.property.tools import PropertyTools
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database
from tests.support.property import WEDNESDAY_NOON

SESSION = SessionId(UUID("00000000-0000-7000-8000-0000000000bb"))
TOMORROW = WEDNESDAY_NOON + timedelta(days=1)


@pytest.fixture
def visit() -> Visit:
    return Visit(uuid4(), "brigade-citrine", "Brigade Citrine", TOMORROW)


async def apply(database: Database, tenant_id: TenantId, *effects: Effect) -> None:
    """As the agent does: in the turn's transaction."""
    async with database.transaction(tenant_id) as connection:
        for effect in effects:
            await connection.execute(effect.statement, *effect.arguments)


async def test_booked_visit_is_there_once_though_applied_twice(
    tools: PropertyTools, database: Database, tenant_id: TenantId, visit: Visit
) -> None:
    effect = tools.book(visit, SESSION, WEDNESDAY_NOON)
    await apply(database, tenant_id, effect)
    await apply(database, tenant_id, effect)
    assert await tools.visits(WEDNESDAY_NOON) == (visit,)


async def test_coming_visits_come_in_order_without_past_and_cancelled_ones(
    tools: PropertyTools, database: Database, tenant_id: TenantId, visit: Visit
) -> None:
    later = replace(visit, id=uuid4(), starts_at=TOMORROW + timedelta(hours=1))
    past = replace(visit, id=uuid4(), starts_at=WEDNESDAY_NOON - timedelta(hours=1))
    off = replace(visit, id=uuid4())
    await apply(database, tenant_id, *(tools.book(each, SESSION, WEDNESDAY_NOON) for each in (later, past, off, visit)))
    await apply(database, tenant_id, tools.cancel(off, WEDNESDAY_NOON))
    assert await tools.visits(WEDNESDAY_NOON) == (visit, later)


async def test_moved_visit_has_its_new_time(
    tools: PropertyTools, database: Database, tenant_id: TenantId, visit: Visit
) -> None:
    moved = replace(visit, starts_at=TOMORROW + timedelta(days=3))
    await apply(database, tenant_id, tools.book(visit, SESSION, WEDNESDAY_NOON), tools.move(moved, WEDNESDAY_NOON))
    assert await tools.visits(WEDNESDAY_NOON) == (moved,)


async def test_another_user_neither_sees_nor_changes_a_visit(
    tools: PropertyTools, database: Database, tenant_id: TenantId, visit: Visit
) -> None:
    other = PropertyTools(database, Scope(tenant_id, "ravi"))
    await apply(database, tenant_id, tools.book(visit, SESSION, WEDNESDAY_NOON))
    moved = other.move(replace(visit, starts_at=WEDNESDAY_NOON), WEDNESDAY_NOON)
    await apply(database, tenant_id, other.cancel(visit, WEDNESDAY_NOON), moved)
    assert await other.visits(WEDNESDAY_NOON) == ()
    assert await tools.visits(WEDNESDAY_NOON) == (visit,)


@pytest.mark.parametrize("listing_id", ["brigade-citrine", None])
async def test_call_back_is_entered_once(
    tools: PropertyTools, database: Database, tenant_id: TenantId, listing_id: str | None
) -> None:
    effect = tools.call_back(Callback(uuid4(), listing_id, None), SESSION, WEDNESDAY_NOON)
    await apply(database, tenant_id, effect, effect)
    async with database.tenant(tenant_id) as connection:
        rows = await connection.fetch("select user_id, listing_id from pack_property.callbacks")
    assert [(row["user_id"], row["listing_id"]) for row in rows] == [("asha", listing_id)]
