"""The names the pack knows."""

from shared.domains.property.gazetteer import gazetteer
from shared.domains.property.listings import Place
from shared.domains.property.places import expand, place_names
from tests.support.property import FakeTools


async def test_projects_are_known_by_name_and_alias() -> None:
    names = (await gazetteer(FakeTools())).names
    assert names["project"]["brigade-citrine"] == ("Brigade Citrine", "Citrine")
    assert "bangalore" in names["place"]["Bengaluru"]
    assert "Whitefield" in names["place"]["Whitefield, Bengaluru"]
    assert "pool" in names["amenity"]["swimming pool"]
    assert "Sunvale" in names["developer"]["Sunvale Homes"]


async def test_cities_without_listings_are_known_too() -> None:
    assert "Goa" in (await gazetteer(FakeTools())).names["place"]


def test_locality_of_two_cities_is_written_with_its_city() -> None:
    names = place_names([Place(city="Pune", locality="Camp"), Place(city="Agra", locality="Camp")])
    assert "Camp" not in names["Camp, Pune"]
    assert "Camp Pune" in names["Camp, Pune"]


def test_region_stands_for_its_cities() -> None:
    assert [place.city for place in expand("Delhi NCR")] == ["Gurugram", "Noida", "Ghaziabad"]


def test_code_of_a_place_reads_back() -> None:
    place = Place(city="Bengaluru", locality="Whitefield")
    assert expand(place.code) == (place,)
