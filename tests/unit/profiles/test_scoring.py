"""What an interaction changes and publishes."""

from uuid import UUID

import pytest

from services.profiles.facts import Facts
from services.profiles.formulas import Formulas
from services.profiles.scoring import Standing, interact, total_of
from shared.events.envelope import freeze, thaw
from shared.events.ids import TenantId
from shared.events.profiles import LeadBecameHot, ProfileScored, Temperature
from tests.support.signals import action, observed, simple_score, view

TENANT = TenantId(UUID(int=1))
FORMULAS = Formulas({"property": {"simple.1": simple_score}})


def test_interaction_publishes_scores_with_their_factors() -> None:
    done = interact(Standing(version=4), observed(view("a"), tenant_id=TENANT), FORMULAS)

    event = ProfileScored.model_validate_json(done.envelopes[0].value)
    assert (event.version, event.engagement.value, event.temperature) == (5, 1, "cold")
    assert [factor.name for factor in event.engagement.factors] == ["views"]
    assert done.scores is not None
    assert total_of(done.scores) == 1


@pytest.mark.parametrize(("before", "told"), [(None, True), ("cold", True), ("warm", True), ("hot", False)])
def test_becoming_hot_is_told_and_staying_hot_is_not(before: Temperature | None, told: bool) -> None:
    event = observed(action("site_visit"), tenant_id=TENANT)

    done = interact(Standing(temperature=before), event, FORMULAS)

    types = [envelope.header("ce_type") for envelope in done.envelopes]
    assert (LeadBecameHot.type in types) == told
    assert done.standing.temperature == "hot"


def test_same_event_on_the_same_standing_publishes_the_same_bytes() -> None:
    event = observed(action("site_visit"), tenant_id=TENANT)
    first, second = (interact(Standing(), event, FORMULAS).envelopes for _ in range(2))

    assert first == second
    assert thaw(freeze(first)) == first


def test_events_of_one_cause_have_different_ids() -> None:
    done = interact(Standing(), observed(action("site_visit"), tenant_id=TENANT), FORMULAS)

    assert len({envelope.header("ce_id") for envelope in done.envelopes}) == 2


def test_domain_without_formula_is_folded_and_not_scored() -> None:
    done = interact(Standing(), observed(view("bag"), tenant_id=TENANT, domain="luxury"), FORMULAS)

    assert (done.scores, done.envelopes, done.standing.temperature) == (None, (), None)
    assert done.standing.facts != Facts()
