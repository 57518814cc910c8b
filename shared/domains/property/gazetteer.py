"""The names that are on sale: projects, developers, places, amenities."""

from collections.abc import Mapping
from typing import Protocol

from shared.domains.base import Gazetteer
from shared.domains.property.listings import Listing
from shared.domains.property.places import place_names

AMENITIES: Mapping[str, tuple[str, ...]] = {
    "swimming pool": ("pool", "swiming pool"),
    "gym": ("gymnasium", "fitness centre", "fitness center"),
    "clubhouse": ("club house",),
    "children's play area": ("play area", "kids area", "playground", "kids play area"),
    "24x7 security": ("security", "gated", "gated community", "cctv"),
    "power backup": ("generator", "backup power", "dg backup"),
    "covered parking": ("parking", "car park", "car parking"),
    "jogging track": ("jogging", "walking track"),
    "tennis court": ("tennis",),
    "metro nearby": ("metro", "near metro", "metro station"),
    "EV charging": ("ev charger", "ev point", "electric charging"),
    "landscaped garden": ("garden", "gardens", "greenery"),
    "badminton court": ("badminton",),
    "co-working space": ("coworking", "co working", "work from home space"),
    "rainwater harvesting": ("rain water harvesting",),
    "pet park": ("pet friendly", "dog park"),
    "yoga deck": ("yoga",),
}
"""How people ask for amenities; those that no listing has are not offered as names."""


class Catalogue(Protocol):
    """Where the names come from."""

    async def all(self) -> tuple[Listing, ...]: ...


async def gazetteer(tools: Catalogue) -> Gazetteer:
    """All names of the listings on sale. The value of a project is its listing's id."""
    listings = await tools.all()
    offered = sorted({amenity for listing in listings for amenity in listing.amenities})
    return Gazetteer(
        {
            "project": {each.id: (each.project, *each.aliases) for each in listings},
            "developer": {
                name: (name, _short_developer(name)) for name in sorted({each.developer for each in listings})
            },
            "place": place_names(listing.place for listing in listings),
            "amenity": {name: (name, *AMENITIES.get(name, ())) for name in offered},
        }
    )


def _short_developer(name: str) -> str:
    """The developer's first word: "Sunvale" for "Sunvale Homes"."""
    return name.split(maxsplit=1)[0]
