"""Loads customers from a CSV file. A row that is wrong is named with its line and the reason; the others load."""

import re
from pathlib import Path
from typing import Final

from shared.domains.base import Rejected, Seeded
from shared.domains.luxury.customers import BEHAVIOURS, TIERS, Behaviour, Customer, Tier
from shared.domains.luxury.store import Customers
from shared.domains.rows import Columns, Fields, by_line, read_rows, unique
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

COLUMNS: Final = ("id", "name", "tier", "score", "annual_spend", "email_response", "behaviours", "note")
_OPTIONAL: Final = frozenset({"behaviours", "note"})
_ID: Final = re.compile(r"C\d{3,6}")


async def load_customers(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load the file for one tenant. Rows of an id that is there already replace it."""
    good, rejected = read_customers(file)
    await Customers(database, tenant_id).replace(good)
    return Seeded(loaded=len(good), rejected=rejected)


def read_customers(file: Path) -> tuple[tuple[Customer, ...], tuple[Rejected, ...]]:
    """The customers of a file, and the rows that are none."""
    rows, rejected = read_rows(file, Columns(COLUMNS, _OPTIONAL), _customer)
    good = unique(rows, rejected, lambda each: each.id, lambda each: f"id {each.id!r} is used by an earlier row")
    return good, by_line(rejected)


def _customer(fields: Fields) -> Customer:
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
