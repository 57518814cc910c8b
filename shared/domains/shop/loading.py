"""Loads products, inventory and orders from CSV files. Wrong rows are named with line and reason; the others load.

A date is a day such as 2026-03-05, or counts from the day of loading: `d-12` is twelve days ago, `d+3` in three days.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final, get_args

from shared.domains.base import Rejected, Scope, Seeded
from shared.domains.rows import Columns, Fields, Numbered, Row, by_line, read_rows, unique
from shared.domains.shop.catalogue import Line, Order, OrderStatus, Product, Stock
from shared.domains.shop.store import Customers, Shelf
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from shared.runtime.process import utc_now

_PRODUCTS: Final = ("sku", "name", "category", "brand", "price", "description", "sizes", "colours", "rating")
_INVENTORY: Final = ("sku", "warehouse", "quantity", "restock")
_ORDERS: Final = (
    "order_id", "user_id", "status", "ordered", "expected", "delivered", "tracking", "sku", "quantity", "price",
)  # fmt: skip
_OPTIONAL: Final = frozenset({"sizes", "colours", "restock", "expected", "delivered", "tracking"})
_RELATIVE: Final = re.compile(r"d(?P<days>[+-]\d{1,4})")
_SKU: Final = re.compile(r"[A-Z]{2,6}-\d{1,12}")
_NOBODY: Final = ""


async def load_products(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load products for one tenant, in place of those of the same SKU."""
    good, rejected = read_products(file)
    await Shelf(database, tenant_id).replace(good)
    return Seeded(len(good), rejected)


async def load_inventory(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load stock for one tenant; a row of an unknown product is refused."""
    shelf = Shelf(database, tenant_id)
    good, rejected = read_inventory(file, utc_now().date(), await shelf.skus())
    await shelf.replace_stock(good)
    return Seeded(len(good), rejected)


async def load_orders(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load orders for one tenant: a row is a line of an order, rows of one order stand together or apart."""
    good, rejected = read_orders(file, utc_now().date(), await Shelf(database, tenant_id).skus())
    await Customers(database, Scope(tenant_id, _NOBODY)).load(good)
    return Seeded(sum(len(order.lines) for _, order in good), rejected)


def read_products(file: Path) -> tuple[tuple[Product, ...], tuple[Rejected, ...]]:
    """The products of a file, and the rows that are none."""
    rows, rejected = read_rows(file, Columns(_PRODUCTS, _OPTIONAL), _product)
    good = unique(rows, rejected, lambda product: product.sku, lambda _: "its SKU is that of an earlier row")
    return good, by_line(rejected)


def read_inventory(file: Path, today: date, known: frozenset[str]) -> tuple[tuple[Stock, ...], tuple[Rejected, ...]]:
    """The stock of a file, and the rows that are none; `known` are the SKUs there are."""
    rows, rejected = read_rows(file, Columns(_INVENTORY, _OPTIONAL), lambda fields: _stock(fields, today))
    rows = _of_known(rows, rejected, known, lambda stock: (stock.sku,))
    good = unique(
        rows,
        rejected,
        lambda stock: (stock.sku, stock.warehouse),
        lambda _: "its SKU and warehouse is that of an earlier row",
    )
    return good, by_line(rejected)


def read_orders(
    file: Path, today: date, known: frozenset[str]
) -> tuple[tuple[tuple[str, Order], ...], tuple[Rejected, ...]]:
    """The orders of a file with their users, and the rows that are none; `known` are the SKUs there are."""
    rows, rejected = read_rows(file, Columns(_ORDERS, _OPTIONAL), lambda fields: _order_line(fields, today))
    rows = _of_known(rows, rejected, known, lambda row: [line.sku for line in row[1].lines])
    orders: dict[str, tuple[str, Order]] = {}
    for line, (user_id, order) in rows:
        reason = _conflict(orders.get(order.id), user_id, order)
        if reason is not None:
            rejected.append(Rejected(line, reason))
            continue
        before = orders[order.id][1].lines if order.id in orders else ()
        orders[order.id] = user_id, order.model_copy(update={"lines": (*before, *order.lines)})
    return tuple(orders.values()), by_line(rejected)


def _conflict(known: tuple[str, Order] | None, user_id: str, order: Order) -> str | None:
    """Why a row cannot be another line of an order; None when it can."""
    if known is None:
        return None
    owner, before = known
    if owner != user_id or before.model_copy(update={"lines": ()}) != order.model_copy(update={"lines": ()}):
        return f"order {order.id!r} has another user, status or date in an earlier row"
    if {line.sku for line in before.lines} & {line.sku for line in order.lines}:
        return f"order {order.id!r} names this product in an earlier row"
    return None


def _of_known(
    rows: Numbered[Row], rejected: list[Rejected], known: frozenset[str], skus: Callable[[Row], Iterable[str]]
) -> Numbered[Row]:
    """The rows whose products are there; the others are refused."""
    good = []
    for line, row in rows:
        missing = [sku for sku in skus(row) if sku not in known]
        if missing:
            rejected.append(Rejected(line, f"there is no product {missing[0]!r}: load products first"))
        else:
            good.append((line, row))
    return good


def _product(fields: Fields) -> Product:
    return Product(
        sku=_sku(fields["sku"]),
        name=fields["name"],
        category=fields["category"],
        brand=fields["brand"],
        price=_cents("price", fields["price"]),
        description=fields["description"],
        sizes=_split(fields["sizes"]),
        colours=_split(fields["colours"]),
        rating=_rating(fields["rating"]),
    )


def _stock(fields: Fields, today: date) -> Stock:
    return Stock(
        sku=_sku(fields["sku"]),
        warehouse=fields["warehouse"],
        quantity=_whole("quantity", fields["quantity"]),
        restock=_day("restock", fields["restock"], today),
    )


def _order_line(fields: Fields, today: date) -> tuple[str, Order]:
    status = next((each for each in get_args(OrderStatus) if each == fields["status"]), None)
    if status is None:
        raise ValueError(f"status {fields['status']!r} is none of {', '.join(get_args(OrderStatus))}")
    ordered = _day("ordered", fields["ordered"], today)
    delivered = _day("delivered", fields["delivered"], today)
    if ordered is None or (status in {"delivered", "returned"} and delivered is None):
        raise ValueError(f"an order that is {status} needs its dates")
    quantity = _whole("quantity", fields["quantity"])
    if quantity == 0:
        raise ValueError("quantity must be at least 1")
    line = Line(sku=_sku(fields["sku"]), name="", quantity=quantity, price=_cents("price", fields["price"]))
    return fields["user_id"], Order(
        id=fields["order_id"].removeprefix("#"),
        status=status,
        ordered=ordered,
        expected=_day("expected", fields["expected"], today),
        delivered=delivered,
        tracking=fields["tracking"] or None,
        lines=(line,),
    )


def _sku(text: str) -> str:
    if not _SKU.fullmatch(text):
        raise ValueError(f"sku {text!r} must look like SKU-88")
    return text


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _whole(name: str, text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{name} {text!r} must be a whole number")
    return int(text)


def _cents(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,7}(\.\d{2})?", text):
        raise ValueError(f"{name} {text!r} must be an amount like 129.00")
    return round(float(text) * 100)


def _rating(text: str) -> float:
    if not re.fullmatch(r"[0-5](\.\d)?", text) or float(text) > 5:
        raise ValueError(f"rating {text!r} must be 0 to 5 like 4.5")
    return float(text)


def _day(name: str, text: str, today: date) -> date | None:
    if not text:
        return None
    relative = _RELATIVE.fullmatch(text)
    try:
        return today + timedelta(days=int(relative["days"])) if relative else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} must be a day like 2026-03-05 or like d-12") from None
