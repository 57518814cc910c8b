"""The two scores, the temperature and the stage, by the product's formulas."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domains.person import Action, Mood, Objection, Preference, Profile, View
from shared.domains.property.profile import score, score_by_deeds, stage, temperature

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def profile(**known: Any) -> Profile:
    return Profile(user_id="asha", domain="property", **known)


def views(*counts: int) -> dict[str, View]:
    return {f"listing-{n}": View(count=count, last_at=NOW, session_no=1) for n, count in enumerate(counts)}


def done(*names: str) -> tuple[Action, ...]:
    return tuple(Action(name=name, item=None, at=NOW, sequence=n) for n, name in enumerate(names))


def mood(value: float) -> tuple[Mood, ...]:
    return (Mood(sequence=1, sentiment=value),)


def test_somebody_unknown_scores_for_a_neutral_mood_only() -> None:
    scores = score(profile())
    assert (scores.engagement.value, scores.intent.value, scores.temperature) == (1, 0, "cold")


def test_every_factor_is_capped_and_the_caps_make_ten() -> None:
    scores = score(
        profile(
            sessions=50,
            views=views(99),
            interests={"a": "high", "b": "medium", "c": "high"},
            actions=done("site_visit", "site_visit", "callback"),
            moods=mood(1.0),
        )
    )
    assert (scores.engagement.value, scores.intent.value) == (10, 10)
    assert scores.temperature == "hot"
    for each in (scores.engagement, scores.intent):
        assert sum(factor.maximum for factor in each.factors) == 10


def test_engagement_is_the_sum_of_its_terms() -> None:
    scored = score(profile(sessions=2, views=views(3, 4), interests={"a": "high", "b": "low"}, moods=mood(0.5)))
    assert {factor.name: factor.value for factor in scored.engagement.factors} == {
        "sessions": 1.0,
        "views": 1.4,
        "interested projects": 1,
        "sentiment": 1.5,
    }
    assert scored.engagement.value == pytest.approx(4.9)


def test_intent_is_the_sum_of_its_terms() -> None:
    scored = score(profile(sessions=2, interests={"a": "medium"}, actions=done("site_visit", "download")))
    assert [factor.value for factor in scored.intent.factors] == pytest.approx([1.5, 3, 0, 2 / 3])


def test_factors_say_the_numbers_they_come_from() -> None:
    factors = {factor.name: factor.because for factor in score(profile(sessions=2, views=views(7))).engagement.factors}
    assert factors["views"] == "7 views / 5, at most 3"
    assert factors["sessions"] == "2 sessions / 2, at most 3"


def test_three_views_of_one_project_raise_the_score_with_the_interest() -> None:
    before = score(profile(sessions=1, views=views(1)))
    after = score(profile(sessions=1, views=views(3), interests={"listing-0": "high"}))
    assert after.engagement.value > before.engagement.value
    assert after.intent.value > before.intent.value


@pytest.mark.parametrize(
    ("total", "expected"), [(15, "hot"), (14.99, "warm"), (10, "warm"), (9.99, "cold"), (0, "cold")]
)
def test_temperature_turns_at_ten_and_fifteen(total: float, expected: str) -> None:
    assert temperature(total) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "awareness"),
        ({"intents": {"greeting": 1}}, "awareness"),
        ({"views": views(1)}, "interest"),
        ({"preferences": {"budget": Preference(value=1, sequence=1)}}, "interest"),
        ({"intents": {"compare": 1}}, "consideration"),
        ({"objections": {"price": Objection(count=1)}}, "consideration"),
        ({"actions": done("download")}, "consideration"),
        ({"interests": {"a": "high"}}, "consideration"),
        ({"actions": done("site_visit")}, "intent"),
        ({"actions": done("callback")}, "intent"),
        ({"actions": done("callback", "site_visit")}, "decision"),
    ],
)
def test_stage_is_the_furthest_thing_done(known: dict[str, Any], expected: str) -> None:
    assert stage(profile(**known)) == expected


@given(
    sessions=st.integers(0, 1000),
    counts=st.lists(st.integers(1, 500), max_size=5),
    sentiment=st.floats(-1, 1),
    interested=st.integers(0, 9),
    actions=st.lists(st.sampled_from(["site_visit", "callback", "download"]), max_size=5),
)
def test_scores_stay_between_nought_and_ten(
    sessions: int, counts: list[int], sentiment: float, interested: int, actions: list[str]
) -> None:
    scores = score(
        profile(
            sessions=sessions,
            views=views(*counts),
            moods=mood(sentiment),
            interests={str(n): "medium" for n in range(interested)},
            actions=done(*actions),
        )
    )
    for each in (scores.engagement, scores.intent):
        assert 0 <= each.value <= 10
        assert all(0 <= factor.value <= factor.maximum for factor in each.factors)


def test_by_deeds_brochures_count_and_coming_back_does_not() -> None:
    often = profile(sessions=6, actions=done("site_visit"))
    eager = profile(sessions=1, actions=done("site_visit", "download", "download", "download"))

    assert [score_by_deeds(each).intent.value for each in (often, eager)] == [3, 5]
    assert [score(each).intent.value for each in (often, eager)] == pytest.approx([5, 3 + 1 / 3])
    assert score_by_deeds(often).engagement == score(often).engagement
    assert sum(factor.maximum for factor in score_by_deeds(often).intent.factors) == 10
