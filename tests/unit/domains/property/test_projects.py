"""Telling about projects, comparing them, and what counts as a view."""

from shared.domains.base import Decision, Referent
from shared.domains.property.state import PropertyState
from tests.support.property import Conversation, entity

CITRINE = entity("project", "brigade-citrine", "Brigade Citrine")
MEADOWS = entity("project", "sunvale-meadows", "Sunvale Meadows", 20)
SHOWN = (
    Referent(kind="listing", id="kaveri-heights", name="Kaveri Heights"),
    Referent(kind="listing", id="sunvale-meadows", name="Sunvale Meadows"),
    Referent(kind="listing", id="brigade-citrine", name="Brigade Citrine"),
    Referent(kind="listing", id="aranya-orchard", name="Aranya Orchard"),
)


def after_a_list() -> Conversation:
    talk = Conversation()
    talk.dialogue = talk.dialogue.model_copy(update={"shown": SHOWN})
    return talk


def viewed(decision: Decision[PropertyState]) -> list[str]:
    return [signal.name for signal in decision.signals if signal.kind == "view"]


async def test_details_come_from_the_listing_and_count_as_a_view() -> None:
    decision = await Conversation().say("Tell me about Brigade Citrine", "details", CITRINE)
    assert "Brigade Citrine by Brigade Group is in Whitefield, Bengaluru" in decision.text
    assert "2 BHK, 1,180 sq ft, ₹99 L" in decision.text
    assert viewed(decision) == ["brigade-citrine"]
    assert decision.data[0].kind == "listing"


async def test_second_one_is_the_second_of_the_list() -> None:
    decision = await after_a_list().say("the second one", "details", entity("ordinal", 2))
    assert viewed(decision) == ["sunvale-meadows"]


async def test_last_one_is_the_last_of_the_list() -> None:
    decision = await after_a_list().say("the last one", "details", entity("ordinal", -1))
    assert viewed(decision) == ["aranya-orchard"]


async def test_place_beyond_the_list_asks_which_one() -> None:
    decision = await after_a_list().say("the fifth one", "details", entity("ordinal", 5))
    assert decision.question is not None
    assert decision.question.clarification.options == (
        "Kaveri Heights",
        "Sunvale Meadows",
        "Brigade Citrine",
        "Aranya Orchard",
    )


async def test_it_is_what_was_talked_about_and_not_what_was_shown_last() -> None:
    talk = after_a_list()
    await talk.say("tell me about the second one", "details", entity("ordinal", 2))
    it = entity("referent", "brigade-citrine", "it")
    decision = await talk.say("is it ready?", "details", it, entity("aspect", "ready"), relation="follow_up")
    assert decision.text.startswith("Sunvale Meadows: ready to move in.")


async def test_list_stays_pointable_after_details_of_one_of_it() -> None:
    talk = after_a_list()
    await talk.say("the first", "details", entity("ordinal", 1))
    decision = await talk.say("and the third", "details", entity("ordinal", 3))
    assert viewed(decision) == ["brigade-citrine"]


async def test_amenity_question_is_answered_yes_or_no() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    decision = await talk.say(
        "does it have a pool and a tennis court",
        "details",
        entity("amenity", "swimming pool"),
        entity("amenity", "tennis court"),
    )
    assert "Yes, the amenities of Brigade Citrine include swimming pool." in decision.text
    assert "Brigade Citrine does not list tennis court" in decision.text


async def test_person_who_keeps_looking_is_offered_a_visit_and_yes_takes_it_up() -> None:
    talk = Conversation()
    for _ in range(3):
        decision = await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    assert "You keep coming back to Brigade Citrine" in decision.text
    decision = await talk.say("yes", "affirm")
    assert decision.question is not None
    assert "On which day would you like to visit Brigade Citrine" in decision.text


async def test_liking_a_project_is_an_interest() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    decision = await talk.say("I like it", "like")
    assert viewed(decision) == []
    assert ("interest", "brigade-citrine", "medium") in {
        (s.kind, s.name, s.value) for s in decision.signals if s.kind == "interest"
    }


async def test_unknown_project_asks_for_its_name() -> None:
    decision = await Conversation().say("tell me about Sobha Dream", "details")
    assert decision.question is not None
    assert decision.question.about == "details:listing"


async def test_comparison_sets_like_beside_like() -> None:
    decision = await Conversation().say("compare Brigade Citrine and Sunvale Meadows", "compare", CITRINE, MEADOWS)
    assert "Sunvale Meadows costs ₹12 L less than Brigade Citrine" in decision.text or "2 BHK" in decision.text
    assert [part.kind for part in decision.data] == ["comparison"]
    assert viewed(decision) == ["brigade-citrine", "sunvale-meadows"]
    assert {(s.name, s.value) for s in decision.signals if s.kind == "interest"} == {
        ("brigade-citrine", "medium"),
        ("sunvale-meadows", "medium"),
    }


async def test_first_and_second_are_compared_by_what_is_wanted() -> None:
    talk = after_a_list()
    talk.state = talk.state.model_copy(update={"wanted": talk.state.wanted.model_copy(update={"bedrooms": (3,)})})
    decision = await talk.say(
        "compare the first and second", "compare", entity("ordinal", 1), entity("ordinal", 2, start=20)
    )
    assert "Kaveri Heights: 3 BHK, 1,420 sq ft, ₹1.05 Cr, ready to move in." in decision.text
    assert "Kaveri Heights costs ₹14 L less than Sunvale Meadows" in decision.text


async def test_named_project_is_compared_with_the_one_talked_about() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    decision = await talk.say("how does it compare with Sunvale Meadows", "compare", MEADOWS, relation="follow_up")
    assert viewed(decision) == ["brigade-citrine", "sunvale-meadows"]


async def test_question_about_one_side_is_the_same_look() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    it = entity("referent", "brigade-citrine", "it")
    assert viewed(await talk.say("is it RERA approved", "details", it, entity("aspect", "RERA"))) == []
    assert viewed(await talk.say("is Citrine RERA approved", "details", CITRINE, entity("aspect", "RERA"))) == [
        "brigade-citrine"
    ]


async def test_comparison_of_nothing_asks_and_the_answer_is_understood() -> None:
    talk = Conversation()
    asked = await talk.say("compare", "compare")
    assert asked.question is not None
    decision = await talk.say("Brigade Citrine and Sunvale Meadows", "details", CITRINE, MEADOWS, relation="answer")
    assert [part.kind for part in decision.data] == ["comparison"]


async def test_numbers_pick_from_the_list() -> None:
    one, three = (entity("count", {"amount": number, "bound": "exact", "unit": None}) for number in (1, 3))
    assert viewed(await after_a_list().say("compare 1 and 3", "compare", one, three)) == [
        "kaveri-heights",
        "brigade-citrine",
    ]


async def test_which_is_better_means_what_was_compared_last() -> None:
    talk = after_a_list()
    await talk.say("compare the first and second", "compare", entity("ordinal", 1), entity("ordinal", 2, start=20))
    decision = await talk.say("which is better", "compare")
    assert viewed(decision) == ["kaveri-heights", "sunvale-meadows"]
    assert "third" not in decision.text
    assert viewed(await talk.say("and the third one", "details", entity("ordinal", 3))) == ["brigade-citrine"]


async def test_which_is_cheapest_means_the_list_though_one_was_talked_about() -> None:
    talk = after_a_list()
    await talk.say("the first", "details", entity("ordinal", 1))
    assert len(viewed(await talk.say("which is the cheapest", "compare"))) == 4


async def test_price_question_lists_what_each_size_costs() -> None:
    decision = await Conversation().say("price of Brigade Citrine", "price", CITRINE)
    assert "2 BHK, 1,180 sq ft, ₹99 L; 3 BHK, 1,560 sq ft, ₹1.32 Cr; 4 BHK" in decision.text
    assert viewed(decision) == ["brigade-citrine"]
