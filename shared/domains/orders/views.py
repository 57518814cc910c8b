"""The public models of the order desk's own endpoints."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from shared.domains.surface import spoken

User = Annotated[str, Field(min_length=1, max_length=128)]


class Nothing(BaseModel):
    """Arguments of what needs none."""


class OrderNumber(BaseModel):
    """Which order."""

    number: str = Field(max_length=32)


class InvoiceNumber(BaseModel):
    """Which invoice, of those that stand."""

    number: str = Field(max_length=32)


class Message(BaseModel):
    """Something a customer writes, in a conversation or in a new one."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"message": "Hi, we need 400 boxes for 10 inch pizzas", "user_id": "luigi"}]},
    )

    message: Annotated[str, Field(max_length=8000), AfterValidator(spoken)]
    user_id: User
    conversation_id: UUID | None = None


class Reply(BaseModel):
    """The answer, with what was ordered if anything was."""

    conversation_id: UUID
    message_id: UUID = Field(description="The turn; its two messages are in the history.")
    response: str
    language: str
    intent: str | None
    clarification_options: tuple[str, ...] = ()
    data: tuple[dict[str, JsonValue], ...] = ()


class LineView(BaseModel):
    """A product in an order."""

    sku: str
    name: str
    quantity: int
    unit_price_cents: int


class DeliveryView(BaseModel):
    """Where and when an order is delivered."""

    number: str
    outlet_id: str | None
    address: str | None
    deliver_on: date


class InvoiceView(BaseModel):
    """What is to be paid for an order."""

    number: str
    issued_on: date
    due_on: date


class OrderView(BaseModel):
    """An order with the documents that stand. Amounts in cents."""

    number: str
    status: str
    placed_at: AwareDatetime
    lines: tuple[LineView, ...]
    currency: str
    subtotal_cents: int
    tax_cents: int
    total_cents: int
    delivery: DeliveryView
    invoice: InvoiceView


class OrderList(BaseModel):
    """A user's orders, the latest first."""

    orders: tuple[OrderView, ...]
