"""Loads customers from a CSV file. A row that is wrong is named with its line and the reason; the others load."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.domains.base import Rejected, Seeded
from shared.domains.luxury.customers import BEHAVIOURS, TIERS, Behaviour, Customer, Tier
from shared.domains.luxury.store import Customers
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

COLUMNS: Final = ("id", "name", "tier", "score", "annual_spend", "email_response", "behaviours", "note")
_OPTIONAL: Final = frozenset({"behaviours", "note"})
_ID: Final = re.compile(r"C\d{3,6}")
_NOT_UTF8: Final = "\N{REPLACEMENT CHARACTER}"


async def load_customers(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load the file for one tenant. Rows of an id that is there already replace it."""
    good, rejected = read_customers(file)
    await Customers(database, tenant_id).replace(good)
    return Seeded(loaded=len(good), rejected=rejected)


def read_customers(file: Path) -> tuple[tuple[Customer, ...], tuple[Rejected, ...]]:
    """The customers of a file, and the rows that are none."""
    good: dict[str, Customer] = {}
    rejected: list[Rejected] = []
    # What is not UTF-8 becomes the replacement character, so that only its own row is refused.
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            return (), (Rejected(1, f"the header lacks {', '.join(missing)}"),)
        for row in reader:
            try:
                customer = _customer(row)
                if customer.id in good:
                    raise ValueError(f"id {customer.id!r} is used by an earlier row")  # noqa: TRY301
            except ValueError as error:
                rejected.append(Rejected(reader.line_num, str(error)))
            else:
                good[customer.id] = customer
    return tuple(good.values()), tuple(rejected)


def _customer(row: Mapping[str | None, str | list[str] | None]) -> Customer:
    if None in row:
        raise ValueError("it has more fields than there are columns")
    fields = {name: str(row[name] or "").strip() for name in COLUMNS}
    empty = [name for name, text in fields.items() if not text and name not in _OPTIONAL]
    if empty:
        raise ValueError(f"{', '.join(empty)} must not be empty")
    if any(_NOT_UTF8 in text for text in fields.values()):
        raise ValueError("it is not UTF-8")
    if not _ID.fullmatch(fields["id"]):
        raise ValueError(f"id {fields['id']!r} must look like C001")
    return Customer(
        id=fields["id"],
        name=fields["name"],
        tier=_tier(fields["tier"]),
        score=_whole("score", fields["score"], 100),
        annual_spend=_whole("annual_spend", fields["annual_spend"], 100_000_000),
        email_response=_whole("email_response", fields["email_response"], 100) / 100,
        behaviours=tuple(_behaviour(part.strip()) for part in fields["behaviours"].split(";") if part.strip()),
        note=fields["note"],
    )


def _tier(text: str) -> Tier:
    for tier in TIERS:
        if text == tier:
            return tier
    raise ValueError(f"tier {text!r} is none of {', '.join(TIERS)}")


def _behaviour(text: str) -> Behaviour:
    for behaviour in BEHAVIOURS:
        if text == behaviour:
            return behaviour
    raise ValueError(f"behaviour {text!r} is none of {', '.join(BEHAVIOURS)}")


def _whole(name: str, text: str, most: int) -> int:
    if not text.isdecimal() or int(text) > most:
        raise ValueError(f"{name} {text!r} must be a whole number up to {most}")
    return int(text)
