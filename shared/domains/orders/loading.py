"""Loads products and outlets from CSV files. A row that is wrong is named with its line and why; the others load.

products: sku, name, name_zh, name_ms, category, size, unit, price_cents, stock, restock_on (a day, or `d+5`: in 5
days), description, keywords (separated by `;`). outlets: outlet_id, name, address, phone, user_id (who orders for it).
"""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from shared.domains.base import Rejected, Seeded
from shared.domains.orders.catalogue import Outlet, Product
from shared.domains.orders.store import Shelf
from shared.domains.rows import Columns, Fields, by_line, read_rows, unique
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from shared.runtime.process import utc_now

_PRODUCTS: Final = Columns(
    (
        "sku",
        "name",
        "name_zh",
        "name_ms",
        "category",
        "size",
        "unit",
        "price_cents",
        "stock",
        "restock_on",
        "description",
        "keywords",
    ),
    frozenset({"size", "restock_on", "description", "keywords"}),
)
_OUTLETS: Final = Columns(("outlet_id", "name", "address", "phone", "user_id"), frozenset({"phone", "user_id"}))
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,30}")
_RELATIVE: Final = re.compile(r"d\+(?P<days>\d{1,3})")

Linked = tuple[Outlet, str]
"""An outlet and who orders for it; an empty name: nobody yet."""


async def load_products(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load the file for one tenant; products that are there already get what the file says."""
    good, rejected = read_products(file, utc_now().date())
    await Shelf(database, tenant_id).replace(good)
    return Seeded(loaded=len(good), rejected=rejected)


async def load_outlets(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load the file for one tenant; outlets that are there already get what the file says."""
    good, rejected = read_outlets(file)
    await Shelf(database, tenant_id).replace_outlets(good)
    return Seeded(loaded=len(good), rejected=rejected)


def read_products(file: Path, today: date) -> tuple[tuple[Product, ...], tuple[Rejected, ...]]:
    """The products of a file, and the rows that are none."""
    rows, rejected = read_rows(file, _PRODUCTS, lambda fields: _product(fields, today))
    good = unique(rows, rejected, lambda each: each.sku, lambda each: f"sku {each.sku} is that of an earlier row")
    return good, by_line(rejected)


def read_outlets(file: Path) -> tuple[tuple[Linked, ...], tuple[Rejected, ...]]:
    """The outlets of a file, and the rows that are none."""
    rows, rejected = read_rows(file, _OUTLETS, _outlet)
    good = unique(
        rows, rejected, lambda each: each[0].outlet_id, lambda each: f"{each[0].outlet_id} is that of an earlier row"
    )
    return good, by_line(rejected)


def _product(fields: Fields, today: date) -> Product:
    return Product(
        sku=_code("sku", fields["sku"]),
        name=fields["name"],
        name_zh=fields["name_zh"],
        name_ms=fields["name_ms"],
        category=fields["category"],
        size=fields["size"] or None,
        unit=fields["unit"],
        price_cents=_whole("price_cents", fields["price_cents"], lowest=1),
        stock=_whole("stock", fields["stock"], lowest=0),
        restock_on=_day(fields["restock_on"], today),
        description=fields["description"],
        keywords=tuple(part.strip() for part in fields["keywords"].split(";") if part.strip()),
    )


def _outlet(fields: Fields) -> Linked:
    outlet = Outlet(
        outlet_id=_code("outlet_id", fields["outlet_id"]),
        name=fields["name"],
        address=fields["address"],
        phone=fields["phone"] or None,
    )
    return outlet, fields["user_id"]


def _code(name: str, text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f"{name} {text!r} must be capital letters, digits and dashes")
    return text


def _whole(name: str, text: str, *, lowest: int) -> int:
    if not text.isdecimal() or not lowest <= int(text) <= 100_000_000:
        raise ValueError(f"{name} {text!r} must be a whole number from {lowest}")
    return int(text)


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    relative = _RELATIVE.fullmatch(text)
    try:
        return today + timedelta(days=int(relative["days"])) if relative else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"restock_on {text!r} must be a day like 2026-03-05 or like d+5") from None
