"""Loading and finding listings on a real Postgres; the fake of the unit tests must find the same."""

from pathlib import Path
from uuid import uuid4

import pytest

from shared.domains.base import Scope
from shared.domains.property.listings import Place, Wanted
from shared.domains.property.loading import load_listings
from shared.domains.property.tools import PropertyTools
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from tests.support.property import LISTINGS, LISTINGS_FILE, FakeTools

WHITEFIELD = Place(city="Bengaluru", locality="Whitefield")

SEARCHES = (
    Wanted(),
    Wanted(places=(WHITEFIELD,), bedrooms=(2,), high=12_000_000),
    Wanted(places=(WHITEFIELD, Place(city="Pune")), bedrooms=(2, 3)),
    Wanted(low=10_000_000, high=11_000_000),
    Wanted(bedrooms=(3,), high=5_000_000),
    Wanted(area=2_000),
    Wanted(developer="Skyline Estates"),
    Wanted(amenities=("gym", "tennis court"), places=(Place(city="Hyderabad"),)),
    Wanted(ready=True, places=(Place(city="Mumbai"),)),
    Wanted(places=(Place(city="Goa"),)),
)


async def test_every_row_of_the_file_is_loaded_as_it_is_written(tools: PropertyTools) -> None:
    assert await tools.all() == tuple(sorted(LISTINGS, key=lambda listing: listing.id))


@pytest.mark.parametrize("wanted", SEARCHES, ids=str)
async def test_search_finds_what_the_fake_finds(tools: PropertyTools, wanted: Wanted) -> None:
    fake = FakeTools()
    found = await tools.search(wanted, limit=9)
    assert [each.id for each in found] == [each.id for each in await fake.search(wanted, limit=9)]
    without = [each.id for each in found[:2]]
    rest = await tools.search(wanted, limit=5, without=without)
    assert [each.id for each in rest] == [each.id for each in await fake.search(wanted, limit=5, without=without)]


async def test_named_listings_come_in_the_order_of_the_names(tools: PropertyTools) -> None:
    ids = ["sunvale-meadows", "gone", "brigade-citrine"]
    assert await tools.named(ids) == await FakeTools().named(ids)


async def test_cities_with_most_listings_come_first(tools: PropertyTools) -> None:
    assert await tools.cities() == await FakeTools().cities()


async def test_loading_again_replaces_rows_of_the_same_id(
    tools: PropertyTools, database: Database, tenant_id: TenantId, tmp_path: Path
) -> None:
    lines = LISTINGS_FILE.read_text(encoding="utf-8").splitlines()
    citrine = next(line for line in lines if line.startswith("brigade-citrine"))
    changed = citrine.replace("2 BHK 1180 sqft 9900000; ", "").replace("Brigade Citrine", "Brigade Citrine II")
    file = tmp_path / "listings.csv"
    file.write_text("\n".join((lines[0], changed, citrine.replace("brigade-citrine", "Bad Id"))), encoding="utf-8")
    seeded = await load_listings(database, tenant_id, file)
    assert (seeded.loaded, [row.line for row in seeded.rejected]) == (1, [3])
    (listing,) = await tools.named(["brigade-citrine"])
    assert listing.project == "Brigade Citrine II"
    assert [home.bedrooms for home in listing.homes] == [3, 4]
    assert len(await tools.all()) == len(LISTINGS)


async def test_listings_of_another_tenant_are_out_of_sight(tools: PropertyTools, database: Database) -> None:
    stranger = PropertyTools(database, Scope(TenantId(uuid4()), "asha"))
    assert await tools.all()
    assert await stranger.all() == ()
    assert await stranger.named(["brigade-citrine"]) == ()
