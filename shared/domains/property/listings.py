"""What the pack talks about: projects, the homes in them, and what somebody is looking for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from shared.domains.base import Referent, State

Status = Literal["ready", "under_construction", "new_launch"]

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
"""Where all listings are; India has one time zone and no summer time."""


@dataclass(frozen=True, slots=True)
class Home:
    """One type of home in a project. Area in square feet of carpet, price in rupees."""

    bedrooms: int
    area: int
    price: int

    @property
    def name(self) -> str:
        return f"{self.bedrooms} BHK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A project on sale, with at least one kind of home, smallest first."""

    id: str
    project: str
    aliases: tuple[str, ...] = ()
    """Other names that people call it."""
    developer: str
    city: str
    locality: str
    homes: tuple[Home, ...]
    status: Status
    possession: date | None
    """The month of handing over; None when it is ready."""
    amenities: tuple[str, ...]
    rera: str
    brochure: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def referent(self) -> Referent:
        """This listing as something that later words may refer to."""
        return Referent(kind="listing", id=self.id, name=self.project)

    @property
    def place(self) -> "Place":
        return Place(city=self.city, locality=self.locality)


class Place(State):
    """A city, or a locality of one."""

    city: str
    locality: str | None = None

    @property
    def name(self) -> str:
        return self.locality or self.city

    @property
    def code(self) -> str:
        """The place as one word of the catalogue, such as `Whitefield, Bengaluru`."""
        return f"{self.locality}, {self.city}" if self.locality else self.city

    @classmethod
    def parse(cls, code: str) -> "Place":
        """The place that `code` names."""
        name, _, city = code.rpartition(", ")
        return cls(city=city, locality=name or None)


class Wanted(State):
    """What somebody is looking for; whatever is empty does not matter. Prices in rupees, `area` in square feet."""

    places: tuple[Place, ...] = ()
    bedrooms: tuple[int, ...] = ()
    low: int | None = None
    high: int | None = None
    area: int | None = None
    developer: str | None = None
    amenities: tuple[str, ...] = ()
    ready: bool = False

    def fits(self, home: Home) -> bool:
        """Whether a home has the rooms, the size and the price."""
        return (
            (not self.bedrooms or home.bedrooms in self.bedrooms)
            and (self.low or 0) <= home.price
            and (self.high is None or home.price <= self.high)
            and (self.area or 0) <= home.area
        )

    def homes(self, listing: Listing) -> tuple[Home, ...]:
        """The homes of a listing that fit; all of them when none does."""
        return tuple(home for home in listing.homes if self.fits(home)) or listing.homes


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a project's site that somebody booked."""

    id: UUID
    listing_id: str
    project: str
    starts_at: datetime


class BookedVisit(State):
    """A visit as those who sell see it. `revision` counts its changes."""

    id: UUID
    user_id: str
    listing_id: str
    project: str
    locality: str
    city: str
    latitude: float | None
    longitude: float | None
    starts_at: datetime
    requested_at: datetime
    changed_at: datetime
    revision: int
    cancelled_at: datetime | None


class CallWanted(State):
    """A call-back that somebody asked for, and who made it when."""

    id: UUID
    user_id: str
    listing_id: str | None
    project: str | None
    preferred_at: datetime | None
    requested_at: datetime
    done_at: datetime | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class Callback:
    """A call somebody asked for; when and about what, if they said so."""

    id: UUID
    listing_id: str | None
    preferred_at: datetime | None


def card(listing: Listing, homes: tuple[Home, ...] = ()) -> Mapping[str, JsonValue]:
    """A listing as structured content for a client; with `homes`, only those."""
    return {
        "id": listing.id,
        "project": listing.project,
        "developer": listing.developer,
        "city": listing.city,
        "locality": listing.locality,
        "homes": [
            {"bedrooms": home.bedrooms, "area_sqft": home.area, "price": home.price} for home in homes or listing.homes
        ],
        "currency": "INR",
        "status": listing.status,
        "possession": listing.possession.isoformat() if listing.possession else None,
        "amenities": list(listing.amenities),
        "rera": listing.rera,
        "brochure": listing.brochure,
        "latitude": listing.latitude,
        "longitude": listing.longitude,
    }
