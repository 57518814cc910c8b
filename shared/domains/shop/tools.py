"""What the policy may read and write: the tenant's products and the caller's own orders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.domains.base import Effect, Scope
from shared.domains.shop.catalogue import Customer, Order, Product, Stock, Wanted
from shared.domains.shop.store import Customers, Orders, Shelf
from shared.events.ids import SessionId
from shared.runtime.postgres import Database


class ShopTools:
    """The pack's tools over its tables; reads only see what the scope allows."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._shelf = Shelf(database, scope.tenant_id)
        self._orders = Orders(database, scope)
        self._customers = Customers(database, scope)

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Product, ...]:
        """Products that fit, the best rated first."""
        return await self._shelf.search(wanted, limit=limit, without=without)

    async def named(self, skus: Sequence[str]) -> tuple[Product, ...]:
        """The products of these SKUs, in this order."""
        return await self._shelf.named(skus)

    async def all(self) -> tuple[Product, ...]:
        """Every product."""
        return await self._shelf.all()

    async def stock(self, sku: str) -> tuple[Stock, ...]:
        """What the warehouses have of a product."""
        return await self._shelf.stock(sku)

    async def orders(self) -> tuple[Order, ...]:
        """The caller's orders, the latest first."""
        return await self._orders.all()

    async def order(self, order_id: str) -> Order | None:
        """One order of the caller."""
        return await self._orders.find(order_id)

    def cancel(self, order: Order) -> Effect:
        """Call off an order."""
        return self._orders.cancel(order)

    def send_back(self, return_id: UUID, order: Order, now: datetime) -> Effect:
        """Enter a return."""
        return self._orders.send_back(return_id, order, now)

    def close(self, session_id: SessionId, now: datetime) -> Effect:
        """Close a conversation."""
        return self._customers.close(session_id, now)

    def reopen(self, session_id: SessionId) -> Effect:
        """Open a closed conversation."""
        return self._customers.reopen(session_id)

    async def closed(self) -> dict[UUID, datetime]:
        """The conversations the caller closed."""
        return await self._customers.closed()

    async def remember(self, username: str | None, email: str | None) -> Customer:
        """Note the caller as a user of the shop."""
        return await self._customers.remember(username, email)

    async def customer(self) -> Customer | None:
        """What is known of the caller."""
        return await self._customers.find()
