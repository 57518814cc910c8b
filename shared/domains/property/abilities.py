"""What a model may look up among the listings."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.domains.base import Ability
from shared.domains.property.listings import Wanted
from shared.domains.property.tools import PropertyTools
from shared.domains.property.words import home_line, readiness

_MOST: Final = 5
_LARGEST: Final = 1_000_000_000


class HomesWanted(BaseModel):
    """Whatever is left out does not matter. Places are narrowed by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str = Field(default="", max_length=60, description="A city or locality by name, such as Whitefield.")
    bedrooms: list[int] = Field(default=[], max_length=5, description="Numbers of bedrooms that suit, 1 to 9.")
    lowest: int | None = Field(default=None, ge=0, le=_LARGEST, description="Lowest price in rupees.")
    highest: int | None = Field(default=None, ge=0, le=_LARGEST, description="Highest price in rupees.")
    area: int | None = Field(default=None, ge=0, le=100_000, description="Square feet at least.")
    ready: bool = Field(default=False, description="Only homes that are ready to move in.")


async def find_homes(tools: PropertyTools, wanted: HomesWanted) -> JsonValue:
    """Projects that fit, the least expensive first, with prices as they are said."""
    search = Wanted(
        bedrooms=tuple(count for count in wanted.bedrooms if 1 <= count <= 9),
        low=wanted.lowest,
        high=wanted.highest,
        area=wanted.area,
        ready=wanted.ready,
    )
    place = wanted.place.strip().casefold()
    found = [
        each
        for each in await tools.search(search, limit=1000)
        if not place or place in {each.city.casefold(), each.locality.casefold()}
    ]
    return [
        {
            "project": each.project,
            "developer": each.developer,
            "place": f"{each.locality}, {each.city}",
            "homes": [home_line(home) for home in search.homes(each)],
            "when": readiness(each),
            "amenities": list(each.amenities),
        }
        for each in found[:_MOST]
    ]


ABILITIES: Final[Mapping[str, Ability[PropertyTools]]] = {
    "find_homes": Ability(
        "Projects with homes for sale, the least expensive first.", "Searching listings", HomesWanted, find_homes
    )
}
