"""What orders write: effects of the turn that places, changes or calls off."""

from collections.abc import Mapping
from datetime import date

from shared.domains.base import Effect, Scope
from shared.domains.orders.catalogue import CURRENCY, Order, Outlet
from shared.domains.orders.store.shelf import LINK
from shared.events.ids import SessionId


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
            self._lines(order),
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
            self._goods(_differences(None, order)),
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
            self._lines(after),
            self._invoice(after),
            self._goods(_differences(before, after)),
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
            self._goods(_differences(order, None)),
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
        return placed, of_outlet, Effect(LINK, (self._tenant, self._user, outlet_id))

    def move(self, order: Order, deliver_on: date) -> tuple[Effect, ...]:
        """Deliver an order on another day; fails when it is not to be delivered any more."""
        moved = (self._tenant, order.delivery.delivery_order_id, deliver_on)
        return (Effect("select pack_orders.move_delivery($1, $2, $3)", moved),)

    def _lines(self, order: Order) -> Effect:
        columns = zip(
            *((each.sku, each.name, each.quantity, each.unit_price_cents) for each in order.lines), strict=True
        )
        return Effect(
            "insert into pack_orders.order_lines (tenant_id, order_id, line_no, sku, name, quantity, unit_price_cents)"
            " select $1, $2, line.line_no, line.sku, line.name, line.quantity, line.unit_price_cents"
            " from unnest($3::text[], $4::text[], $5::integer[], $6::integer[])"
            " with ordinality as line (sku, name, quantity, unit_price_cents, line_no)",
            (self._tenant, order.order_id, *columns),
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

    def _goods(self, changes: Mapping[str, int]) -> Effect:
        """Take goods, or put back what is negative; always in the same order, so that turns do not block each other."""
        skus = sorted(sku for sku, quantity in changes.items() if quantity)
        return Effect(
            "select pack_orders.take_stock($1, goods.sku, goods.quantity)"
            " from unnest($2::text[], $3::integer[]) as goods (sku, quantity)",
            (self._tenant, skus, [changes[sku] for sku in skus]),
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
