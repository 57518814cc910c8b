"""An order with its delivery order and invoice: how it is made, told and announced."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from pydantic import JsonValue

from shared.domains.orders.catalogue import CURRENCY, Delivery, Invoice, Line, Numbers, Order, Outlet
from shared.domains.orders.outcomes import (
    DeliveryScheduled,
    InvoiceIssued,
    OrderAmended,
    OrderCancelled,
    OrderedLine,
    OrderPlaced,
)
from shared.domains.orders.policy.context import Ask, Facts, OrdersDecision
from shared.domains.orders.words import day, listed, money
from shared.events.outcomes import Outcome
from shared.events.replies import DataPart
from shared.events.signals import Signal

_DUE_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order goes: an outlet, or an address alone."""

    address: str
    outlet_id: str | None

    @classmethod
    def of(cls, outlet: Outlet) -> "Destination":
        return cls(f"{outlet.name}, {outlet.address}", outlet.outlet_id)


def new_order(ask: Ask, lines: Sequence[Line], numbers: Numbers, to: Destination | None) -> Order:
    """An order of this turn; without a destination it waits to be told one."""
    delivery = Delivery(
        delivery_order_id=ask.turn.row_id("delivery order"),
        number=numbers.delivery_order,
        outlet_id=to.outlet_id if to else None,
        address=to.address if to else None,
        deliver_on=ask.delivery_day,
    )
    return Order(
        order_id=ask.turn.row_id("order"),
        number=numbers.order,
        status="placed",
        placed_at=ask.turn.now,
        lines=tuple(lines),
        delivery=delivery,
        invoice=new_invoice(ask, numbers),
    )


def new_invoice(ask: Ask, numbers: Numbers) -> Invoice:
    """An invoice of this turn."""
    issued = ask.today
    return Invoice(
        invoice_id=ask.turn.row_id("invoice"), number=numbers.invoice, issued_on=issued, due_on=issued + _DUE_AFTER
    )


def placed(ask: Ask, order: Order) -> OrdersDecision:
    """Place the order, and confirm it."""
    outcomes = (
        ask.turn.outcome(OrderPlaced, **_identity(order), **_contents(order)),
        scheduled(ask, order),
        _invoiced(ask, order),
    )
    decision = _confirmed(ask, order, "placed")
    if ask.day is not None and ask.day != order.delivery.deliver_on:
        told = ask.say("first_possible", day=day(ask.day, ask.language))
        decision = replace(decision, text=f"{told}\n{decision.text}")
    return replace(
        decision,
        effects=ask.tools.place(order, ask.turn.session_id),
        outcomes=outcomes,
        signals=(
            Signal(kind="action", name="order", value={"item": order.number}),
            *(Signal(kind="interest", name=line.sku, value="high") for line in order.lines),
        ),
    )


def amended(ask: Ask, before: Order, after: Order) -> OrdersDecision:
    """Change the order, and confirm it."""
    outcomes = (
        ask.turn.outcome(OrderAmended, **_identity(after), **_contents(after)),
        _invoiced(ask, after),
    )
    return replace(_confirmed(ask, after, "amended"), effects=ask.tools.amend(before, after), outcomes=outcomes)


def called_off(ask: Ask, order: Order) -> OrdersDecision:
    """Cancel the order with its documents."""
    text = ask.say("cancelled", order=order.number, delivery=order.delivery.number, invoice=order.invoice.number)
    decision = ask.told(text, cancelling=None, draft=None, needs_address=None, order=order.number)
    return replace(
        decision,
        effects=ask.tools.cancel(order),
        outcomes=(ask.turn.outcome(OrderCancelled, **_identity(order)),),
        signals=(Signal(kind="action", name="cancel_order", value={"item": order.number}),),
        facts={"order": facts(order)},
    )


def scheduled(ask: Ask, order: Order) -> Outcome:
    """The news of where and when an order is delivered."""
    delivery = order.delivery
    return ask.turn.outcome(
        DeliveryScheduled,
        **_identity(order),
        delivery_order_id=delivery.delivery_order_id,
        delivery_order_number=delivery.number,
        outlet_id=delivery.outlet_id,
        deliver_on=delivery.deliver_on,
    )


def invoice_part(order: Order) -> DataPart:
    """The invoice as a document that channels can send."""
    number = order.invoice.number
    return DataPart(kind="document", value={"title": f"{number}.pdf", "url": f"/api/orders/invoices/{number}.pdf"})


def contents(order: Order, ask: Ask) -> str:
    """ "400 x Pizza box 10 inch and 200 x Paper cup 12 oz"."""
    return listed((f"{line.quantity} x {line.name}" for line in order.lines), ask.language)


def facts(order: Order) -> Facts:
    """The order for programs."""
    dumped: dict[str, JsonValue] = order.model_dump(mode="json")
    return dumped | {
        "currency": CURRENCY,
        "subtotal_cents": order.subtotal_cents,
        "tax_cents": order.tax_cents,
        "total_cents": order.total_cents,
    }


def _confirmed(ask: Ask, order: Order, phrase: str) -> OrdersDecision:
    delivery = order.delivery
    when = day(delivery.deliver_on, ask.language)
    told = [
        ask.say(phrase, order=order.number),
        *(_line(ask, line) for line in order.lines),
        ask.say(
            "totals",
            subtotal=money(order.subtotal_cents),
            tax=money(order.tax_cents),
            total=money(order.total_cents),
        ),
        ask.say("delivery", number=delivery.number, place=delivery.address, day=when)
        if delivery.address
        else ask.say("delivery_somewhere", number=delivery.number, day=when),
        ask.say("invoice", number=order.invoice.number, due=day(order.invoice.due_on, ask.language)),
    ]
    parts = (DataPart(kind="order", value=facts(order)), invoice_part(order))
    changes: dict[str, Any] = {"draft": None, "altering": None, "order": order.number, "cancelling": None}
    if delivery.address:
        decision = ask.told("\n".join(told), **changes, needs_address=None)
    else:
        decision = ask.question("place", ask.say("ask_place"), **changes, needs_address=order.number)
        decision = replace(decision, text="\n".join([*told, decision.text]))
    return replace(decision, data=parts, facts={"order": facts(order)}, shown=(order.referent,))


def _line(ask: Ask, line: Line) -> str:
    return ask.say(
        "line",
        quantity=f"{line.quantity:,}",
        name=line.name,
        price=money(line.unit_price_cents),
        amount=money(line.amount_cents),
    )


def _identity(order: Order) -> dict[str, object]:
    return {"order_id": order.order_id, "order_number": order.number}


def _contents(order: Order) -> dict[str, object]:
    lines = tuple(
        OrderedLine(sku=line.sku, quantity=line.quantity, amount_cents=line.amount_cents) for line in order.lines
    )
    return {"lines": lines, "currency": CURRENCY, "total_cents": order.total_cents}


def _invoiced(ask: Ask, order: Order) -> Outcome:
    invoice = order.invoice
    return ask.turn.outcome(
        InvoiceIssued,
        **_identity(order),
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.number,
        currency=CURRENCY,
        total_cents=order.total_cents,
        due_on=invoice.due_on,
    )
