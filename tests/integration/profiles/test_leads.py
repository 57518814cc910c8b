"""What operators may ask of leads, each by itself and together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from services.profiles.reading import Correction, Person
from shared.domains.leads import LeadQuery, Tally, TallyQuery
from shared.events.ids import TenantId
from shared.events.signals import Signal
from tests.integration.profiles.conftest import Service
from tests.support.signals import BEGAN, action, observed, view

NOW = datetime.now(UTC)


def wants(value: JsonValue, name: str = "budget") -> Signal:
    return Signal(kind="preference", name=name, value=value)


@pytest.fixture
async def crowd(service: Service, tenant_id: TenantId) -> Service:
    """Four people: `simple_score` gives a point a view and ten for a visit, which makes hot."""

    async def came(user_id: str, *signals: Signal, ago: timedelta, **more: Any) -> None:
        event = observed(*signals, tenant_id=tenant_id, user_id=user_id, occurred_at=NOW - ago, **more)
        await service.profiles.observe([event])

    await came("asha", view("a"), wants({"low": 5_000_000, "high": 9_000_000}), ago=timedelta(days=20))
    await came("asha", action("site_visit"), ago=timedelta(days=10), turn_no=2)
    await came("asha", view("b"), ago=timedelta(hours=1), turn_no=3)
    await came("bob", action("site_visit"), wants({"low": None, "high": 4_000_000}), ago=timedelta(days=2))
    await came("cara", view("a"), view("b"), wants({"low": 12_000_000, "high": None}), ago=timedelta(days=40))
    await came("dev", wants([2, 3]), wants("many", name="configuration"), ago=timedelta(days=3))
    return service


async def found(service: Service, tenant_id: TenantId, **wanted: Any) -> list[str]:
    page = await service.reader.leads(tenant_id, LeadQuery(**wanted), after=None, limit=50)
    return [each.profile.user_id for each in page.items]


@pytest.mark.parametrize(
    ("wanted", "users"),
    [
        ({}, ["asha", "bob", "cara", "dev"]),
        ({"domain": "luxury"}, []),
        ({"temperature": "hot"}, ["asha", "bob"]),
        ({"stage": "interest"}, ["cara", "dev"]),
        ({"min_intent": 10}, ["asha", "bob"]),
        ({"preference": "configuration"}, ["dev"]),
        ({"preference": "budget", "at_most": 6_000_000}, ["asha", "bob", "dev"]),
        ({"preference": "budget", "at_least": 8_000_000}, ["asha", "cara", "dev"]),
        ({"preference": "budget", "at_least": 10_000_000, "at_most": 11_000_000}, ["dev"]),
        ({"active_since": NOW - timedelta(days=5)}, ["asha", "bob", "dev"]),
        ({"active_before": NOW - timedelta(days=1)}, ["bob", "cara", "dev"]),
        ({"stuck_days": 7}, ["asha"]),
        ({"stuck_days": 2, "active_before": NOW - timedelta(days=1)}, ["bob"]),
        ({"order": "last_active"}, ["asha", "bob", "dev", "cara"]),
        ({"order": "intent", "temperature": "hot"}, ["bob", "asha"]),
    ],
    ids=str,
)
async def test_leads_are_those_for_whom_everything_holds(
    crowd: Service, tenant_id: TenantId, wanted: dict[str, Any], users: list[str]
) -> None:
    assert await found(crowd, tenant_id, **wanted) == users


async def test_what_was_put_right_by_hand_is_the_budget_that_is_asked_for(crowd: Service, tenant_id: TenantId) -> None:
    person = Person(tenant_id, "asha", "property")
    budget: JsonValue = {"low": 20_000_000, "high": "a lot"}
    await crowd.reader.correct(person, Correction(preferences={"budget": budget}))

    assert "asha" not in await found(crowd, tenant_id, preference="budget", at_most=10_000_000)
    assert "asha" in await found(crowd, tenant_id, preference="budget", at_least=30_000_000)

    await crowd.reader.correct(person, Correction(preferences={"budget": None}))
    assert "asha" not in await found(crowd, tenant_id, preference="budget")


@pytest.mark.parametrize("order", ["total", "intent", "last_active"])
async def test_every_order_is_read_page_by_page(crowd: Service, tenant_id: TenantId, order: Any) -> None:
    wanted = LeadQuery(order=order)
    pages, after = list[str](), None
    while True:
        page = await crowd.reader.leads(tenant_id, wanted, after=after, limit=1)
        pages.extend(each.profile.user_id for each in page.items)
        after = page.following
        if after is None:
            break

    assert pages == await found(crowd, tenant_id, order=order)


async def test_progress_is_the_rise_of_the_stage_and_not_talking(crowd: Service, tenant_id: TenantId) -> None:
    asha = await crowd.people.portrait(tenant_id, "asha", "property")

    assert asha is not None
    assert asha.progressed_at == NOW - timedelta(days=10)


async def test_what_everybody_looks_at_is_counted_by_week(service: Service, tenant_id: TenantId) -> None:
    monday = datetime(2026, 3, 2, 1, tzinfo=UTC)
    sunday_in_india = datetime(2026, 3, 8, 18, tzinfo=UTC)
    for turn_no, (user_id, at) in enumerate(
        [("ada", monday), ("ada", monday), ("bob", sunday_in_india), ("bob", sunday_in_india + timedelta(hours=1))], 1
    ):
        event = observed(view("a"), action("a"), tenant_id=tenant_id, user_id=user_id, turn_no=turn_no, occurred_at=at)
        await service.profiles.observe([event])
    wanted = TallyQuery(domain="property", kind="view", since=BEGAN, zone="Asia/Kolkata")

    counted = await service.reader.tallies(tenant_id, wanted)

    assert counted == [
        Tally(week="2026-03-02", name="a", count=3, people=2),
        Tally(week="2026-03-09", name="a", count=1, people=1),
    ]
