"""What conversations with the order desk write, in the agent's ledger on a real Postgres."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from services.agent.session import Ending, Opening
from services.agent.store import Ledger
from shared.domains import orders as pack
from shared.domains.base import Decision, Scope
from shared.domains.orders.store import Shelf
from shared.domains.orders.tools import OrderTools
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from tests.support.ledgers import ending, opening
from tests.support.orders import OUTLETS, PRODUCTS, DeskInMemory
from tests.support.talk import Talk

ORDER = "400 pizza boxes 10 inch"
Tools = Callable[[str], OrderTools]


class Customer:
    """Somebody who writes to the desk; each turn is committed as the agent commits it."""

    def __init__(self, ledger: Ledger, tools: OrderTools, tenant_id: TenantId, user: str) -> None:
        self.tools = tools
        self._ledger = ledger
        self._tenant_id = tenant_id
        self._user = user
        self._visit()

    def _visit(self) -> None:
        self._talk = Talk(pack.DOMAIN, self.tools, user_id=self._user, session_no=uuid4().int)
        self._session: Opening = opening(self._tenant_id, user_id=self._user, domain="orders")

    async def decide(self, words: str) -> tuple[Decision[Any], Ending]:
        """What the desk makes of the words, and the turn's ending that is not committed yet."""
        decision = await self._talk.say(words)
        await self._ledger.open(self._session)
        return decision, ending(self._session, self._talk.turn_no, effects=decision.effects)

    async def say(self, words: str) -> Decision[Any]:
        """Say something; its turn is committed."""
        decision, end = await self.decide(words)
        await self._ledger.commit(end)
        return decision

    def again(self) -> None:
        """As before the first turn: the agent tries a turn again from what is stored."""
        self._visit()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, Subjects(SecretStr("of the tests")))


@pytest.fixture
def customer(ledger: Ledger, tools_of: Tools, loaded: TenantId) -> Callable[[str], Customer]:
    return lambda user: Customer(ledger, tools_of(user), loaded, user)


async def rows(database: Database, tenant_id: TenantId, statement: str) -> list[tuple[Any, ...]]:
    async with database.tenant(tenant_id) as connection:
        return [tuple(row) for row in await connection.fetch(statement)]


async def stock(tools: OrderTools, sku: str) -> int:
    return next(product.stock for product in await tools.products() if product.sku == sku)


IN_STOCK = {product.sku: product.stock for product in PRODUCTS}


async def test_an_order_is_written_with_its_lines_and_documents_and_takes_its_goods(
    customer: Callable[[str], Customer], database: Database, loaded: TenantId
) -> None:
    luigi = customer("luigi")

    await luigi.say("400 pizza boxes 10 inch and 200 paper cups 12 oz")

    [order] = await luigi.tools.orders()
    assert [(line.sku, line.quantity, line.unit_price_cents) for line in order.lines] == [
        ("PB-10", 400, 34),
        ("PC-12", 200, 11),
    ]
    assert await rows(
        database, loaded, "select outlet_id, status, subtotal_cents, tax_cents, total_cents from pack_orders.orders"
    ) == [("OUT-01", "placed", 15_800, 1_422, 17_222)]
    assert await rows(
        database, loaded, "select number, outlet_id, status, deliver_on from pack_orders.delivery_orders"
    ) == [(order.delivery.number, "OUT-01", "scheduled", order.delivery.deliver_on)]
    assert await rows(database, loaded, "select number, status, total_cents, due_on from pack_orders.invoices") == [
        (order.invoice.number, "issued", 17_222, order.invoice.due_on)
    ]
    assert await stock(luigi.tools, "PB-10") == IN_STOCK["PB-10"] - 400
    assert await stock(luigi.tools, "PC-12") == IN_STOCK["PC-12"] - 200


async def test_a_change_writes_new_lines_and_a_new_invoice_and_moves_the_difference(
    customer: Callable[[str], Customer], database: Database, loaded: TenantId
) -> None:
    luigi = customer("luigi")
    await luigi.say(ORDER)
    [before] = await luigi.tools.orders()

    await luigi.say("make it 500")
    await luigi.say("add 200 paper cups 12 oz")
    await luigi.say("remove the pizza boxes")

    [after] = await luigi.tools.orders()
    assert (after.order_id, after.number, after.delivery) == (before.order_id, before.number, before.delivery)
    assert [(line.sku, line.quantity) for line in after.lines] == [("PC-12", 200)]
    invoices = await rows(database, loaded, "select status, total_cents from pack_orders.invoices order by number")
    assert invoices == [("void", 14_824), ("void", 18_530), ("void", 20_928), ("issued", 2_398)]
    assert await rows(database, loaded, "select total_cents from pack_orders.orders") == [(2_398,)]
    assert await stock(luigi.tools, "PB-10") == IN_STOCK["PB-10"]
    assert await stock(luigi.tools, "PC-12") == IN_STOCK["PC-12"] - 200


async def test_a_cancelled_order_keeps_its_documents_which_are_void_and_returns_its_goods(
    customer: Callable[[str], Customer], database: Database, loaded: TenantId
) -> None:
    luigi = customer("luigi")
    await luigi.say(ORDER)

    await luigi.say("cancel my order")

    [order] = await luigi.tools.orders()
    assert (order.status, [line.quantity for line in order.lines]) == ("cancelled", [400])
    assert await rows(database, loaded, "select status from pack_orders.delivery_orders") == [("cancelled",)]
    assert await rows(database, loaded, "select status from pack_orders.invoices") == [("void",)]
    assert await stock(luigi.tools, "PB-10") == IN_STOCK["PB-10"]


async def test_who_names_an_outlet_orders_for_it_from_then_on(customer: Callable[[str], Customer]) -> None:
    stranger = customer("stranger")
    await stranger.say(ORDER)
    [order] = await stranger.tools.orders()
    assert order.delivery.address is None

    await stranger.say("Golden Wok Jurong")
    await stranger.say("100 paper straws")

    delivered = [each.delivery.outlet_id for each in await stranger.tools.orders()]
    assert delivered == ["OUT-04", "OUT-04"]
    own = await stranger.tools.outlet()
    assert own is not None
    assert own.name == "Golden Wok Jurong"


async def test_an_address_is_of_one_order_only(customer: Callable[[str], Customer]) -> None:
    stranger = customer("stranger")
    await stranger.say(ORDER)

    await stranger.say("742 Geylang Road, Singapore 389645")

    [order] = await stranger.tools.orders()
    assert (order.delivery.address, order.delivery.outlet_id) == ("742 Geylang Road, Singapore 389645", None)
    assert await stranger.tools.outlet() is None


async def test_a_turn_that_is_committed_again_changes_nothing(
    customer: Callable[[str], Customer], ledger: Ledger, database: Database, loaded: TenantId
) -> None:
    luigi = customer("luigi")
    _, end = await luigi.decide(ORDER)
    await ledger.commit(end)

    with pytest.raises(Retry):
        await ledger.commit(end)

    assert await rows(database, loaded, "select count(*) from pack_orders.orders") == [(1,)]
    assert await rows(database, loaded, "select count(*) from pack_orders.order_lines") == [(1,)]
    assert await stock(luigi.tools, "PB-10") == IN_STOCK["PB-10"] - 400


async def test_the_last_goods_go_to_one_and_the_other_is_offered_what_is_left(
    customer: Callable[[str], Customer], ledger: Ledger, database: Database, loaded: TenantId
) -> None:
    buyers = [customer("luigi"), customer("mei")]
    endings = [(await buyer.decide("200 pizza boxes 14 inch"))[1] for buyer in buyers]

    results = await asyncio.gather(*(ledger.commit(end) for end in endings), return_exceptions=True)

    [loser] = [place for place, result in enumerate(results) if result is not None]
    assert isinstance(results[loser], asyncpg.CheckViolationError)
    assert await rows(database, loaded, "select count(*) from pack_orders.orders") == [(1,)]
    assert await rows(database, loaded, "select count(*) from pack_orders.invoices") == [(1,)]
    assert await buyers[loser].tools.orders() == ()
    buyers[loser].again()
    offered = await buyers[loser].say("200 pizza boxes 14 inch")
    assert offered.question is not None
    assert offered.question.about == "offer"
    assert "We have 50 of Pizza box 14 inch now" in offered.text
    assert await stock(buyers[loser].tools, "PB-14") == 50


async def test_many_who_want_the_last_goods_never_sell_more_than_there_are(
    customer: Callable[[str], Customer], ledger: Ledger
) -> None:
    buyers = [customer(f"buyer-{number}") for number in range(12)]
    endings = [(await buyer.decide("60 cling film 45 cm and 40 pizza boxes 14 inch"))[1] for buyer in buyers]
    endings += [(await customer("late").decide("40 pizza boxes 14 inch"))[1] for _ in range(3)]

    results = await asyncio.gather(*(ledger.commit(end) for end in endings), return_exceptions=True)

    sold = [result is None for result in results]
    assert (sum(sold[:12]), sum(sold[12:])) == (1, 3)
    assert await stock(buyers[0].tools, "CF-45") == 0
    assert await stock(buyers[0].tools, "PB-14") == IN_STOCK["PB-14"] - 160


async def test_a_turn_that_fails_spares_those_it_is_committed_with(
    customer: Callable[[str], Customer], ledger: Ledger
) -> None:
    greedy, modest = customer("luigi"), customer("mei")
    _, first = await greedy.decide("250 pizza boxes 14 inch")
    _, second = await greedy.decide("100 pizza boxes 14 inch")
    _, other = await modest.decide("100 paper straws")
    await ledger.commit(first)

    results = await asyncio.gather(
        ledger.commit(second), ledger.commit(other), ledger.commit(replace(second)), return_exceptions=True
    )

    assert [type(result) for result in results] == [
        asyncpg.CheckViolationError,
        type(None),
        asyncpg.CheckViolationError,
    ]
    assert len(await modest.tools.orders()) == 1
    assert len(await greedy.tools.orders()) == 1


async def test_users_and_tenants_are_apart(
    customer: Callable[[str], Customer], database: Database, tools_of: Tools
) -> None:
    luigi = customer("luigi")
    await luigi.say(ORDER)
    [order] = await luigi.tools.orders()
    other_tenant = OrderTools(database, Scope(TenantId(uuid4()), "luigi"))

    for stranger in (tools_of("mei"), other_tenant):
        assert await stranger.order(order.number) is None
        assert await stranger.orders() == ()
    assert await other_tenant.products() == ()
    assert await other_tenant.outlets() == ()
    assert await other_tenant.outlet() is None


@pytest.mark.parametrize("words", ["where is {}", "cancel {}", "invoice for {}", "add 100 paper straws to {}"])
async def test_somebody_elses_order_and_an_absent_one_look_the_same(
    words: str, customer: Callable[[str], Customer]
) -> None:
    luigi, mei = customer("luigi"), customer("mei")
    await luigi.say(ORDER)
    [order] = await luigi.tools.orders()

    for number in (order.number, order.delivery.number, order.invoice.number, "SO-999999"):
        refused = await mei.say(words.format(number))
        assert refused.text == f"I find no order {number} of yours."
        assert (refused.effects, refused.outcomes, refused.data) == ((), (), ())
        mei.again()
    assert await luigi.tools.orders() == (order,)


async def test_numbers_are_drawn_once_over_all_tenants(database: Database) -> None:
    shelves = [Shelf(database, TenantId(uuid4())) for _ in range(2)]

    drawn = await asyncio.gather(*(shelf.numbers() for shelf in shelves * 10))

    for kind, prefix in (("order", "SO-"), ("delivery_order", "DO-"), ("invoice", "INV-")):
        numbers = [getattr(each, kind) for each in drawn]
        assert len(set(numbers)) == 20
        assert all(number.startswith(prefix) for number in numbers)


async def test_what_is_loaded_again_replaces_what_was_there(
    database: Database, loaded: TenantId, tools_of: Tools
) -> None:
    outlet, _ = OUTLETS[0]
    shelf = Shelf(database, loaded)
    cheaper = PRODUCTS[0].model_copy(update={"price_cents": 1, "keywords": ("box",)})

    await shelf.replace([cheaper])
    await shelf.replace_outlets([(outlet.model_copy(update={"name": "Moved"}), "luigi")])

    products = await tools_of("luigi").products()
    assert [each for each in products if each.sku == cheaper.sku] == [cheaper]
    assert len(products) == len(PRODUCTS)
    moved = await tools_of("luigi").outlet()
    assert moved is not None
    assert moved.name == "Moved"


async def test_the_fake_of_the_unit_tests_reads_what_postgres_reads(tools_of: Tools) -> None:
    tools, fake = tools_of("luigi"), DeskInMemory("luigi")

    assert await tools.products() == tuple(sorted(await fake.products(), key=lambda product: product.sku))
    assert await tools.outlets() == await fake.outlets()
    assert await tools.outlet() == await fake.outlet()
    assert await tools_of("nobody").outlet() == await DeskInMemory("nobody").outlet()
