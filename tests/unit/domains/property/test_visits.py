"""Booking visits: what is missing is asked for, one thing at a time; never in the past; once."""

from datetime import datetime, timedelta

import pytest

from shared.domains.property.listings import INDIA
from shared.domains.property.outcomes import VisitBooked, VisitCancelled, VisitMoved
from shared.events.replies import Entity
from tests.support.property import WEDNESDAY_NOON, Conversation, entity

CITRINE = entity("project", "brigade-citrine", "Brigade Citrine")
SATURDAY = entity("date", {"weekday": 6, "which": "coming"}, "Saturday")
FOUR = entity("time", {"hour": 4, "meridiem": "unknown"}, "4")


def at(hour: int, minute: int = 0) -> Entity:
    return entity("time", {"hour": hour, "minute": minute})


async def test_visit_with_everything_said_is_booked_at_once() -> None:
    talk = Conversation()
    decision = await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    starts = datetime(2026, 11, 28, 16, tzinfo=INDIA)
    assert "booked for Saturday 28 November at 4:00 pm" in decision.text
    (outcome,) = decision.outcomes
    assert isinstance(outcome, VisitBooked)
    assert (outcome.listing_id, outcome.starts_at) == ("brigade-citrine", starts)
    assert [visit.starts_at for visit in talk.tools.booked.values()] == [starts]
    assert len(decision.effects) == 1
    assert ("action", "site_visit", "brigade-citrine") in {
        (s.kind, s.name, s.value) for s in decision.signals if s.kind == "action"
    }


async def test_missing_parts_are_asked_for_one_by_one() -> None:
    talk = Conversation()
    first = await talk.say("book a site visit", "visit")
    assert first.question is not None
    assert first.question.about == "visit:listing"
    second = await talk.say("Brigade Citrine", "details", CITRINE, relation="answer")
    assert second.question is not None
    assert second.question.about == "visit:day"
    third = await talk.say("Saturday", None, SATURDAY, relation="answer")
    assert third.question is not None
    assert third.question.about == "visit:time"
    last = await talk.say("4", None, FOUR, relation="answer")
    assert "booked for Saturday 28 November at 4:00 pm" in last.text


async def test_what_was_said_before_is_not_asked_again() -> None:
    talk = Conversation()
    await talk.say("can I visit on Saturday at 4", "visit", SATURDAY, FOUR)
    decision = await talk.say("Brigade Citrine", None, CITRINE, relation="answer")
    assert decision.question is None
    assert len(talk.tools.booked) == 1


async def test_another_question_in_between_does_not_lose_the_visit() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine", "visit", CITRINE)
    await talk.say("what is the price", "price")
    decision = await talk.say("Saturday at 4", None, SATURDAY, FOUR)
    assert len(decision.outcomes) == 1


@pytest.mark.parametrize(
    ("day", "clock", "asked"),
    [
        ({"date": "2026-11-24"}, {"hour": 11}, "visit:day"),
        ({"date": "2027-06-01"}, {"hour": 11}, "visit:day"),
        ({"date": "2026-11-25"}, {"hour": 11}, "visit:time"),
        ({"date": "2026-11-28"}, {"hour": 22}, "visit:time"),
        ({"period": "week", "offset": 1}, {"hour": 11}, "visit:day"),
    ],
)
async def test_impossible_times_are_asked_again(day: object, clock: object, asked: str) -> None:
    talk = Conversation()
    decision = await talk.say(
        "visit Brigade Citrine then", "visit", CITRINE, entity("date", day), entity("time", clock)
    )
    assert decision.question is not None
    assert decision.question.about == asked
    assert talk.tools.booked == {}


async def test_today_is_the_day_in_india() -> None:
    just_past_midnight = datetime(2026, 11, 25, 19, 0, tzinfo=WEDNESDAY_NOON.tzinfo)
    talk = Conversation(now=just_past_midnight)
    await talk.say("today at 11", "visit", CITRINE, entity("date", {"relative": {"days": 0}}), at(11))
    assert [visit.starts_at for visit in talk.tools.booked.values()] == [datetime(2026, 11, 26, 11, tzinfo=INDIA)]


async def test_weekend_means_the_first_day_of_it_to_come() -> None:
    talk = Conversation()
    await talk.say("this weekend at 11", "visit", CITRINE, entity("date", {"weekend": 0}), at(11))
    assert [visit.starts_at.astimezone(INDIA).day for visit in talk.tools.booked.values()] == [28]


async def test_same_turn_books_the_same_row() -> None:
    first, again = Conversation(), Conversation()
    for talk in (first, again):
        await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    assert [*first.tools.booked] == [*again.tools.booked]


async def test_another_day_moves_the_visit_and_keeps_its_time() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    sunday = entity("date", {"weekday": 7, "which": "coming"})
    decision = await talk.say("actually make it Sunday", None, sunday, relation="correction")
    assert isinstance(decision.outcomes[0], VisitMoved)
    (visit,) = talk.tools.booked.values()
    assert visit.starts_at == datetime(2026, 11, 29, 16, tzinfo=INDIA)
    assert not [signal for signal in decision.signals if signal.kind == "action"]


async def test_booking_a_project_twice_names_the_visit_there_is() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    decision = await talk.say("book a visit to Brigade Citrine", "visit", CITRINE)
    assert "is booked for Saturday 28 November" in decision.text
    assert decision.effects == ()


async def test_coming_visits_are_told() -> None:
    talk = Conversation()
    assert "no visit" in (await talk.say("when is my visit", "my_visits")).text
    await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    assert "Brigade Citrine on Saturday 28 November at 4:00 pm" in (await talk.say("when is it", "my_visits")).text


async def test_cancelling_calls_the_visit_off() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    decision = await talk.say("cancel my visit", "cancel_visit")
    assert isinstance(decision.outcomes[0], VisitCancelled)
    assert talk.tools.booked == {}
    assert "no visit to cancel" in (await talk.say("cancel my visit", "cancel_visit")).text


async def test_visit_that_was_not_named_is_not_cancelled() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    other = entity("project", "lotus-court", "Lotus Court")
    decision = await talk.say("cancel the visit to Lotus Court", "cancel_visit", other)
    assert decision.question is not None
    assert len(talk.tools.booked) == 1


async def test_cancelling_is_never_taken_for_the_answer_to_which_project() -> None:
    talk = Conversation()
    await talk.say("when is my visit", "my_visits")
    decision = await talk.say("cancel the visit to Brigade Citrine on Saturday at 4", None, CITRINE, SATURDAY, FOUR)
    assert "no visit to cancel" in decision.text
    assert talk.tools.booked == {}


async def test_refusing_drops_a_visit_that_was_begun() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine", "visit", CITRINE)
    await talk.say("no, leave it", "deny")
    assert talk.state.visit is None


async def test_past_visits_are_not_moved() -> None:
    talk = Conversation()
    await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    talk.now += timedelta(days=7)
    decision = await talk.say("visit Brigade Citrine on Saturday at 4", "visit", CITRINE, SATURDAY, FOUR)
    assert isinstance(decision.outcomes[0], VisitBooked)
