"""The order desk in a conversation, over its own CSV files in memory."""

from datetime import date
from pathlib import Path

from shared.domains import orders as pack
from shared.domains.base import Effect
from shared.domains.orders.catalogue import Numbers, Order, Outlet, Product
from shared.domains.orders.loading import read_outlets, read_products
from shared.events.ids import SessionId
from tests.support.talk import NOON, Talk

DATA = Path(pack.__file__).parent / "data"
PRODUCTS = read_products(DATA / "products.csv", NOON.date())[0]
OUTLETS = read_outlets(DATA / "outlets.csv")[0]


class DeskInMemory:
    """The tools of one caller over the files. What effects would write is kept, so that later turns read it."""

    def __init__(self, user_id: str) -> None:
        self.kept: dict[str, Order] = {}
        self._orders_of: dict[str, str] = {}
        self._outlet = next((outlet for outlet, user in OUTLETS if user == user_id), None)
        self._drawn = 0
        self._stock = {product.sku: product.stock for product in PRODUCTS}

    async def products(self) -> tuple[Product, ...]:
        return tuple(each.model_copy(update={"stock": self._stock[each.sku]}) for each in PRODUCTS)

    async def outlets(self) -> tuple[Outlet, ...]:
        return tuple(outlet for outlet, _ in OUTLETS)

    async def outlet(self) -> Outlet | None:
        return self._outlet

    async def numbers(self) -> Numbers:
        self._drawn += 1
        number = f"{self._drawn:06d}"
        return Numbers(order=f"SO-{number}", delivery_order=f"DO-{number}", invoice=f"INV-{number}")

    async def orders(self, limit: int = 20) -> tuple[Order, ...]:
        return tuple(reversed(self.kept.values()))[:limit]

    async def order(self, number: str) -> Order | None:
        return self.kept.get(self._orders_of.get(number, ""))

    def place(self, order: Order, session_id: SessionId) -> tuple[Effect, ...]:
        self._keep(order, {})
        return (Effect("place", (order.number,)),)

    def amend(self, before: Order, after: Order) -> tuple[Effect, ...]:
        self._keep(after, {line.sku: line.quantity for line in before.lines})
        return (Effect("amend", (after.number,)),)

    def cancel(self, order: Order) -> tuple[Effect, ...]:
        self._keep(
            order.model_copy(update={"status": "cancelled"}), {line.sku: 2 * line.quantity for line in order.lines}
        )
        return (Effect("cancel", (order.number,)),)

    def deliver_to(self, order: Order, outlet: Outlet | None, address: str) -> tuple[Effect, ...]:
        self.kept[order.number] = order
        self._outlet = outlet or self._outlet
        return (Effect("deliver", (order.number, address)),)

    def move(self, order: Order, deliver_on: date) -> tuple[Effect, ...]:
        self.kept[order.number] = order
        return (Effect("move", (order.number, deliver_on)),)

    def _keep(self, order: Order, returned: dict[str, int]) -> None:
        self.kept[order.number] = order
        for number in (order.number, order.delivery.number, order.invoice.number):
            self._orders_of[number] = order.number
        for sku, quantity in returned.items():
            self._stock[sku] += quantity
        for line in order.lines:
            self._stock[line.sku] -= line.quantity


def talk(user_id: str = "luigi") -> Talk:
    """A new session of this caller."""
    return Talk(pack.DOMAIN, DeskInMemory(user_id), user_id=user_id)
