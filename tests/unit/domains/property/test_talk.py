"""Small talk, reaching the person, doubt, and moods."""

from shared.domains.property.outcomes import BrochureRequested, CallbackRequested
from tests.support.property import Conversation, entity

CITRINE = entity("project", "brigade-citrine", "Brigade Citrine")
PHONE = entity("phone", "+919876543210", "9876543210")


async def test_call_back_asks_for_the_number_once_and_passes_it_on() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    asked = await talk.say("call me back", "callback")
    assert asked.question is not None
    assert asked.effects == ()
    decision = await talk.say("9876543210", None, PHONE, relation="answer")
    assert "An advisor will call you about Brigade Citrine".lower() in decision.text.lower()
    assert decision.contact is not None
    assert decision.contact.phone == "+919876543210"
    (outcome,) = decision.outcomes
    assert isinstance(outcome, CallbackRequested)
    assert "9876543210" not in outcome.model_dump_json()
    assert "9876543210" not in "".join(signal.model_dump_json() for signal in decision.signals)
    assert "9876543210" not in talk.state.model_dump_json()
    again = await talk.say(
        "call me tomorrow at 5", "callback", entity("date", {"relative": {"days": 1}}), entity("time", {"hour": 17})
    )
    assert "on Thursday 26 November at 5:00 pm" in again.text


async def test_call_is_asked_for_once() -> None:
    talk = Conversation()
    await talk.say("call me on 9876543210", "callback", PHONE)
    assert (await talk.say("call me back", "callback")).effects == ()
    decision = await talk.say("asha@example.com", "callback", entity("email", "asha@example.com"), relation="follow_up")
    assert decision.effects == ()
    assert decision.contact is not None
    assert len(talk.tools.callbacks) == 1


async def test_marks_alone_are_not_understood() -> None:
    talk = Conversation()
    await talk.say("2bhk in Hebbal", "search", entity("bedrooms", "2"), entity("place", "Hebbal, Bengaluru"))
    assert (await talk.say("???", "search")).text.startswith("I am not sure")


async def test_time_to_call_is_kept_while_the_number_is_asked_for() -> None:
    talk = Conversation()
    tomorrow, six = entity("date", {"relative": {"days": 1}}), entity("time", {"hour": 18})
    await talk.say("have someone call me tomorrow at 6pm", "callback", tomorrow, six)
    decision = await talk.say("9876543210", None, PHONE, relation="answer")
    assert "on Thursday 26 November at 6:00 pm" in decision.text


async def test_rules_and_papers_are_left_to_an_advisor() -> None:
    talk = Conversation()
    assert "advisors" in (await talk.say("what is stamp duty", "advice")).text
    assert (await talk.say("yes", "affirm")).question is not None


async def test_start_over_forgets_the_search() -> None:
    talk = Conversation()
    await talk.say("2bhk in Hebbal", "search", entity("bedrooms", "2"), entity("place", "Hebbal, Bengaluru"))
    await talk.say("start over", "restart")
    await talk.say("3bhk", "search", entity("bedrooms", "3"), relation="answer")
    assert talk.state.wanted.places == ()


async def test_brochure_is_given_and_counts_as_a_download() -> None:
    decision = await Conversation().say("brochure of Brigade Citrine", "brochure", CITRINE)
    assert "BR-BLR-001" in decision.text
    assert isinstance(decision.outcomes[0], BrochureRequested)
    assert {(s.kind, s.name, s.value) for s in decision.signals if s.kind in {"action", "view"}} == {
        ("action", "download", "brigade-citrine")
    }


async def test_brochure_of_nothing_asks_which() -> None:
    talk = Conversation()
    assert (await talk.say("send me the brochure", "brochure")).question is not None
    decision = await talk.say("brigade citrine", "details", CITRINE, relation="answer")
    assert "BR-BLR-001" in decision.text


async def test_name_and_number_given_unasked_are_kept() -> None:
    name = entity("person_name", "Asha")
    decision = await Conversation().say("I am Asha, 9876543210", None, name, PHONE)
    assert decision.contact is not None
    assert (decision.contact.name, decision.contact.phone) == ("Asha", "+919876543210")
    assert "Thank you, Asha" in decision.text


async def test_out_of_scope_says_what_it_can_do() -> None:
    decision = await Conversation().say("tell me a joke", "out_of_scope")
    assert "find homes for sale" in decision.text


async def test_rent_is_named_as_what_there_is_not() -> None:
    assert "none to rent" in (await Conversation().say("house for rent in whitefield", "out_of_scope")).text


async def test_doubt_asks_for_what_would_help_from_where_the_talk_is() -> None:
    talk = Conversation()
    assert "Which area" in (await talk.say("asdf")).text
    await talk.say("2bhk in Hebbal", "search", entity("bedrooms", "2"), entity("place", "Hebbal, Bengaluru"))
    assert "Lotus Court" in (await talk.say("asdf")).text


async def test_doubt_repeats_an_open_question() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine", "visit", CITRINE)
    assert "On which day would you like to visit Brigade Citrine" in (await talk.say("hmm")).text


async def test_words_without_a_sure_intent_are_read_by_what_they_hold() -> None:
    decision = await Conversation().say("2bhk pune", None, entity("bedrooms", "2"), entity("place", "Pune"))
    assert decision.data[0].kind == "listings"
    assert decision.understood is not None
    assert decision.understood.intent == "search"


async def test_annoyance_is_acknowledged_before_the_answer() -> None:
    decision = await Conversation().say("tell me about brigade citrine already!!", "details", CITRINE, frustration=0.8)
    assert decision.text.startswith("I am sorry")
    assert "Brigade Group" in decision.text


async def test_frustration_alone_offers_a_person() -> None:
    talk = Conversation()
    assert "advisor" in (await talk.say("this is useless", "frustration", frustration=0.9)).text
    assert (await talk.say("yes", "affirm")).question is not None


async def test_offer_lapses_when_it_is_not_taken_up() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    await talk.say("thanks", "thanks")
    assert "visit" not in (await talk.say("ok", "affirm")).text.lower()


async def test_a_turn_is_told_under_the_intent_it_was_answered_as() -> None:
    talk = Conversation()
    assert (await talk.say("thanks", "thanks")).understood is None
    corrected = await talk.say("Brigade Citrine", None, CITRINE)
    assert corrected.understood is not None
    assert corrected.understood.intent == talk.answered_as == "details"
