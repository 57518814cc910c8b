"""What the policy may read and write: the tenant's products and outlets, and the caller's own orders."""

from datetime import date

from shared.domains.base import Effect, Scope
from shared.domains.orders.catalogue import Numbers, Order, Outlet, Product
from shared.domains.orders.store import Desk, Orders, Shelf
from shared.events.ids import SessionId
from shared.runtime.postgres import Database


class OrderTools:
    """The pack's tools over its tables; reads only see what the scope allows."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._shelf = Shelf(database, scope.tenant_id)
        self._orders = Orders(database, scope)
        self._desk = Desk(scope)

    async def products(self) -> tuple[Product, ...]:
        """Everything on sale."""
        return await self._shelf.products()

    async def outlets(self) -> tuple[Outlet, ...]:
        """Every place that goods are delivered to."""
        return await self._shelf.outlets()

    async def outlet(self) -> Outlet | None:
        """The outlet that the caller orders for."""
        return await self._orders.outlet()

    async def numbers(self) -> Numbers:
        """Fresh numbers for one order's documents."""
        return await self._shelf.numbers()

    async def orders(self, limit: int = 20) -> tuple[Order, ...]:
        """The caller's orders, the latest first."""
        return await self._orders.latest(limit)

    async def order(self, number: str) -> Order | None:
        """One order of the caller, by its own number or that of any of its documents."""
        return await self._orders.find(number)

    def place(self, order: Order, session_id: SessionId) -> tuple[Effect, ...]:
        """Enter an order."""
        return self._desk.place(order, session_id)

    def amend(self, before: Order, after: Order) -> tuple[Effect, ...]:
        """Change an order."""
        return self._desk.amend(before, after)

    def cancel(self, order: Order) -> tuple[Effect, ...]:
        """Call an order off."""
        return self._desk.cancel(order)

    def move(self, order: Order, deliver_on: date) -> tuple[Effect, ...]:
        """Deliver an order on another day."""
        return self._desk.move(order, deliver_on)

    def deliver_to(self, order: Order, outlet: Outlet | None, address: str) -> tuple[Effect, ...]:
        """Say where an order goes."""
        return self._desk.deliver_to(order, outlet, address)
