"""All SQL of the shop pack. Reads return models; a turn's writes are effects of its transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from shared.domains.base import Effect, Scope
from shared.domains.shop.catalogue import Customer, Line, Order, Product, Stock, Wanted
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database

_PRODUCT: Final = "sku, name, category, brand, price, description, sizes, colours, rating"

_SEARCH: Final = f"""
    select {_PRODUCT}
    from pack_shop.products
    where ($1::text is null or category = $1)
      and ($2::text is null or brand = $2)
      and ($3::text is null or $3 = any(colours))
      and ($4::text is null or $4 = any(sizes))
      and price between coalesce($5, 0) and coalesce($6, price)
      and ($7 = '' or strpos(lower(name || ' ' || description || ' ' || category), $7) > 0)
      and sku <> all($8::text[])
    order by case when $9 then price end, rating desc, price, sku
    limit $10
"""  # noqa: S608 - the only thing put in is the list of columns above

_ORDERS: Final = """
    select o.id, o.status, o.ordered, o.expected, o.delivered, o.tracking, exists (
            select from pack_shop.returns r where r.tenant_id = o.tenant_id and r.order_id = o.id
        ) as return_requested, (
            select jsonb_agg(jsonb_build_array(l.sku, p.name, l.quantity, l.price) order by l.sku)
            from pack_shop.order_lines l join pack_shop.products p using (tenant_id, sku)
            where l.tenant_id = o.tenant_id and l.order_id = o.id
        ) as lines
    from pack_shop.orders o
    where o.user_id = $1 and ($2::text is null or o.id = $2)
    order by o.ordered desc, o.id desc
    limit 20
"""


class Shelf:
    """The products of one tenant and their stock."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Product, ...]:
        """Products that fit, the best rated first."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(
                _SEARCH,
                wanted.category,
                wanted.brand,
                wanted.colour,
                wanted.size,
                wanted.low,
                wanted.high,
                wanted.text.lower(),
                list(without),
                wanted.cheapest_first,
                limit,
            )
        return tuple(_product(row) for row in rows)

    async def named(self, skus: Sequence[str]) -> tuple[Product, ...]:
        """The products of these SKUs, in this order; those that are gone are left out."""
        statement = f"select {_PRODUCT} from pack_shop.products where sku = any($1)"  # noqa: S608 - as above
        async with self._database.tenant(self._tenant_id) as connection:
            found = {row["sku"]: _product(row) for row in await connection.fetch(statement, list(skus))}
        return tuple(found[sku] for sku in skus if sku in found)

    async def all(self) -> tuple[Product, ...]:
        """Every product, by SKU."""
        statement = f"select {_PRODUCT} from pack_shop.products order by sku"  # noqa: S608 - as above
        async with self._database.tenant(self._tenant_id) as connection:
            return tuple(_product(row) for row in await connection.fetch(statement))

    async def stock(self, sku: str) -> tuple[Stock, ...]:
        """What the warehouses have of a product."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(
                "select sku, warehouse, quantity, restock from pack_shop.inventory where sku = $1 order by warehouse",
                sku,
            )
        return tuple(Stock(**dict(row)) for row in rows)

    async def replace(self, products: Sequence[Product]) -> None:
        """Write products, in place of those of the same SKU."""
        async with self._database.transaction(self._tenant_id) as connection:
            await connection.executemany(
                "insert into pack_shop.products (tenant_id, sku, name, category, brand, price, description, sizes,"
                " colours, rating) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                " on conflict (tenant_id, sku) do update set (name, category, brand, price, description, sizes,"
                " colours, rating) = (excluded.name, excluded.category, excluded.brand, excluded.price,"
                " excluded.description, excluded.sizes, excluded.colours, excluded.rating)",
                [_columns(self._tenant_id, product) for product in products],
            )

    async def replace_stock(self, stock: Sequence[Stock]) -> None:
        """Write stock, in place of that of the same product and warehouse."""
        async with self._database.transaction(self._tenant_id) as connection:
            await connection.executemany(
                "insert into pack_shop.inventory (tenant_id, sku, warehouse, quantity, restock)"
                " values ($1, $2, $3, $4, $5) on conflict (tenant_id, sku, warehouse) do update"
                " set (quantity, restock) = (excluded.quantity, excluded.restock)",
                [(self._tenant_id, each.sku, each.warehouse, each.quantity, each.restock) for each in stock],
            )

    async def skus(self) -> frozenset[str]:
        """The SKUs there are."""
        async with self._database.tenant(self._tenant_id) as connection:
            return frozenset(row["sku"] for row in await connection.fetch("select sku from pack_shop.products"))


class Orders:
    """The orders of one user, and nobody else's."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def all(self) -> tuple[Order, ...]:
        """The user's orders, the latest first."""
        return await self._read(None)

    async def find(self, order_id: str) -> Order | None:
        """One order of the user."""
        return next(iter(await self._read(order_id)), None)

    def cancel(self, order: Order) -> Effect:
        """Call off an order that was not shipped."""
        return Effect(
            "update pack_shop.orders set status = 'cancelled'"
            " where tenant_id = $1 and id = $2 and user_id = $3 and status = 'processing'",
            (self._scope.tenant_id, order.id, self._scope.user_id),
        )

    def send_back(self, return_id: UUID, order: Order, now: datetime) -> Effect:
        """Enter a return; an order is returned once."""
        return Effect(
            "insert into pack_shop.returns (tenant_id, id, order_id, user_id, requested_at)"
            " values ($1, $2, $3, $4, $5) on conflict do nothing",
            (self._scope.tenant_id, return_id, order.id, self._scope.user_id, now),
        )

    async def _read(self, order_id: str | None) -> tuple[Order, ...]:
        async with self._database.tenant(self._scope.tenant_id) as connection:
            rows = await connection.fetch(_ORDERS, self._scope.user_id, order_id)
        return tuple(_order(row) for row in rows)


class Customers:
    """The customers of one tenant, their orders as loaded, and the conversations they closed."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def load(self, orders: Sequence[tuple[str, Order]]) -> None:
        """Write orders with their users, in place of those of the same id."""
        tenant = self._scope.tenant_id
        async with self._database.transaction(tenant) as connection:
            await connection.executemany(
                "insert into pack_shop.orders (tenant_id, id, user_id, status, ordered, expected, delivered, tracking)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, id) do update set (user_id, status,"
                " ordered, expected, delivered, tracking) = (excluded.user_id, excluded.status, excluded.ordered,"
                " excluded.expected, excluded.delivered, excluded.tracking)",
                [(tenant, o.id, user, o.status, o.ordered, o.expected, o.delivered, o.tracking) for user, o in orders],
            )
            await connection.execute(
                "delete from pack_shop.order_lines where order_id = any($1)", [order.id for _, order in orders]
            )
            await connection.executemany(
                "insert into pack_shop.order_lines (tenant_id, order_id, sku, quantity, price)"
                " values ($1, $2, $3, $4, $5)",
                [(tenant, o.id, line.sku, line.quantity, line.price) for _, o in orders for line in o.lines],
            )

    async def remember(self, username: str | None, email: str | None) -> Customer:
        """Note that this user is here; what is given replaces what was known."""
        async with self._database.tenant(self._scope.tenant_id) as connection:
            rows = await connection.fetch(
                "insert into pack_shop.users (tenant_id, user_id, username, email) values ($1, $2, $3, $4)"
                " on conflict (tenant_id, user_id) do update set username = coalesce($3, users.username),"
                " email = coalesce($4, users.email), updated_at = now()"
                " returning user_id, username, email, created_at, updated_at",
                self._scope.tenant_id,
                self._scope.user_id,
                username,
                email,
            )
        return Customer(**dict(rows[0]))

    async def find(self) -> Customer | None:
        """What is known of this user."""
        async with self._database.tenant(self._scope.tenant_id) as connection:
            row = await connection.fetchrow(
                "select user_id, username, email, created_at, updated_at from pack_shop.users where user_id = $1",
                self._scope.user_id,
            )
        return None if row is None else Customer(**dict(row))

    async def closed(self) -> dict[UUID, datetime]:
        """The conversations this user closed, and when."""
        async with self._database.tenant(self._scope.tenant_id) as connection:
            rows = await connection.fetch(
                "select session_id, closed_at from pack_shop.closed_conversations where user_id = $1",
                self._scope.user_id,
            )
        return {row["session_id"]: row["closed_at"] for row in rows}

    def close(self, session_id: SessionId, now: datetime) -> Effect:
        """Enter that a conversation is closed."""
        return Effect(
            "insert into pack_shop.closed_conversations (tenant_id, session_id, user_id, closed_at)"
            " values ($1, $2, $3, $4) on conflict do nothing",
            (self._scope.tenant_id, session_id, self._scope.user_id, now),
        )

    def reopen(self, session_id: SessionId) -> Effect:
        """A closed conversation that is spoken in again is open."""
        return Effect(
            "delete from pack_shop.closed_conversations where tenant_id = $1 and session_id = $2 and user_id = $3",
            (self._scope.tenant_id, session_id, self._scope.user_id),
        )


def _columns(tenant: TenantId, product: Product) -> tuple[object, ...]:
    return (
        tenant,
        product.sku,
        product.name,
        product.category,
        product.brand,
        product.price,
        product.description,
        list(product.sizes),
        list(product.colours),
        product.rating,
    )


def _product(row: asyncpg.Record) -> Product:
    return Product(**(dict(row) | {"sizes": tuple(row["sizes"]), "colours": tuple(row["colours"])}))


def _order(row: asyncpg.Record) -> Order:
    lines = tuple(
        Line(sku=sku, name=name, quantity=count, price=price) for sku, name, count, price in row["lines"] or ()
    )
    return Order(**(dict(row) | {"lines": lines}))
