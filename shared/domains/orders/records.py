"""The tables that other systems keep up to date: goods, outlets, orders and their documents."""

from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field
from uuid_utils.compat import uuid7

from shared.domains.orders.catalogue import CURRENCY
from shared.events.ids import UserId
from shared.runtime.records import EQUAL, RANGE, Record

Code = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,30}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Cents = Annotated[int, Field(ge=0, le=10**12)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]


class ProductRow(BaseModel):
    """Something on sale; `price_cents` is that of one `unit`."""

    sku: Code
    name: Name
    name_zh: Name
    name_ms: Name
    category: Name
    size: Name | None
    unit: Name
    price_cents: Annotated[int, Field(gt=0, le=2_000_000_000)]
    stock: Count
    restock_on: date | None
    description: Annotated[str, Field(max_length=2000)] = ""
    keywords: tuple[Name, ...] = ()


class OutletRow(BaseModel):
    """A place that goods are delivered to."""

    outlet_id: Code
    name: Name
    address: Annotated[str, Field(min_length=1, max_length=500)]
    phone: Annotated[str, Field(max_length=32)] | None


class OrderRow(BaseModel):
    """An order; its lines are read with `GET /api/orders/{number}`."""

    order_id: UUID
    number: Name
    user_id: UserId
    session_id: UUID | None
    outlet_id: Code | None
    status: Literal["placed", "cancelled"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = CURRENCY
    subtotal_cents: Cents
    tax_cents: Cents
    total_cents: Cents
    placed_at: AwareDatetime
    updated_at: AwareDatetime


class DeliveryOrderRow(BaseModel):
    """Where an order goes, and when."""

    delivery_order_id: UUID
    number: Name
    order_id: UUID
    outlet_id: Code | None
    address: Annotated[str, Field(max_length=500)] | None
    deliver_on: date
    status: Literal["scheduled", "cancelled"]


class InvoiceRow(BaseModel):
    """What is to be paid for an order; at most one of an order stands."""

    invoice_id: UUID
    number: Name
    order_id: UUID
    issued_on: date
    due_on: date
    subtotal_cents: Cents
    tax_cents: Cents
    total_cents: Cents
    status: Literal["issued", "void"]


PRODUCTS: Final = Record(
    name="products",
    table="pack_orders.products",
    model=ProductRow,
    key="sku",
    writable=frozenset(ProductRow.model_fields) - {"sku"},
    filters={"category": EQUAL, "size": EQUAL, "sku": EQUAL, "stock": RANGE, "price_cents": RANGE},
    orders=("sku", "name", "stock", "price_cents"),
)

OUTLETS: Final = Record(
    name="outlets",
    table="pack_orders.outlets",
    model=OutletRow,
    key="outlet_id",
    writable=frozenset({"name", "address", "phone"}),
    filters={"outlet_id": EQUAL, "name": EQUAL},
    orders=("outlet_id", "name"),
)

ORDERS: Final = Record(
    name="orders",
    table="pack_orders.orders",
    model=OrderRow,
    key="order_id",
    new_key=uuid7,
    writable=frozenset({"outlet_id", "status", "currency", "subtotal_cents", "tax_cents", "total_cents", "updated_at"}),
    initial=frozenset({"number", "user_id", "session_id", "placed_at"}),
    filters={
        "number": EQUAL,
        "user_id": EQUAL,
        "outlet_id": EQUAL,
        "status": EQUAL,
        "placed_at": RANGE,
        "total_cents": RANGE,
    },
    orders=("placed_at", "number", "total_cents"),
)

DELIVERY_ORDERS: Final = Record(
    name="delivery_orders",
    table="pack_orders.delivery_orders",
    model=DeliveryOrderRow,
    key="delivery_order_id",
    new_key=uuid7,
    writable=frozenset({"outlet_id", "address", "deliver_on", "status"}),
    initial=frozenset({"number", "order_id"}),
    filters={"number": EQUAL, "order_id": EQUAL, "outlet_id": EQUAL, "deliver_on": RANGE, "status": EQUAL},
    orders=("deliver_on", "number"),
)

INVOICES: Final = Record(
    name="invoices",
    table="pack_orders.invoices",
    model=InvoiceRow,
    key="invoice_id",
    new_key=uuid7,
    writable=frozenset({"due_on", "status"}),
    initial=frozenset({"number", "order_id", "issued_on", "subtotal_cents", "tax_cents", "total_cents"}),
    filters={"number": EQUAL, "order_id": EQUAL, "status": EQUAL, "issued_on": RANGE, "due_on": RANGE},
    orders=("issued_on", "number", "due_on", "total_cents"),
)

RECORDS: Final[tuple[Record[Any], ...]] = (PRODUCTS, OUTLETS, ORDERS, DELIVERY_ORDERS, INVOICES)
