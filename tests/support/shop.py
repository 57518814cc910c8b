"""The shop pack in a conversation, over its own CSV files in memory."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shared.domains import shop as pack
from shared.domains.base import Effect
from shared.domains.shop.catalogue import Line, Order, Product, Stock, Wanted
from shared.domains.shop.loading import read_inventory, read_orders, read_products
from shared.events.ids import SessionId
from tests.support.talk import NOON, Talk

DATA = Path(pack.__file__).parent / "data"
PRODUCTS = read_products(DATA / "products.csv")[0]
STOCK = read_inventory(DATA / "inventory.csv", NOON.date(), frozenset(each.sku for each in PRODUCTS))[0]
ORDERS = read_orders(DATA / "orders.csv", NOON.date(), frozenset(each.sku for each in PRODUCTS))[0]
_NAMES = {product.sku: product.name for product in PRODUCTS}


class ShopInMemory:
    """The tools of one customer over the files; effects are only described."""

    def __init__(self, user_id: str) -> None:
        self._orders = [_with_names(order) for owner, order in ORDERS if owner == user_id]

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Product, ...]:
        fitting = [each for each in PRODUCTS if _fits(wanted, each) and each.sku not in without]
        fitting.sort(key=lambda p: (p.price if wanted.cheapest_first else 0, -p.rating, p.price, p.sku))
        return tuple(fitting[:limit])

    async def named(self, skus: Sequence[str]) -> tuple[Product, ...]:
        return tuple(product for sku in skus for product in PRODUCTS if product.sku == sku)

    async def all(self) -> tuple[Product, ...]:
        return tuple(sorted(PRODUCTS, key=lambda product: product.sku))

    async def stock(self, sku: str) -> tuple[Stock, ...]:
        return tuple(each for each in STOCK if each.sku == sku)

    async def orders(self) -> tuple[Order, ...]:
        return tuple(sorted(self._orders, key=lambda order: (order.ordered, order.id), reverse=True))

    async def order(self, order_id: str) -> Order | None:
        return next((order for order in self._orders if order.id == order_id), None)

    def cancel(self, order: Order) -> Effect:
        return Effect("cancel", (order.id,))

    def send_back(self, return_id: UUID, order: Order, now: datetime) -> Effect:
        return Effect("send back", (order.id,))

    def close(self, session_id: SessionId, now: datetime) -> Effect:
        return Effect("close", ())

    def reopen(self, session_id: SessionId) -> Effect:
        return Effect("reopen", ())


def talk(user_id: str = "ana") -> Talk:
    """A new session of this customer."""
    return Talk(pack.DOMAIN, ShopInMemory(user_id), user_id=user_id)


def _with_names(order: Order) -> Order:
    lines = tuple(Line(**(line.model_dump() | {"name": _NAMES[line.sku]})) for line in order.lines)
    return order.model_copy(update={"lines": tuple(sorted(lines, key=lambda line: line.sku))})


def _fits(wanted: Wanted, product: Product) -> bool:
    words = f"{product.name} {product.description} {product.category}".lower()
    return (
        wanted.category in {None, product.category}
        and wanted.brand in {None, product.brand}
        and (wanted.colour is None or wanted.colour in product.colours)
        and (wanted.size is None or wanted.size in product.sizes)
        and (wanted.low or 0) <= product.price <= (wanted.high or product.price)
        and wanted.text.lower() in words
    )
