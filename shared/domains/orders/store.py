"""All SQL of the order desk. Reads return models; a turn's writes are effects of its transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import asyncpg

from shared.domains.base import Effect, Scope
from shared.domains.orders.catalogue import CURRENCY, Delivery, Invoice, Line, Numbers, Order, Outlet, Product
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database

_PRODUCTS: Final = """
    select sku, name, name_zh, name_ms, category, size, unit, price_cents, stock, restock_on, description, keywords
    from pack_orders.products order by sku
"""

_NUMBERS: Final = """
    select 'SO-' || lpad(nextval('pack_orders.order_numbers')::text, 6, '0') as "order",
        'DO-' || lpad(nextval('pack_orders.delivery_order_numbers')::text, 6, '0') as delivery_order,
        'INV-' || lpad(nextval('pack_orders.invoice_numbers')::text, 6, '0') as invoice
"""

_ORDERS: Final = """
    select o.order_id, o.number, o.status, o.placed_at,
        (
            select jsonb_agg(to_jsonb(l) - 'tenant_id' - 'order_id' - 'line_no' order by l.line_no)
            from pack_orders.order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.order_id
        ) as lines,
        (
            select to_jsonb(d) - 'tenant_id' - 'order_id' - 'status'
            from pack_orders.delivery_orders d where d.tenant_id = o.tenant_id and d.order_id = o.order_id
        ) as delivery,
        (
            select jsonb_build_object(
                'invoice_id', i.invoice_id, 'number', i.number, 'issued_on', i.issued_on, 'due_on', i.due_on
            )
            from pack_orders.invoices i where i.tenant_id = o.tenant_id and i.order_id = o.order_id
            order by (i.status = 'issued') desc, i.number desc limit 1
        ) as invoice
    from pack_orders.orders o
    where o.user_id = $1 and ($2::text is null or o.number = $2 or exists (
        select from pack_orders.delivery_orders d
        where d.tenant_id = o.tenant_id and d.order_id = o.order_id and d.number = $2
    ) or exists (
        select from pack_orders.invoices i
        where i.tenant_id = o.tenant_id and i.order_id = o.order_id and i.number = $2
    ))
    order by o.placed_at desc, o.order_id desc
    limit $3
"""


class Shelf:
    """The products and outlets of one tenant."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def products(self) -> tuple[Product, ...]:
        """Everything on sale."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(_PRODUCTS)
        return tuple(Product(**(dict(row) | {"keywords": tuple(row["keywords"])})) for row in rows)

    async def outlets(self) -> tuple[Outlet, ...]:
        """Every place that goods are delivered to."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(
                "select outlet_id, name, address, phone from pack_orders.outlets order by outlet_id"
            )
        return tuple(Outlet(**dict(row)) for row in rows)

    async def numbers(self) -> Numbers:
        """Fresh numbers for one order; a turn that is tried again draws others, which leaves a gap."""
        async with self._database.tenant(self._tenant_id) as connection:
            row = await connection.fetchrow(_NUMBERS)
        return Numbers(**dict(row or {}))

    async def replace(self, products: Sequence[Product]) -> None:
        """Write products, in place of those of the same SKU."""
        async with self._database.transaction(self._tenant_id) as connection:
            await connection.executemany(
                "insert into pack_orders.products (tenant_id, sku, name, name_zh, name_ms, category, size, unit,"
                " price_cents, stock, restock_on, description, keywords)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                " on conflict (tenant_id, sku) do update set (name, name_zh, name_ms, category, size, unit,"
                " price_cents, stock, restock_on, description, keywords) ="
                " (excluded.name, excluded.name_zh, excluded.name_ms, excluded.category, excluded.size,"
                " excluded.unit, excluded.price_cents, excluded.stock, excluded.restock_on, excluded.description,"
                " excluded.keywords)",
                [_columns(self._tenant_id, product) for product in products],
            )

    async def replace_outlets(self, linked: Sequence[tuple[Outlet, str]]) -> None:
        """Write outlets and who orders for them, in place of what is there."""
        tenant = self._tenant_id
        async with self._database.transaction(tenant) as connection:
            await connection.executemany(
                "insert into pack_orders.outlets (tenant_id, outlet_id, name, address, phone)"
                " values ($1, $2, $3, $4, $5) on conflict (tenant_id, outlet_id) do update"
                " set (name, address, phone) = (excluded.name, excluded.address, excluded.phone)",
                [(tenant, each.outlet_id, each.name, each.address, each.phone) for each, _ in linked],
            )
            await connection.executemany(_LINK, [(tenant, user, outlet.outlet_id) for outlet, user in linked if user])


_LINK: Final = """
    insert into pack_orders.outlet_users (tenant_id, user_id, outlet_id) values ($1, $2, $3)
    on conflict (tenant_id, user_id) do update set outlet_id = excluded.outlet_id
"""


class Orders:
    """The orders of one user, and nobody else's."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def outlet(self) -> Outlet | None:
        """The outlet that this user orders for."""
        async with self._database.tenant(self._scope.tenant_id) as connection:
            row = await connection.fetchrow(
                "select o.outlet_id, o.name, o.address, o.phone from pack_orders.outlet_users u"
                " join pack_orders.outlets o using (tenant_id, outlet_id) where u.user_id = $1",
                self._scope.user_id,
            )
        return None if row is None else Outlet(**dict(row))

    async def latest(self, limit: int) -> tuple[Order, ...]:
        """The user's orders, the latest first."""
        return await self._read(None, limit)

    async def find(self, number: str) -> Order | None:
        """One order of the user, by its own number or that of any of its documents."""
        return next(iter(await self._read(number, 1)), None)

    async def _read(self, number: str | None, limit: int) -> tuple[Order, ...]:
        async with self._database.tenant(self._scope.tenant_id) as connection:
            rows = await connection.fetch(_ORDERS, self._scope.user_id, number, limit)
        return tuple(map(_order, rows))


class Desk:
    """What an order, its change and its end write, as effects of a turn."""

    def __init__(self, scope: Scope) -> None:
        self._tenant = scope.tenant_id
        self._user = scope.user_id

    def place(self, order: Order, session_id: SessionId) -> tuple[Effect, ...]:
        """Enter an order with its delivery order and invoice, and take the goods."""
        delivery = order.delivery
        return (
            Effect(
                "insert into pack_orders.orders (tenant_id, order_id, number, user_id, session_id, outlet_id, status,"
                " currency, subtotal_cents, tax_cents, total_cents, placed_at, updated_at)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
                (
                    self._tenant,
                    order.order_id,
                    order.number,
                    self._user,
                    session_id,
                    delivery.outlet_id,
                    order.status,
                    CURRENCY,
                    *_amounts(order),
                    order.placed_at,
                ),
            ),
            *self._lines(order),
            Effect(
                "insert into pack_orders.delivery_orders (tenant_id, delivery_order_id, number, order_id, outlet_id,"
                " address, deliver_on, status) values ($1, $2, $3, $4, $5, $6, $7, 'scheduled')",
                (
                    self._tenant,
                    delivery.delivery_order_id,
                    delivery.number,
                    order.order_id,
                    delivery.outlet_id,
                    delivery.address,
                    delivery.deliver_on,
                ),
            ),
            self._invoice(order),
            *self._goods(_differences(None, order)),
        )

    def amend(self, before: Order, after: Order) -> tuple[Effect, ...]:
        """Change an order's lines: the goods by difference, and a new invoice in place of the void one."""
        return (
            self._void(before),
            Effect(
                "update pack_orders.orders set (subtotal_cents, tax_cents, total_cents, updated_at) ="
                " ($4, $5, $6, now()) where tenant_id = $1 and order_id = $2 and user_id = $3",
                (self._tenant, after.order_id, self._user, *_amounts(after)),
            ),
            Effect(
                "delete from pack_orders.order_lines where tenant_id = $1 and order_id = $2",
                (self._tenant, after.order_id),
            ),
            *self._lines(after),
            self._invoice(after),
            *self._goods(_differences(before, after)),
        )

    def cancel(self, order: Order) -> tuple[Effect, ...]:
        """Call an order off, with its documents; the goods go back."""
        return (
            self._void(order),
            Effect(
                "update pack_orders.orders set status = 'cancelled', updated_at = now()"
                " where tenant_id = $1 and order_id = $2 and user_id = $3",
                (self._tenant, order.order_id, self._user),
            ),
            Effect(
                "update pack_orders.delivery_orders set status = 'cancelled' where tenant_id = $1 and order_id = $2",
                (self._tenant, order.order_id),
            ),
            *self._goods(_differences(order, None)),
        )

    def deliver_to(self, order: Order, outlet: Outlet | None, address: str) -> tuple[Effect, ...]:
        """Say where an order goes; a known outlet is from now on this user's."""
        outlet_id = None if outlet is None else outlet.outlet_id
        placed = Effect(
            "update pack_orders.delivery_orders set (outlet_id, address) = ($3, $4)"
            " where tenant_id = $1 and order_id = $2",
            (self._tenant, order.order_id, outlet_id, address),
        )
        if outlet is None:
            return (placed,)
        of_outlet = Effect(
            "update pack_orders.orders set outlet_id = $3 where tenant_id = $1 and order_id = $2",
            (self._tenant, order.order_id, outlet_id),
        )
        return placed, of_outlet, Effect(_LINK, (self._tenant, self._user, outlet_id))

    def move(self, order: Order, deliver_on: date) -> tuple[Effect, ...]:
        """Deliver an order on another day; fails when it is not to be delivered any more."""
        moved = (self._tenant, order.delivery.delivery_order_id, deliver_on)
        return (Effect("select pack_orders.move_delivery($1, $2, $3)", moved),)

    def _lines(self, order: Order) -> tuple[Effect, ...]:
        return tuple(
            Effect(
                "insert into pack_orders.order_lines (tenant_id, order_id, line_no, sku, name, quantity,"
                " unit_price_cents) values ($1, $2, $3, $4, $5, $6, $7)",
                (self._tenant, order.order_id, number, line.sku, line.name, line.quantity, line.unit_price_cents),
            )
            for number, line in enumerate(order.lines, start=1)
        )

    def _invoice(self, order: Order) -> Effect:
        invoice = order.invoice
        return Effect(
            "insert into pack_orders.invoices (tenant_id, invoice_id, number, order_id, issued_on, due_on,"
            " subtotal_cents, tax_cents, total_cents, status) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'issued')",
            (
                self._tenant,
                invoice.invoice_id,
                invoice.number,
                order.order_id,
                invoice.issued_on,
                invoice.due_on,
                *_amounts(order),
            ),
        )

    def _void(self, order: Order) -> Effect:
        """Fails when the order is not as it was read: whatever changes an order voids its invoice first."""
        return Effect("select pack_orders.void_invoice($1, $2)", (self._tenant, order.invoice.invoice_id))

    def _goods(self, changes: Mapping[str, int]) -> tuple[Effect, ...]:
        """Take goods, or put them back; always in the same order, so that two turns do not wait for each other."""
        return tuple(
            self._take(sku, quantity) if quantity > 0 else self._return(sku, -quantity)
            for sku, quantity in sorted(changes.items())
            if quantity
        )

    def _take(self, sku: str, quantity: int) -> Effect:
        return Effect("select pack_orders.take_stock($1, $2, $3)", (self._tenant, sku, quantity))

    def _return(self, sku: str, quantity: int) -> Effect:
        return Effect(
            "update pack_orders.products set stock = stock + $3 where tenant_id = $1 and sku = $2",
            (self._tenant, sku, quantity),
        )


def _amounts(order: Order) -> tuple[int, int, int]:
    return order.subtotal_cents, order.tax_cents, order.total_cents


def _differences(before: Order | None, after: Order | None) -> dict[str, int]:
    """How many more of each product; fewer are negative."""
    changes: dict[str, int] = {}
    for order, sign in ((before, -1), (after, 1)):
        for line in order.lines if order is not None else ():
            changes[line.sku] = changes.get(line.sku, 0) + sign * line.quantity
    return changes


def _columns(tenant: TenantId, product: Product) -> tuple[object, ...]:
    return (
        tenant,
        product.sku,
        product.name,
        product.name_zh,
        product.name_ms,
        product.category,
        product.size,
        product.unit,
        product.price_cents,
        product.stock,
        product.restock_on,
        product.description,
        list(product.keywords),
    )


def _order(row: asyncpg.Record) -> Order:
    given: dict[str, Any] = dict(row)
    return Order(
        **given
        | {
            "lines": tuple(Line.model_validate(each) for each in given["lines"] or ()),
            "delivery": Delivery.model_validate(given["delivery"]),
            "invoice": Invoice.model_validate(given["invoice"]),
        }
    )
