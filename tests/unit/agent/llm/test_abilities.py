"""What packs let a model look up, over their own data: as it is said, and never too much."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from shared.domains.base import AnyDomain
from shared.domains.insights import DOMAIN as INSIGHTS
from shared.domains.property import DOMAIN as PROPERTY
from shared.domains.shop import DOMAIN as SHOP
from tests.support.insights import FiguresInMemory
from tests.support.property import FakeTools
from tests.support.shop import ShopInMemory


async def look_up(domain: AnyDomain, tools: Any, ability: str, **arguments: Any) -> Any:
    """As a model's call is run: from JSON."""
    known = domain.abilities[ability]
    return await known.run(tools, known.arguments.model_validate_json(json.dumps(arguments)))


async def test_products_come_with_prices_as_they_are_said() -> None:
    found = await look_up(SHOP, ShopInMemory("ana"), "find_products", words="trail", highest=130)

    assert ("TrailRunner 2", "$129") in [(each["name"], each["price"]) for each in found]


async def test_stock_is_that_of_all_warehouses() -> None:
    tools = ShopInMemory("ana")

    assert await look_up(SHOP, tools, "find_stock", sku="SKU-12") == {
        "sku": "SKU-12",
        "in stock": 19,
        "more on": None,
    }
    assert await look_up(SHOP, tools, "find_stock", sku="SKU-999") == []


async def test_orders_are_those_of_the_caller() -> None:
    found = await look_up(SHOP, ShopInMemory("ana"), "find_orders")

    assert [each["order"] for each in found][:2] == ["1240", "1234"]
    assert found[0]["total"] == "$79"


async def test_homes_are_found_by_the_name_of_their_place() -> None:
    tools = FakeTools()

    found = await look_up(PROPERTY, tools, "find_homes", place="whitefield", bedrooms=[2], highest=10_000_000)

    assert found
    assert {each["place"] for each in found} == {"Whitefield, Bengaluru"}
    assert all(home.startswith("2 BHK, ") for each in found for home in each["homes"])
    assert await look_up(PROPERTY, tools, "find_homes", place="Atlantis") == []


async def test_figures_are_typed_questions() -> None:
    tools = FiguresInMemory()
    days = {"first": "2026-10-01", "last": "2026-10-31"}

    one = await look_up(INSIGHTS, tools, "find_figures", **days, metrics=["click_rate"], markets=["ES"])
    each = await look_up(INSIGHTS, tools, "find_figures", **days, metrics=["sends"], by="channel")

    assert one["click rate"].endswith("%")
    assert [row["of"] for row in each] == ["email", "push", "SMS"]
    assert await look_up(INSIGHTS, tools, "find_figures", first="1990-01-01", last="1990-01-02") == []
    assert (await look_up(INSIGHTS, tools, "find_coverage"))["channels"] == ["email", "push", "sms"]


@pytest.mark.parametrize(
    ("domain", "ability", "arguments"),
    [
        (SHOP, "find_products", {"lowest": 10**30}),
        (SHOP, "find_stock", {"sku": "SKU-1' or 1=1"}),
        (SHOP, "find_orders", {"user_id": "ben"}),
        (PROPERTY, "find_homes", {"bedrooms": [2] * 100}),
        (PROPERTY, "find_homes", {"tenant_id": "x"}),
        (INSIGHTS, "find_figures", {"first": "2026-10-01", "last": "2026-10-31", "metrics": ["password"]}),
        (INSIGHTS, "find_figures", {"first": "2026-10-01", "last": "2026-10-31", "markets": ["'; drop"]}),
    ],
)
async def test_arguments_outside_their_schema_are_refused(
    domain: AnyDomain, ability: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        await look_up(domain, None, ability, **arguments)
