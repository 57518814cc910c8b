"""Concerns are answered once, from the listings; after that a person is offered."""

import pytest

from shared.domains.person import Objection, Profile
from tests.support.property import Conversation, entity, under

CITRINE = entity("project", "brigade-citrine", "Brigade Citrine")


async def about_citrine() -> Conversation:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    return talk


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("price", "These cost less"),
        ("location", "In other parts of Bengaluru"),
        ("trust", "RERA number PRM/KA/RERA/1251"),
        ("timing", "These are ready to move in"),
        ("loan", "at 8.5 % over 20 years"),
    ],
)
async def test_concern_is_answered_with_facts(name: str, expected: str) -> None:
    talk = await about_citrine()
    decision = await talk.say("but ...", f"objection_{name}")
    assert expected in decision.text
    told = [(signal.kind, signal.name) for signal in decision.signals]
    assert ("objection", name) in told
    assert ("objection_answered", name) in told


async def test_second_time_a_call_is_offered_instead_of_the_same_answer() -> None:
    talk = await about_citrine()
    first = await talk.say("too expensive", "objection_price")
    second = await talk.say("still too expensive", "objection_price")
    assert second.text != first.text
    assert "Shall somebody call you?" in second.text
    third = await talk.say("yes", "affirm")
    assert third.question is not None
    assert third.question.about == "callback:phone"


async def test_concern_answered_in_an_earlier_session_stays_answered() -> None:
    person = Profile(user_id="asha", domain="property", objections={"price": Objection(count=1, answered=True)})
    talk = Conversation(person=person, session_no=3)
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    assert "Shall somebody call you?" in (await talk.say("too expensive", "objection_price")).text


async def test_cheaper_homes_offered_are_cheaper_and_pointable() -> None:
    talk = await about_citrine()
    decision = await talk.say("too expensive", "objection_price")
    assert decision.shown
    listings = await talk.tools.named([shown.id for shown in decision.shown])
    assert all(min(home.price for home in each.homes if home.bedrooms == 2) < 9_900_000 for each in listings)


async def test_concern_about_nothing_yet_waits_for_a_figure_and_is_answered_by_it() -> None:
    talk = Conversation()
    asked = await talk.say("everything is too expensive", "objection_price")
    assert asked.question is not None
    assert not [signal for signal in asked.signals if signal.kind == "objection_answered"]
    decision = await talk.say("60 lakhs in Pune", None, under(6_000_000), entity("place", "Pune"), relation="answer")
    assert [signal.name for signal in decision.signals if signal.kind == "objection_answered"] == ["price"]
    assert talk.state.open_objection is None


async def test_concern_after_a_list_is_about_its_first() -> None:
    talk = Conversation()
    await talk.say("3bhk in Hebbal", "search", entity("bedrooms", "3"), entity("place", "Hebbal, Bengaluru"))
    decision = await talk.say("too costly", "objection_price")
    assert "Lotus Court for ₹1.51 Cr" in decision.text
