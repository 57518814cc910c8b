"""Finding homes, changing the search, and what is shown when nothing fits."""

from typing import Any

import pytest

from shared.domains.base import Decision
from shared.domains.property.listings import Place
from shared.domains.property.state import PropertyState
from shared.domains.property.words import rupees
from tests.support.property import LISTINGS, Conversation, entity, under


def cards(decision: Decision[PropertyState]) -> list[Any]:
    listings = decision.facts["listings"]
    assert isinstance(listings, list)
    return listings


WHITEFIELD = entity("place", "Whitefield, Bengaluru", "Whitefield")
TWO = entity("bedrooms", "2", "2BHK")


async def test_search_shows_fitting_homes_least_expensive_first() -> None:
    talk = Conversation()
    decision = await talk.say("Show me 2BHK in Whitefield under 1.2 Cr", "search", TWO, WHITEFIELD, under(12_000_000))
    assert [shown.id for shown in decision.shown or ()] == [
        "kaveri-heights",
        "sunvale-meadows",
        "brigade-citrine",
        "aranya-orchard",
    ]
    assert "2 BHK homes in Whitefield up to ₹1.2 Cr" in decision.text
    assert "1. Kaveri Heights, Whitefield: 2 BHK, 1,075 sq ft, ₹79 L (ready to move in)" in decision.text
    assert [part.kind for part in decision.data] == ["listings"]
    assert talk.steps.labels == ["Searching listings"]


async def test_search_tells_what_is_wanted_and_no_view() -> None:
    decision = await Conversation().say("2BHK in Whitefield under 1.2 Cr", "search", TWO, WHITEFIELD, under(12_000_000))
    told = {(signal.kind, signal.name): signal.value for signal in decision.signals}
    assert told["preference", "configuration"] == [2]
    assert told["preference", "location"] == ["Whitefield, Bengaluru"]
    assert told["preference", "budget"] == {"low": None, "high": 12_000_000, "currency": "INR"}
    assert not [kind for kind, _ in told if kind == "view"]


async def test_first_visit_is_not_greeted() -> None:
    decision = await Conversation(session_no=1).say("Show me 2BHK in Whitefield", "search", TWO, WHITEFIELD)
    assert "welcome" not in decision.text.lower()


async def test_bedrooms_change_and_the_rest_stands() -> None:
    talk = Conversation()
    await talk.say("2BHK in Whitefield under 1.2 Cr", "search", TWO, WHITEFIELD, under(12_000_000))
    decision = await talk.say("what about 3BHK?", "search", entity("bedrooms", "3"), relation="modification")
    assert [shown.id for shown in decision.shown or ()] == ["kaveri-heights", "sunvale-meadows"]
    assert talk.state.wanted.places == (Place(city="Bengaluru", locality="Whitefield"),)


async def test_another_city_replaces_the_place_only() -> None:
    talk = Conversation()
    await talk.say("2BHK in Whitefield under 1.2 Cr", "search", TWO, WHITEFIELD, under(12_000_000))
    decision = await talk.say("in Pune instead", "search", entity("place", "Pune"), relation="modification")
    assert talk.state.wanted.bedrooms == (2,)
    assert talk.state.wanted.high == 12_000_000
    assert {listing["city"] for listing in cards(decision)} == {"Pune"}


async def test_fresh_request_with_a_place_starts_over() -> None:
    talk = Conversation()
    await talk.say("2BHK in Whitefield under 90 L", "search", TWO, WHITEFIELD, under(9_000_000))
    await talk.say("3BHK in Hebbal", "search", entity("bedrooms", "3"), entity("place", "Hebbal, Bengaluru"))
    assert talk.state.wanted.high is None


async def test_cheaper_is_measured_by_what_was_shown() -> None:
    talk = Conversation()
    first = await talk.say("3BHK in Hebbal", "search", entity("bedrooms", "3"), entity("place", "Hebbal, Bengaluru"))
    decision = await talk.say("cheaper ones", "search", entity("direction", "cheaper"), relation="modification")
    lowest = min(home["price"] for card in cards(first) for home in card["homes"])
    assert all(home["price"] < lowest for card in cards(decision) for home in card["homes"])
    assert "Elsewhere in Bengaluru" in decision.text


async def test_more_shows_the_next_ones_until_there_are_none() -> None:
    talk = Conversation()
    seen: set[str] = set()
    decision = await talk.say("2BHK in Bengaluru", "search", TWO, entity("place", "Bengaluru"))
    for _ in range(8):
        page = {shown.id for shown in decision.shown or ()}
        if not page:
            break
        assert not page & seen
        seen |= page
        decision = await talk.say("show more", "search", entity("direction", "more"), relation="follow_up")
    assert "Those were all" in decision.text
    assert seen == {
        listing.id
        for listing in LISTINGS
        if listing.city == "Bengaluru" and any(home.bedrooms == 2 for home in listing.homes)
    }


async def test_nothing_fits_the_budget_is_stretched_and_said() -> None:
    decision = await Conversation().say("2BHK in Whitefield under 70 L", "search", TWO, WHITEFIELD, under(7_000_000))
    assert decision.text.startswith("Nothing on sale fits 2 BHK homes in Whitefield up to ₹70 L.")
    assert f"up to {rupees(7_000_000 * 1.15)}" in decision.text
    assert [shown.id for shown in decision.shown or ()] == ["kaveri-heights"]


async def test_amenities_are_dropped_before_anything_else() -> None:
    library = entity("amenity", "library")
    decision = await Conversation().say("2BHK in Whitefield with a library", "search", TWO, WHITEFIELD, library)
    assert "Without asking for amenities or readiness there is:" in decision.text
    assert len(decision.shown or ()) == 4


async def test_other_parts_of_the_city_come_before_other_sizes() -> None:
    one = entity("bedrooms", "1")
    hebbal = entity("place", "Hebbal, Bengaluru", "Hebbal")
    decision = await Conversation().say("1BHK in Hebbal", "search", one, hebbal)
    assert "Elsewhere in Bengaluru there is" in decision.text
    assert all("1 BHK" in line for line in decision.text.splitlines() if line[:1].isdigit())


async def test_city_without_listings_is_said_with_the_cities_there_are() -> None:
    decision = await Conversation().say("2bhk in goa", "search", TWO, entity("place", "Goa"))
    assert "no listings in Goa" in decision.text
    assert "Bengaluru" in decision.text
    assert decision.data == ()


async def test_a_wish_without_any_detail_is_asked_about() -> None:
    talk = Conversation()
    decision = await talk.say("i want to buy a house", "search")
    assert decision.question is not None
    answer = await talk.say("Pune, 2bhk", None, entity("place", "Pune"), TWO, relation="answer")
    assert "in Pune" in answer.text


async def test_place_that_is_ruled_out_is_not_searched() -> None:
    text = "not gachibowli, kokapet"
    ruled_out = entity("place", "Gachibowli, Hyderabad", "gachibowli", text.index("gachibowli"))
    wanted = entity("place", "Kokapet, Hyderabad", "kokapet", text.index("kokapet"))
    talk = Conversation()
    await talk.say(text, "search", ruled_out, wanted, relation="correction")
    assert [place.name for place in talk.state.wanted.places] == ["Kokapet"]


async def test_amenity_is_dropped_when_asked() -> None:
    talk = Conversation()
    gym, pool = entity("amenity", "gym"), entity("amenity", "swimming pool")
    await talk.say("2bhk with gym and pool", "search", TWO, gym, pool)
    await talk.say("remove the gym", "search", gym, relation="modification")
    assert talk.state.wanted.amenities == ("swimming pool",)


@pytest.mark.parametrize(
    ("words", "high"), [("increase it by 20 lakh", 11_000_000), ("reduce it by 20 lakh", 7_000_000)]
)
async def test_budget_changes_by_a_step(words: str, high: int) -> None:
    talk = Conversation()
    await talk.say("2bhk under 90 L", "search", TWO, under(9_000_000))
    step = entity("money", {"amount": 2_000_000, "bound": "exact", "currency": "INR"})
    await talk.say(words, "search", step, relation="modification")
    assert talk.state.wanted.high == high


async def test_hopeless_budget_shows_what_the_place_costs() -> None:
    decision = await Conversation().say("2bhk in Whitefield under 5 L", "search", TWO, WHITEFIELD, under(500_000))
    assert "Leaving the budget aside there is:" in decision.text
    assert (decision.shown or ())[0].id == "kaveri-heights"


async def test_bare_amount_is_the_most_to_spend() -> None:
    bare = entity("money", {"amount": 9_000_000, "bound": "exact", "currency": "INR"}, "90 lakhs")
    talk = Conversation()
    await talk.say("2bhk whitefield 90 lakhs", "search", TWO, WHITEFIELD, bare)
    assert (talk.state.wanted.low, talk.state.wanted.high) == (None, 9_000_000)


async def test_around_an_amount_looks_on_both_sides() -> None:
    around = entity("money", {"amount": 10_000_000, "bound": "about", "currency": "INR"}, "around 1 cr")
    talk = Conversation()
    await talk.say("2bhk in whitefield around 1 cr", "search", TWO, WHITEFIELD, around)
    assert (talk.state.wanted.low, talk.state.wanted.high) == (8_500_000, 11_500_000)


async def test_preference_is_told_once_until_it_changes() -> None:
    talk = Conversation()
    await talk.say("2BHK in Whitefield", "search", TWO, WHITEFIELD)
    decision = await talk.say("under 1 cr", "search", under(10_000_000), relation="modification")
    assert [signal.name for signal in decision.signals if signal.kind == "preference"] == ["budget"]
