"""Loads listings from a CSV file. A row that is wrong is named with its line and the reason; the others load."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

from shared.domains.base import Rejected, Seeded
from shared.domains.property.listings import Home, Listing, Status
from shared.domains.property.store import Listings
from shared.domains.rows import Columns, Fields, by_line, read_rows, unique
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

COLUMNS = (
    "id",
    "project",
    "aliases",
    "developer",
    "city",
    "locality",
    "homes",
    "status",
    "possession",
    "amenities",
    "rera",
    "brochure",
    "latitude",
    "longitude",
)
_OPTIONAL = frozenset({"aliases", "possession", "amenities", "latitude", "longitude"})
_HOME_FORM = re.compile(r"(?P<bedrooms>[1-9]) BHK (?P<area>[1-9]\d*) sqft (?P<price>[1-9]\d*)")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


async def load_listings(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load the file for one tenant. Rows of an id that is there already replace it."""
    good, rejected = read_listings(file)
    await Listings(database, tenant_id).replace(good)
    return Seeded(loaded=len(good), rejected=rejected)


def read_listings(file: Path) -> tuple[tuple[Listing, ...], tuple[Rejected, ...]]:
    """The listings of a file, and the rows that are none."""
    rows, rejected = read_rows(file, Columns(COLUMNS, _OPTIONAL), _listing)
    good = unique(rows, rejected, lambda each: each.id, lambda each: f"id {each.id!r} is used by an earlier row")
    return good, by_line(rejected)


def _listing(fields: Fields) -> Listing:
    if not _ID.fullmatch(fields["id"]):
        raise ValueError(f"id {fields['id']!r} must be lower-case words joined by hyphens")
    status = _status(fields["status"])
    return Listing(
        id=fields["id"],
        project=fields["project"],
        aliases=tuple(_split(fields["aliases"])),
        developer=fields["developer"],
        city=fields["city"],
        locality=fields["locality"],
        homes=_homes(fields["homes"]),
        status=status,
        possession=_possession(fields["possession"], status),
        amenities=tuple(_split(fields["amenities"])),
        rera=fields["rera"],
        brochure=fields["brochure"],
        latitude=_degrees("latitude", fields["latitude"], 90),
        longitude=_degrees("longitude", fields["longitude"], 180),
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _status(text: str) -> Status:
    for status in get_args(Status):
        if text == status:
            return status  # type: ignore[no-any-return] # get_args is untyped; these are Status's own members
    raise ValueError(f"status {text!r} is none of {', '.join(get_args(Status))}")


def _homes(text: str) -> tuple[Home, ...]:
    homes = sorted((_home(part) for part in _split(text)), key=lambda home: (home.bedrooms, home.area))
    if not homes:
        raise ValueError("it names no home")
    for home, following in pairwise(homes):
        if (home.bedrooms, home.area) == (following.bedrooms, following.area):
            raise ValueError(f"it names {home.name} of {home.area} sqft twice")
    return tuple(homes)


def _home(text: str) -> Home:
    match = _HOME_FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"home {text!r} must read like '2 BHK 1180 sqft 9900000'")
    return Home(int(match["bedrooms"]), int(match["area"]), int(match["price"]))


def _possession(text: str, status: Status) -> date | None:
    if status == "ready":
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"possession {text!r} must be a month like 2027-12 unless the status is ready") from None


def _degrees(name: str, text: str, limit: int) -> float | None:
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} is not a number") from None
    if not -limit <= degrees <= limit:
        raise ValueError(f"{name} {text} is out of range")
    return degrees
