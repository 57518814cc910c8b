"""The shop's tables on a real Postgres; the fake of the unit tests must find the same."""

from uuid import uuid4

import pytest

from shared.domains.base import Effect, Scope
from shared.domains.shop.catalogue import Wanted
from shared.domains.shop.store import Customers, Shelf
from shared.domains.shop.tools import ShopTools
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database
from tests.support.shop import ORDERS, PRODUCTS, STOCK, ShopInMemory
from tests.support.talk import NOON

SEARCHES = (
    Wanted(category="headphones"),
    Wanted(category="running shoes", high=10_000, cheapest_first=True),
    Wanted(brand="Northfell", colour="blue"),
    Wanted(size="XL", low=5_000),
    Wanted(text="Waterproof"),
    Wanted(text="'; drop table pack_shop.products; --"),
    Wanted(category="unicorns"),
)


@pytest.fixture
async def loaded(database: Database, tenant_id: TenantId) -> TenantId:
    shelf = Shelf(database, tenant_id)
    await shelf.replace(PRODUCTS)
    await shelf.replace_stock(STOCK)
    await Customers(database, Scope(tenant_id, "")).load(ORDERS)
    return tenant_id


def tools_of(user: str, database: Database, tenant_id: TenantId) -> ShopTools:
    return ShopTools(database, Scope(tenant_id, user))


async def test_the_fake_finds_what_postgres_finds(database: Database, loaded: TenantId) -> None:
    tools, fake = tools_of("ana", database, loaded), ShopInMemory("ana")

    for wanted in SEARCHES:
        assert await tools.search(wanted, limit=5) == await fake.search(wanted, limit=5)
    without = [product.sku for product in await tools.search(SEARCHES[0], limit=1)]
    assert await tools.search(SEARCHES[0], limit=5, without=without) == await fake.search(
        SEARCHES[0], limit=5, without=without
    )
    assert await tools.all() == await fake.all()
    assert await tools.named(["SKU-88", "SKU-0", "SKU-12"]) == await fake.named(["SKU-88", "SKU-0", "SKU-12"])
    assert await tools.stock("SKU-88") == await fake.stock("SKU-88")
    assert await tools.orders() == await fake.orders()
    assert await tools.order("1234") == await fake.order("1234")


async def test_a_customer_sees_no_order_of_another_customer_or_tenant(database: Database, loaded: TenantId) -> None:
    assert await tools_of("ben", database, loaded).order("1234") is None
    assert await tools_of("ana", database, TenantId(uuid4())).orders() == ()


async def test_cancelling_and_returning_change_own_orders_once(database: Database, loaded: TenantId) -> None:
    ana, ben = tools_of("ana", database, loaded), tools_of("ben", database, loaded)
    order, delivered = await ana.order("1240"), await ana.order("1188")
    assert order is not None
    assert delivered is not None

    effects = [ben.cancel(order)]
    await _run(database, loaded, effects)
    assert await ana.order("1240") == order

    return_id = uuid4()
    back = ana.send_back(return_id, delivered, NOON)
    await _run(database, loaded, [ana.cancel(order), back, back])
    cancelled, returned = await ana.order("1240"), await ana.order("1188")
    assert cancelled is not None
    assert returned is not None
    assert (cancelled.status, returned.return_requested) == ("cancelled", True)


async def test_conversations_close_and_open_again_for_their_user(database: Database, loaded: TenantId) -> None:
    ana, ben, session = tools_of("ana", database, loaded), tools_of("ben", database, loaded), SessionId(uuid4())

    await _run(database, loaded, [ana.close(session, NOON)])
    assert await ana.closed() == {session: NOON}
    assert await ben.closed() == {}
    await _run(database, loaded, [ben.reopen(session)])
    assert await ana.closed() == {session: NOON}
    await _run(database, loaded, [ana.reopen(session)])
    assert await ana.closed() == {}


async def test_what_a_user_tells_is_kept_until_they_tell_otherwise(database: Database, loaded: TenantId) -> None:
    ana = tools_of("ana", database, loaded)

    assert await ana.customer() is None
    await ana.remember("Ana", None)
    await ana.remember(None, "ana@example.com")
    known = await ana.customer()
    assert known is not None
    assert (known.username, known.email) == ("Ana", "ana@example.com")


async def _run(database: Database, tenant_id: TenantId, effects: list[Effect]) -> None:
    async with database.transaction(tenant_id) as connection:
        for effect in effects:
            await connection.execute(effect.statement, *effect.arguments)
