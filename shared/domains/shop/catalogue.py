"""What the shop sells, has in stock and has sold. Money in cents of the shop's currency."""

from datetime import date, datetime
from typing import Literal

from shared.domains.base import Referent, State

OrderStatus = Literal["processing", "shipped", "delivered", "returned", "cancelled"]
CURRENCY = "USD"
RETURN_DAYS = 30
"""How long after delivery an order may be returned."""


class Product(State):
    """Something on sale."""

    sku: str
    name: str
    category: str
    brand: str
    price: int
    description: str
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    rating: float

    @property
    def referent(self) -> Referent:
        """The product as something that later words may refer to."""
        return Referent(kind="product", id=self.sku, name=self.name)


class Stock(State):
    """How much of a product a warehouse has, and when more comes."""

    sku: str
    warehouse: str
    quantity: int
    restock: date | None = None


class Line(State):
    """A product in an order; `price` is of one."""

    sku: str
    name: str
    quantity: int
    price: int


class Order(State):
    """A customer's order."""

    id: str
    status: OrderStatus
    ordered: date
    expected: date | None
    delivered: date | None
    tracking: str | None
    lines: tuple[Line, ...]
    return_requested: bool = False

    @property
    def total(self) -> int:
        """What it cost, in cents."""
        return sum(line.price * line.quantity for line in self.lines)

    @property
    def referent(self) -> Referent:
        """The order as something that later words may refer to."""
        return Referent(kind="order", id=self.id, name=f"#{self.id}")


class Wanted(State):
    """What a customer looks for."""

    category: str | None = None
    brand: str | None = None
    colour: str | None = None
    size: str | None = None
    low: int | None = None
    high: int | None = None
    cheapest_first: bool = False
    text: str = ""
    """Words that may be in a name or a description."""

    @property
    def anything(self) -> bool:
        """Whether it narrows the shelf at all."""
        return self != Wanted(cheapest_first=self.cheapest_first)


class Customer(State):
    """A user of the shop."""

    user_id: str
    username: str | None
    email: str | None
    created_at: datetime
    updated_at: datetime
