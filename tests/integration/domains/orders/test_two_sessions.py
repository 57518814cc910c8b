"""Orders that two conversations change at once, on a real Postgres: one wins, the other's turn fails whole."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.domains.base import Effect, Scope
from shared.domains.orders.catalogue import Delivery, Invoice, Line, Order
from shared.domains.orders.store import Shelf
from shared.domains.orders.tools import OrderTools
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database
from tests.support.orders import PRODUCTS
from tests.support.talk import NOON

SKU = "PB-10"


@pytest.fixture
async def tools(database: Database, tenant_id: TenantId) -> OrderTools:
    await Shelf(database, tenant_id).replace(PRODUCTS)
    return OrderTools(database, Scope(tenant_id, "luigi"))


@pytest.fixture
async def order(database: Database, tenant_id: TenantId, tools: OrderTools) -> Order:
    order = await new_order(tools, 400)
    await commit(database, tenant_id, tools.place(order, SessionId(uuid4())))
    return order


async def new_order(tools: OrderTools, quantity: int) -> Order:
    numbers = await tools.numbers()
    return Order(
        order_id=uuid4(),
        number=numbers.order,
        status="placed",
        placed_at=NOON,
        lines=(Line(sku=SKU, name="Pizza box 10 inch", quantity=quantity, unit_price_cents=34),),
        delivery=Delivery(
            delivery_order_id=uuid4(),
            number=numbers.delivery_order,
            outlet_id=None,
            address="1 Keong Saik Road",
            deliver_on=(NOON + timedelta(days=1)).date(),
        ),
        invoice=invoice(numbers.invoice),
    )


def invoice(number: str) -> Invoice:
    return Invoice(invoice_id=uuid4(), number=number, issued_on=NOON.date(), due_on=(NOON + timedelta(days=30)).date())


async def with_quantity(tools: OrderTools, order: Order, quantity: int) -> Order:
    line = order.lines[0].model_copy(update={"quantity": quantity})
    fresh = invoice((await tools.numbers()).invoice)
    return order.model_copy(update={"lines": (line,), "invoice": fresh})


async def commit(database: Database, tenant_id: TenantId, effects: tuple[Effect, ...]) -> None:
    async with database.transaction(tenant_id) as connection:
        for effect in effects:
            await connection.execute(effect.statement, *effect.arguments)


async def stock(tools: OrderTools) -> int:
    return next(product.stock for product in await tools.products() if product.sku == SKU)


IN_STOCK = next(product.stock for product in PRODUCTS if product.sku == SKU)


async def test_an_order_is_cancelled_once_and_its_goods_come_back_once(
    database: Database, tenant_id: TenantId, tools: OrderTools, order: Order
) -> None:
    assert await stock(tools) == IN_STOCK - 400

    await commit(database, tenant_id, tools.cancel(order))
    with pytest.raises(asyncpg.CheckViolationError):
        await commit(database, tenant_id, tools.cancel(order))

    assert await stock(tools) == IN_STOCK


async def test_of_two_changes_of_what_was_read_one_is_made(
    database: Database, tenant_id: TenantId, tools: OrderTools, order: Order
) -> None:
    more, fewer = await with_quantity(tools, order, 500), await with_quantity(tools, order, 100)

    await commit(database, tenant_id, tools.amend(order, more))
    with pytest.raises(asyncpg.CheckViolationError):
        await commit(database, tenant_id, tools.amend(order, fewer))

    assert await tools.order(order.number) == more
    assert await stock(tools) == IN_STOCK - 500


async def test_a_cancelled_order_is_not_changed_any_more(
    database: Database, tenant_id: TenantId, tools: OrderTools, order: Order
) -> None:
    more = await with_quantity(tools, order, 500)

    await commit(database, tenant_id, tools.cancel(order))
    with pytest.raises(asyncpg.CheckViolationError):
        await commit(database, tenant_id, tools.amend(order, more))

    kept = await tools.order(order.number)
    assert kept is not None
    assert (kept.status, kept.invoice.number) == ("cancelled", order.invoice.number)
    assert await stock(tools) == IN_STOCK


async def test_the_last_goods_are_sold_once_and_the_other_order_leaves_nothing(
    database: Database, tenant_id: TenantId, tools: OrderTools
) -> None:
    first, second = await new_order(tools, IN_STOCK - 100), await new_order(tools, 101)

    await commit(database, tenant_id, tools.place(first, SessionId(uuid4())))
    with pytest.raises(asyncpg.CheckViolationError):
        await commit(database, tenant_id, tools.place(second, SessionId(uuid4())))

    assert await tools.order(second.number) is None
    assert await stock(tools) == 100


async def test_an_order_is_found_by_any_of_its_numbers_and_only_by_its_own_user(
    database: Database, tenant_id: TenantId, tools: OrderTools, order: Order
) -> None:
    more = await with_quantity(tools, order, 500)
    await commit(database, tenant_id, tools.amend(order, more))

    for number in (order.number, order.delivery.number, order.invoice.number, more.invoice.number):
        assert await tools.order(number) == more
        assert await OrderTools(database, Scope(tenant_id, "ben")).order(number) is None
