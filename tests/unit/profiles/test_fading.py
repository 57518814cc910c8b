"""Scores that fade while nobody is there, where that is wanted."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.profiles.fading import faded
from services.profiles.formulas import Fading, Formulas, Person
from shared.domains.person import Profile, Scores, View
from shared.events.ids import TenantId
from shared.events.profiles import Temperature
from tests.support.signals import BEGAN, simple_score

MONTH = timedelta(days=30)
PERSON = Person(TenantId(UUID(int=1)), "ada", "property")
PROFILE = Profile(
    user_id="ada",
    domain="property",
    views={"a": View(count=8, last_at=BEGAN, session_no=1)},
    last_active=BEGAN,
)


def warmth(total: float) -> Temperature:
    return "hot" if total >= 8 else "warm" if total >= 4 else "cold"


def after(idle: timedelta) -> Scores:
    return faded(simple_score(PROFILE), idle, MONTH, warmth)


@pytest.mark.parametrize(("days", "value", "temperature"), [(30, 4, "warm"), (60, 2, "cold"), (15, 8 / 2**0.5, "warm")])
def test_scores_halve_in_a_half_life_and_the_temperature_follows(days: int, value: float, temperature: str) -> None:
    scores = after(timedelta(days=days))

    assert scores.engagement.value == pytest.approx(value)
    assert scores.temperature == temperature
    assert scores.engagement.value == sum(factor.value for factor in scores.engagement.factors)
    assert f"after {days} idle days" in scores.engagement.factors[0].because


def test_scores_are_the_formulas_own_on_the_day_of_an_interaction_and_the_same_all_day() -> None:
    assert after(timedelta(hours=23)) == simple_score(PROFILE)
    assert after(timedelta(seconds=-5)) == simple_score(PROFILE)
    assert after(timedelta(days=3, hours=1)) == after(timedelta(days=3, hours=22)) != after(timedelta(days=4))


def test_the_stage_does_not_fade() -> None:
    assert after(timedelta(days=300)).stage == simple_score(PROFILE).stage


def test_only_domains_that_say_what_is_hot_fade_and_only_where_a_half_life_is_set() -> None:
    installed = {"property": {"simple.1": simple_score}}
    later = BEGAN + MONTH

    def value(formulas: Formulas) -> float:
        scores = formulas.score(PERSON, PROFILE, None, at=later)
        assert scores is not None
        return scores.engagement.value

    assert value(Formulas(installed)) == 8
    assert value(Formulas(installed, Fading(MONTH, {}))) == 8
    assert value(Formulas(installed, Fading(MONTH, {"property": warmth}))) == 4
