"""Who comes back is greeted on the second session, on its first turn, and only then."""

from datetime import UTC, datetime

import pytest

from shared.domains.person import Action, Objection, Preference, Profile, View
from tests.support.property import Conversation, entity

YESTERDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def person(**known: object) -> Profile:
    return Profile.model_validate({"user_id": "asha", "domain": "property", "sessions": 1, **known})


VIEWED = {
    "sunvale-meadows": View(count=1, last_at=YESTERDAY, session_no=1),
    "brigade-citrine": View(count=3, last_at=YESTERDAY, session_no=1),
    "kaveri-heights": View(count=1, last_at=YESTERDAY.replace(hour=8), session_no=1),
}
LOOKED_FOR = {
    "configuration": Preference(value=[2], sequence=1),
    "location": Preference(value=["Whitefield, Bengaluru"], sequence=1),
    "budget": Preference(value={"low": None, "high": 12_000_000, "currency": "INR"}, sequence=1),
}


async def test_hi_is_answered_by_what_was_looked_at_most_and_a_next_step() -> None:
    decision = await Conversation(person=person(views=VIEWED, name="Asha Rao"), session_no=2).say("Hi", "greeting")
    assert decision.text == (
        "Welcome back, Asha! You were exploring Brigade Citrine in Whitefield and Sunvale Meadows in Whitefield. "
        "Shall I arrange a site visit to Brigade Citrine?"
    )


async def test_yes_takes_up_the_suggested_step() -> None:
    talk = Conversation(person=person(views=VIEWED), session_no=2)
    await talk.say("Hi", "greeting")
    assert "On which day would you like to visit Brigade Citrine" in (await talk.say("yes", "affirm")).text


async def test_what_the_greeting_names_can_be_pointed_at() -> None:
    talk = Conversation(person=person(views=VIEWED), session_no=2)
    await talk.say("Hi", "greeting")
    assert "Sunvale Homes" in (await talk.say("tell me about the second one", "details", entity("ordinal", 2))).text


async def test_search_of_the_first_session_is_named_and_taken_up() -> None:
    talk = Conversation(person=person(preferences=LOOKED_FOR), session_no=2)
    decision = await talk.say("Hello", "greeting")
    assert "You were exploring 2 BHK homes in Whitefield up to ₹1.2 Cr." in decision.text
    assert "Kaveri Heights" in (await talk.say("yes please", "affirm")).text


async def test_question_is_answered_after_the_greeting() -> None:
    talk = Conversation(person=person(views=VIEWED), session_no=2)
    project = entity("project", "aranya-orchard", "Aranya Orchard")
    decision = await talk.say("Tell me about Aranya Orchard", "details", project)
    assert decision.text.startswith("Welcome back! You were exploring Brigade Citrine")
    assert "Aranya Developers" in decision.text
    assert [signal.name for signal in decision.signals if signal.kind == "view"] == ["aranya-orchard"]


@pytest.mark.parametrize("earlier", [0, 2, 3])
async def test_other_sessions_are_not_greeted(earlier: int) -> None:
    known = person(views=VIEWED, sessions=earlier)
    decision = await Conversation(person=known, session_no=earlier + 1).say("Hi", "greeting")
    assert "elcome back" not in decision.text


async def test_sessions_that_nobody_spoke_in_do_not_count() -> None:
    decision = await Conversation(person=person(views=VIEWED), session_no=5).say("Hi", "greeting")
    assert "elcome back" in decision.text
    decision = await Conversation(person=person(sessions=0), session_no=2).say("Hi", "greeting")
    assert "elcome back" not in decision.text


async def test_only_the_first_turn_is_greeted() -> None:
    talk = Conversation(person=person(views=VIEWED), session_no=2)
    await talk.say("Hi", "greeting")
    assert "elcome back" not in (await talk.say("Hi", "greeting")).text


async def test_profile_that_came_too_late_is_greeted_without_names() -> None:
    decision = await Conversation(person=None, session_no=2).say("Hi", "greeting")
    assert decision.text.startswith("Welcome back!")
    assert "exploring" not in decision.text


async def test_listing_that_was_sold_is_not_named() -> None:
    gone = {"long-gone": View(count=9, last_at=YESTERDAY, session_no=1), **VIEWED}
    decision = await Conversation(person=person(views=gone), session_no=2).say("Hi", "greeting")
    assert "Brigade Citrine" in decision.text


async def test_open_concern_is_the_next_step_and_an_answered_one_is_not() -> None:
    waiting = person(
        views=VIEWED, objections={"timing": Objection(count=1), "price": Objection(count=2, answered=True)}
    )
    decision = await Conversation(person=waiting, session_no=2).say("Hi", "greeting")
    assert "ready to move in" in decision.text
    assert "less expensive" not in decision.text


async def test_who_has_been_to_the_site_is_not_offered_a_visit() -> None:
    been = person(views=VIEWED, actions=(Action(name="site_visit", item="brigade-citrine", at=YESTERDAY, sequence=2),))
    decision = await Conversation(person=been, session_no=2).say("Hi", "greeting")
    assert "Shall I work out a loan for Brigade Citrine?" in decision.text


async def test_recap_names_what_was_looked_at() -> None:
    talk = Conversation()
    assert "not looked at anything" in (await talk.say("what did I see", "recap")).text
    await talk.say("Tell me about Brigade Citrine", "details", entity("project", "brigade-citrine", "Brigade Citrine"))
    assert "You were exploring Brigade Citrine" in (await talk.say("what did I see", "recap")).text
