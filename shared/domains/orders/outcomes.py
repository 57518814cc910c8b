"""What conversations with the order desk lead to, for other systems. Amounts in cents."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.base import Fact
from shared.events.outcomes import Outcome


class OrderedLine(Fact):
    """A product and how many of it."""

    sku: str
    quantity: int
    amount_cents: int


class _OrderOutcome(Outcome):
    order_id: UUID
    order_number: str


class OrderPlaced(_OrderOutcome):
    """Goods were ordered."""

    type: ClassVar[str] = "parley.orders.order-placed.v1"

    lines: tuple[OrderedLine, ...] = Field(examples=[[{"sku": "PB-10", "quantity": 400, "amount_cents": 13600}]])
    currency: str
    total_cents: int


class OrderAmended(_OrderOutcome):
    """An order was changed before its delivery; these are its lines now."""

    type: ClassVar[str] = "parley.orders.order-amended.v1"

    lines: tuple[OrderedLine, ...] = Field(examples=[[{"sku": "PB-10", "quantity": 400, "amount_cents": 13600}]])
    currency: str
    total_cents: int


class OrderCancelled(_OrderOutcome):
    """An order was called off before its delivery."""

    type: ClassVar[str] = "parley.orders.order-cancelled.v1"


class DeliveryScheduled(_OrderOutcome):
    """A delivery order was made, or given another place or day."""

    type: ClassVar[str] = "parley.orders.delivery-scheduled.v1"

    delivery_order_id: UUID
    delivery_order_number: str
    outlet_id: str | None
    deliver_on: date


class InvoiceIssued(_OrderOutcome):
    """An invoice was issued; earlier ones of the order are void."""

    type: ClassVar[str] = "parley.orders.invoice-issued.v1"

    invoice_id: UUID
    invoice_number: str
    currency: str
    total_cents: int
    due_on: date
