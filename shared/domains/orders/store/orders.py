"""The orders of one user, with the documents that stand."""

from typing import Any, Final

import asyncpg

from shared.domains.base import Scope
from shared.domains.orders.catalogue import Delivery, Invoice, Line, Order, Outlet
from shared.runtime.postgres import Database

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
