"""What the wholesaler sells, to whom, and what was ordered. Money in cents of the house's currency."""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from shared.domains.base import Referent, State

CURRENCY: Final = "SGD"
TAX_PERCENT: Final = 9
"""Goods and services tax."""

OrderStatus = Literal["placed", "cancelled"]


class Product(State):
    """Something on sale. `price_cents` is that of one `unit`."""

    sku: str
    name: str
    name_zh: str
    name_ms: str
    """The name in Chinese and in Malay, without the size."""
    category: str
    size: str | None
    """In English: 10 inch, 12 oz, 500 ml, large."""
    unit: str
    price_cents: int
    stock: int
    restock_on: date | None = None
    description: str = ""
    keywords: tuple[str, ...] = ()
    """Other words for it, in any language."""

    @property
    def referent(self) -> Referent:
        """The product as something that later words may refer to."""
        return Referent(kind="product", id=self.sku, name=self.name)


class Outlet(State):
    """A place that goods are delivered to."""

    outlet_id: str
    name: str
    address: str
    phone: str | None = None


class Line(State):
    """A product in an order, at the price of the day."""

    sku: str
    name: str
    quantity: int
    unit_price_cents: int

    @property
    def amount_cents(self) -> int:
        """What the line costs."""
        return self.quantity * self.unit_price_cents


class Delivery(State):
    """The delivery order of an order: where to and when. Without an address it waits for one."""

    delivery_order_id: UUID
    number: str
    outlet_id: str | None
    address: str | None
    deliver_on: date


class Invoice(State):
    """What is to be paid for an order."""

    invoice_id: UUID
    number: str
    issued_on: date
    due_on: date


class Order(State):
    """What somebody ordered, with the delivery order and the invoice that stand."""

    order_id: UUID
    number: str
    status: OrderStatus
    placed_at: datetime
    lines: tuple[Line, ...]
    delivery: Delivery
    invoice: Invoice

    @property
    def subtotal_cents(self) -> int:
        """Before tax."""
        return sum(line.amount_cents for line in self.lines)

    @property
    def tax_cents(self) -> int:
        """The tax on it."""
        return tax_on(self.subtotal_cents)

    @property
    def total_cents(self) -> int:
        """What is to be paid."""
        return self.subtotal_cents + self.tax_cents

    @property
    def referent(self) -> Referent:
        """The order as something that later words may refer to."""
        return Referent(kind="order", id=self.number, name=self.number)


class Numbers(State):
    """Numbers drawn for one order's documents."""

    order: str
    delivery_order: str
    invoice: str


def tax_on(cents: int) -> int:
    """The tax on an amount, rounded half up."""
    return (cents * TAX_PERCENT + 50) // 100
