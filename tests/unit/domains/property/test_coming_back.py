"""What the pack tells of one session is what it greets by in the next, through the profiles service's own folding."""

from uuid import uuid4

from services.profiles.facts import Facts
from services.profiles.folding import fold
from services.profiles.portrait import profile_of
from shared.domains.base import Decision
from shared.domains.person import Profile
from shared.domains.property.profile import score
from shared.domains.property.state import PropertyState
from shared.events.ids import EventId, TurnId
from shared.events.signals import SignalsObserved
from tests.support.property import SESSION, TENANT, WEDNESDAY_NOON, Conversation, entity, under

CITRINE = entity("project", "brigade-citrine", "Brigade Citrine")


def learned(*decisions: Decision[PropertyState]) -> Profile:
    """The profile after a first session of these turns."""
    facts = Facts()
    for turn_no, decision in enumerate(decisions, 1):
        event = SignalsObserved(
            event_id=EventId(uuid4()),
            occurred_at=WEDNESDAY_NOON,
            tenant_id=TENANT,
            request_id="request",
            user_id="asha",
            session_id=SESSION,
            turn_id=TurnId(uuid4()),
            domain="property",
            session_no=1,
            turn_no=turn_no,
            signals=decision.signals,
        )
        facts = fold(facts, event)
    return profile_of("asha", "property", facts)


async def test_search_of_the_first_session_is_named_in_the_second() -> None:
    two, whitefield = entity("bedrooms", 2), entity("place", "Whitefield, Bengaluru", "Whitefield")
    first = await Conversation().say("2BHK in Whitefield under 1.2 Cr", "search", two, whitefield, under(12_000_000))
    decision = await Conversation(person=learned(first), session_no=2).say("Hi", "greeting")
    assert decision.text.startswith("Welcome back! You were exploring 2 BHK homes in Whitefield up to ₹1.2 Cr.")


async def test_three_looks_make_high_interest_and_raise_the_score() -> None:
    talk = Conversation()
    looks = [await talk.say("Tell me about Brigade Citrine", "details", CITRINE) for _ in range(3)]
    before, after = learned(*looks[:1]), learned(*looks)
    assert (before.interests, after.interests) == ({"brigade-citrine": "low"}, {"brigade-citrine": "high"})
    assert score(after).engagement.value > score(before).engagement.value
    assert score(after).intent.value > score(before).intent.value


async def test_visit_and_call_are_what_intent_is_made_of() -> None:
    talk = Conversation()
    day, clock = entity("date", {"weekday": 6, "which": "coming"}), entity("time", {"hour": 16})
    phone = entity("phone", "9876543210")
    turns = [
        *[await talk.say("Tell me about Brigade Citrine", "details", CITRINE) for _ in range(3)],
        await talk.say("visit it on Saturday at 4 pm", "visit", day, clock),
        await talk.say("call me on 9876543210", "callback", phone),
    ]
    scores = score(learned(*turns))
    assert [factor.value for factor in scores.intent.factors] == [1.5, 3, 2, 1 / 3]
    assert scores.stage == "decision"


async def test_answered_concern_is_known_as_answered() -> None:
    talk = Conversation()
    look = await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    concern = await talk.say("too expensive", "objection_price")
    person = learned(look, concern)
    assert person.objections["price"].answered
    decision = await Conversation(person=person, session_no=2).say("Hi", "greeting")
    assert "less expensive" not in decision.text
