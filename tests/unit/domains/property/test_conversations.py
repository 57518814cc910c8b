"""Whole conversations in people's own words, through the real understanding core."""

import pytest

from services.agent.understanding import Core, Utterance
from shared.domains.base import Decision, Gazetteer
from shared.domains.person import Profile, View
from shared.domains.property import DOMAIN
from shared.domains.property.gazetteer import gazetteer
from shared.domains.property.state import PropertyState
from tests.support.property import WEDNESDAY_NOON, Conversation, FakeTools


@pytest.fixture(scope="module")
async def core() -> Core:
    return Core(DOMAIN.language, Gazetteer({})).with_names(await gazetteer(FakeTools()))


async def tell(core: Core, talk: Conversation, words: str) -> Decision[PropertyState]:
    (understood,) = core.understand([Utterance(words, talk.dialogue)])
    return await talk.understood(words, understood)


async def hold(core: Core, talk: Conversation, *words: str) -> Decision[PropertyState]:
    """Say all of it; the last decision."""
    for each in words[:-1]:
        await tell(core, talk, each)
    return await tell(core, talk, words[-1])


def shown(decision: Decision[PropertyState]) -> list[str]:
    return [referent.id for referent in decision.shown or ()]


OPENINGS = {
    "search": [
        "Show me 2BHK in Whitefield",
        "2bhk whitfield undr 90 lacs",
        "I am looking for a 3 BHK in Chennai with a budget of 1 to 1.3 crores",
        "do u hv any flats in baner",
        "bhai whitefield me 2bhk kitne ka hai",
        "any 3 bhk in hyderabad around 1.3 crore with swimming pool",
        "flats in delhi ncr under 1 cr",
        "1 or 2 bhk in thane below 80L",
        "villa in koramangala for 50 lakhs",
        "lookng for apartmnt in banglore",
        "ready to move flats in Kharadi",
        "pune 2bhk",
        "house in mysore",
    ],
    "details": ["Tell me about Brigade Citrine", "tel me abt brigade citrne", "brigade citrin", "Konkan Pearl details"],
    "compare": ["compare Brigade Citrine and Sunvale Meadows", "brigade citrine vs sunvale meadows"],
    "price": ["what is the price of Lotus Court", "brigde citrine price", "how much is Deccan Pearl"],
    "loan": [
        "emi for 80 lakh at 9% for 15 years",
        "how much loan can i get with a salary of 1.2 lakh per month",
        "home loan interest rate?",
    ],
    "visit": ["book a site visit", "i wanna visit brigade citrine this sat 11am", "can i see Kaveri Heights tomorrow"],
    "cancel_visit": ["cancel my visit", "please cancel my appointment"],
    "my_visits": ["when is my visit", "do i have a visit booked?"],
    "callback": ["call me back", "cal me bak", "can somebody from your team call me", "i want to talk to a human"],
    "brochure": ["brochure of Kaveri Heights please", "send broucher"],
    "like": ["I am interested in Skyline Verde", "I love Brigade Citrine"],
    "recap": ["what was i looking at last time", "which flats did i see before"],
    "objection_price": ["it is too expensive", "any discount available?", "thats out of my budget"],
    "objection_location": ["it is too far from my office", "the traffic there is horrible"],
    "objection_trust": ["I don't trust this builder", "what if the builder cheats us"],
    "objection_timing": ["possession is too late", "i cant wait that long"],
    "objection_loan": ["my loan may get rejected", "the emi is too high for me"],
    "greeting": ["hi", "namaste", "good evening"],
    "thanks": ["thank you so much!", "thnx"],
    "goodbye": ["bye", "ok bye then"],
    "help": ["what can you do", "which cities do you cover"],
    "affirm": ["yes", "sure"],
    "deny": ["no", "not now"],
    "frustration": ["this is useless", "you are not listening to me"],
    "advice": ["what is stamp duty", "can NRIs buy?"],
    "restart": ["start over", "clear my filters"],
    "out_of_scope": [
        "what's the weather today",
        "who is the prime minister",
        "book me a flight to goa",
        "house for rent in whitefield",
        "order me a pizza",
    ],
}


@pytest.mark.parametrize(
    ("intent", "words"), [(intent, words) for intent, spoken in OPENINGS.items() for words in spoken]
)
async def test_opening_words_are_answered_as_what_they_mean(core: Core, intent: str, words: str) -> None:
    talk = Conversation()
    decision = await tell(core, talk, words)
    assert talk.answered_as == intent
    assert decision.text


@pytest.mark.parametrize("words", ["asdf qwer zxcv", "the quick brown fox", "42", "...", "🙂"])
async def test_words_without_meaning_get_a_question_that_helps(core: Core, words: str) -> None:
    decision = await tell(core, Conversation(), words)
    assert "Which area, budget and number of bedrooms" in decision.text


async def test_search_is_narrowed_changed_and_moved(core: Core) -> None:
    talk = Conversation()
    first = await tell(core, talk, "Show me 2BHK in Whitefield under 1.2 Cr")
    assert shown(first) == ["kaveri-heights", "sunvale-meadows", "brigade-citrine", "aranya-orchard"]
    assert "Nothing else that fits costs less" not in first.text
    three = await tell(core, talk, "what about 3BHK?")
    assert shown(three) == ["kaveri-heights", "sunvale-meadows"]
    cheaper = await tell(core, talk, "cheaper")
    assert "Nothing else that fits costs less. Elsewhere in Bengaluru there is:" in cheaper.text
    moved = await tell(core, talk, "in Pune instead")
    assert "3 BHK homes in Pune up to ₹1.2 Cr" in moved.text
    ready = await tell(core, talk, "only ready to move with a gym")
    assert "with gym, ready to move in" in ready.text


async def test_wishes_are_collected_one_by_one(core: Core) -> None:
    decision = await hold(
        core, Conversation(), "i want to buy a flat", "pune", "2 bhk", "under 80 lakhs", "ready ones only"
    )
    assert "2 BHK homes in Pune up to ₹80 L, ready to move in" in decision.text


async def test_list_is_pointed_at_compared_and_asked_about(core: Core) -> None:
    talk = Conversation()
    await tell(core, talk, "Show me 2BHK in Whitefield under 1.2 Cr")
    assert "Sunvale Homes" in (await tell(core, talk, "the second one")).text
    assert (await tell(core, talk, "does it have a gym?")).text.startswith("Yes, the amenities of Sunvale Meadows")
    assert "Sunvale Meadows: ready to move in" in (await tell(core, talk, "when is possession")).text
    compared = await tell(core, talk, "compare the first and second")
    assert compared.text.startswith("Kaveri Heights: 2 BHK")
    assert "Brigade Citrine" in (await tell(core, talk, "compare first and third")).text
    assert "EMI" in (await tell(core, talk, "what would be the emi for the first one")).text
    longer = await tell(core, talk, "with 30% down payment and 15 years?")
    assert "Kaveri Heights" in longer.text
    assert "(30%)" in longer.text
    assert "at 9.5 % over 15 years" in (await tell(core, talk, "at 9.5%")).text


async def test_visit_is_booked_moved_and_called_off_in_small_talk(core: Core) -> None:
    talk = Conversation()
    await hold(core, talk, "Tell me about Brigade Citrine", "i want to see it")
    assert "At what time on Saturday" in (await tell(core, talk, "saturday")).text
    assert "Saturday 28 November at 4:00 pm" in (await tell(core, talk, "4pm")).text
    assert "Sunday 29 November at 4:00 pm" in (await tell(core, talk, "actually make it sunday")).text
    assert "Sunday 29 November at 5:00 pm" in (await tell(core, talk, "can we do it at 5 instead?")).text
    assert "Sunday 29 November at 5:00 pm" in (await tell(core, talk, "when is my visit")).text
    assert "is cancelled" in (await tell(core, talk, "cancel it")).text
    assert talk.tools.booked == {}


async def test_number_given_in_answer_arranges_the_call(core: Core) -> None:
    talk = Conversation()
    decision = await hold(core, talk, "Tell me about Lotus Court", "call me tomorrow at 6pm", "+91 98765 43210")
    assert "about Lotus Court on Thursday 26 November at 6:00 pm" in decision.text
    assert decision.contact is not None
    assert decision.contact.phone == "+919876543210"
    assert len(talk.tools.callbacks) == 1


async def test_three_looks_at_a_project_are_three_views(core: Core) -> None:
    talk = Conversation()
    for count in range(1, 4):
        decision = await tell(core, talk, "Tell me about Brigade Citrine")
        assert [signal.name for signal in decision.signals if signal.kind == "view"] == ["brigade-citrine"]
        assert talk.state.views == {"brigade-citrine": count}
    assert "You keep coming back to Brigade Citrine" in decision.text


async def test_hi_of_a_second_session_is_a_welcome_back(core: Core) -> None:
    views = {"brigade-citrine": View(count=3, last_at=WEDNESDAY_NOON, session_no=1)}
    talk = Conversation(person=Profile(user_id="asha", domain="property", sessions=1, views=views), session_no=2)
    assert (await tell(core, talk, "Hi")).text.startswith("Welcome back! You were exploring Brigade Citrine")
    assert "On which day would you like to visit Brigade Citrine" in (await tell(core, talk, "yes please")).text


async def test_concerns_are_met_and_the_talk_goes_on(core: Core) -> None:
    talk = Conversation()
    await tell(core, talk, "tell me about Brigade Citrine")
    assert "These cost less" in (await tell(core, talk, "it is too expensive")).text
    assert "Sunvale Meadows by Sunvale Homes" in (await tell(core, talk, "tell me about the last one")).text
    assert "RERA number" in (await tell(core, talk, "never heard of this developer")).text
    decision = await hold(core, talk, "my loan might be rejected", "yes")
    assert "On which number" in decision.text


@pytest.mark.parametrize(
    ("words", "amenities"),
    [
        ("no pool", ("gym",)),
        ("no, with a clubhouse", ("swimming pool", "gym", "clubhouse")),
        ("drop the gym", ("swimming pool",)),
    ],
)
async def test_what_is_not_wanted_is_looked_for_no_more(core: Core, words: str, amenities: tuple[str, ...]) -> None:
    talk = Conversation()
    await hold(core, talk, "2 bhk in whitefield with pool and gym", words)

    assert talk.state.wanted.amenities == amenities


@pytest.mark.parametrize(("words", "time"), [("11", "11:00 am"), ("4", "4:00 pm"), ("at 4", "4:00 pm")])
async def test_a_bare_number_is_the_time_that_was_asked_for(core: Core, words: str, time: str) -> None:
    decision = await hold(core, Conversation(), "visit Brigade Citrine on Saturday", words)

    assert f"is booked for Saturday 28 November at {time}" in decision.text


async def test_an_amenity_and_another_side_of_a_project_are_both_told(core: Core) -> None:
    words = "is parking available and whats the possession date"
    decision = await hold(core, Conversation(), "Tell me about Brigade Citrine", words)

    assert "the amenities of Brigade Citrine include covered parking. Brigade Citrine: possession" in decision.text


async def test_who_does_not_like_a_project_is_not_told_they_do(core: Core) -> None:
    decision = await hold(core, Conversation(), "3bhk in bangalore", "not interested in the first one")

    assert "Glad" not in decision.text
    assert [signal for signal in decision.signals if signal.kind == "interest"] == []


async def test_a_swear_word_cancels_nothing(core: Core) -> None:
    talk = Conversation()
    decision = await hold(core, talk, "visit Brigade Citrine on Saturday at 4", "fuck off")

    assert len(talk.tools.booked) == 1
    assert decision.text.startswith("I am sorry")


async def test_what_lies_near_a_project_is_not_passed_over(core: Core) -> None:
    decision = await hold(core, Conversation(), "Tell me about Brigade Citrine", "is it near a school")

    assert "What lies near it is not in its listing" in decision.text


async def test_a_place_after_an_objection_is_searched(core: Core) -> None:
    decision = await hold(core, Conversation(), "2bhk in whitefield", "whitefield is too far", "sarjapur then")

    assert "Sarjapur Road" in decision.text
    assert "advisor" not in decision.text
