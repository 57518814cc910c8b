"""A profile depends on what was observed, not on the order or the number of deliveries."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.profiles.facts import ContactField, Facts, Told
from services.profiles.folding import ACTIONS_KEPT, MOODS_KEPT, correct, fold, fold_all, tell
from services.profiles.portrait import profile_of
from shared.domains.person import Profile
from shared.events.ids import TenantId
from shared.events.signals import Signal, SignalKind, SignalsObserved
from tests.support.signals import BEGAN, action, observed, view

TENANT = TenantId(UUID(int=1))


def seen(*signals: Signal, **more: Any) -> SignalsObserved:
    return observed(*signals, tenant_id=TENANT, **more)


def profile(*events: SignalsObserved) -> Profile:
    return profile_of("ada", "property", fold_all(Facts(), events))


def signal(kind: SignalKind, name: str, value: Any = None) -> Signal:
    return Signal(kind=kind, name=name, value=value)


NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.one_of(
    st.none(), st.sampled_from(["low", "high", "x"]), st.floats(-2, 2), st.lists(st.integers(0, 3), max_size=2)
)
MOODS = st.fixed_dictionaries({"sentiment": st.floats(-1, 1), "frustration": st.floats(0, 1)})
KINDS = st.sampled_from(
    ["intent", "preference", "view", "interest", "objection", "objection_answered", "action", "rating"]
)
SIGNALS = st.one_of(
    st.builds(signal, KINDS, NAMES, VALUES), st.builds(signal, st.just("sentiment"), st.just("turn"), MOODS)
)
EVENTS = st.builds(
    lambda signals, session_no, turn_no: seen(*signals, session_no=session_no, turn_no=turn_no),
    st.lists(SIGNALS, max_size=5),
    st.integers(1, 3),
    st.integers(1, 4),
)


@given(data=st.data(), events=st.lists(EVENTS, max_size=8))
def test_any_order_and_any_repetition_gives_the_same_profile(
    data: st.DataObject, events: list[SignalsObserved]
) -> None:
    repeated = events + data.draw(st.lists(st.sampled_from(events), max_size=5) if events else st.just([]))
    delivered = data.draw(st.permutations(repeated))

    assert fold_all(Facts(), delivered) == fold_all(Facts(), events)


@given(events=st.lists(EVENTS, max_size=6))
def test_facts_survive_being_stored_between_events(events: list[SignalsObserved]) -> None:
    facts = Facts()
    for event in events:
        facts = Facts.model_validate_json(fold(facts, event).model_dump_json(exclude_defaults=True))

    assert facts == fold_all(Facts(), events)


FACTS_TOLD = st.builds(
    lambda field, value, second, by_hand: {field: Told(value=value, at=BEGAN.replace(second=second), by_hand=by_hand)},
    st.sampled_from(["name", "phone"]),
    st.sampled_from(["x", "y", None]),
    st.integers(0, 3),
    st.booleans(),
)


@given(data=st.data(), told=st.lists(FACTS_TOLD, max_size=6))
def test_contact_facts_do_not_depend_on_the_order_they_arrive_in(
    data: st.DataObject, told: list[dict[ContactField, Told]]
) -> None:
    def known(facts_told: list[dict[ContactField, Told]]) -> Facts:
        facts = Facts()
        for each in facts_told:
            facts = tell(facts, each)
        return facts

    assert known(data.draw(st.permutations(told + told[:2]))) == known(told)


def test_interest_rises_with_views_to_high_at_the_third() -> None:
    levels = [profile(*(seen(view("citrine")) for _ in range(count))).interests["citrine"] for count in (1, 2, 3, 4)]

    assert levels == ["low", "medium", "high", "high"]


def test_interest_is_what_was_said_last_or_what_views_show_whichever_is_more() -> None:
    said_high = seen(signal("interest", "a", "high"), turn_no=1)
    said_low = seen(signal("interest", "a", "low"), turn_no=2)

    assert profile(said_low, said_high).interests == {"a": "low"}
    assert profile(said_low, seen(view("a")), seen(view("a"))).interests == {"a": "medium"}


def test_interest_of_an_unknown_level_is_medium() -> None:
    assert profile(seen(signal("interest", "a", {"stars": 5}))).interests == {"a": "medium"}


def test_sessions_count_distinct_and_turns_each() -> None:
    known = profile(seen(session_no=1), seen(session_no=2), seen(session_no=2, turn_no=2))

    assert (known.sessions, known.turns) == (2, 3)


def test_preference_of_the_later_turn_wins_whenever_it_arrives() -> None:
    early, late = (seen(signal("preference", "city", city), turn_no=no) for no, city in ((1, "Goa"), (2, "Pune")))

    assert profile(late, early).preferences["city"].value == "Pune"


def test_last_preference_within_a_turn_wins() -> None:
    both = seen(signal("preference", "city", "Pune"), signal("preference", "city", "Goa"))

    assert profile(both).preferences["city"].value == "Goa"


def test_withdrawn_preference_is_not_shown() -> None:
    events = (seen(signal("preference", "city", city), turn_no=no) for no, city in ((1, "Goa"), (2, None)))

    assert profile(*events).preferences == {}


def test_objection_is_open_again_when_voiced_after_its_answer() -> None:
    voiced = seen(signal("objection", "price"), turn_no=1)
    answered = seen(signal("objection_answered", "price"), turn_no=2)
    again = seen(signal("objection", "price"), turn_no=3)

    assert profile(answered, voiced).objections["price"].answered
    assert profile(again, answered, voiced).objections["price"].model_dump() == {"count": 2, "answered": False}


def test_objection_answered_in_its_own_turn_is_answered() -> None:
    assert (
        profile(seen(signal("objection", "price"), signal("objection_answered", "price"))).objections["price"].answered
    )


def test_intent_and_mood_reported_twice_in_a_turn_count_once() -> None:
    twice = seen(
        signal("intent", "search", 0.9),
        signal("sentiment", "turn", {"sentiment": 0.1, "frustration": 0}),
        signal("intent", "search"),
        signal("sentiment", "turn", {"sentiment": 0.5, "frustration": 0.2}),
    )

    assert profile(twice).intents == {"search": 1}
    assert [(mood.sentiment, mood.frustration) for mood in profile(twice).moods] == [(0.5, 0.2)]


def test_latest_moods_and_actions_are_kept() -> None:
    events = [
        seen(signal("sentiment", "turn", 0.5), action("callback"), turn_no=turn_no)
        for turn_no in range(1, ACTIONS_KEPT + 11)
    ]

    known = profile(*reversed(events))
    assert [mood.sequence for mood in known.moods] == [event.sequence for event in events[-MOODS_KEPT:]]
    assert known.done("callback") == ACTIONS_KEPT


def test_times_span_first_to_last() -> None:
    events = [seen(turn_no=turn_no) for turn_no in (3, 1, 2)]

    known = profile(*events)
    assert (known.first_seen, known.last_active) == (events[1].occurred_at, events[0].occurred_at)


def test_correction_beats_what_is_known_and_not_what_comes_later() -> None:
    facts = correct(fold(Facts(), seen(signal("preference", "city", "Goa"), turn_no=5)), {"city": "Pune"})
    assert profile_of("ada", "property", facts).preferences["city"].value == "Pune"

    late = fold(facts, seen(signal("preference", "city", "Delhi"), turn_no=4))
    assert profile_of("ada", "property", late).preferences["city"].value == "Pune"

    later = fold(facts, seen(signal("preference", "city", "Kochi"), turn_no=6))
    assert profile_of("ada", "property", later).preferences["city"].value == "Kochi"
