"""The scores of people who stay away, brought up to date."""

from datetime import timedelta
from functools import partial

import pytest
from prometheus_client import CollectorRegistry

from services.profiles.formulas import Fading, Formulas
from services.profiles.metrics import ProfilesMetrics
from services.profiles.scoring import interact
from services.profiles.store import Fades, Profiles
from shared.domains.leads import LeadQuery
from shared.events.ids import TenantId
from shared.events.profiles import LeadBecameHot, Temperature
from tests.integration.profiles.conftest import SUBJECTS, Service
from tests.support.signals import BEGAN, action, observed, simple_score, view

MONTH = timedelta(days=30)


def warmth(total: float) -> Temperature:
    return "hot" if total >= 10 else "cold"


FORMULAS = Formulas({"property": {"simple.1": simple_score}}, Fading(MONTH, {"property": warmth}))


async def test_who_stays_away_cools_down_and_is_hot_again_when_back(service: Service, tenant_id: TenantId) -> None:
    metrics = ProfilesMetrics(CollectorRegistry())
    profiles = Profiles(service.database, SUBJECTS, partial(interact, formulas=FORMULAS), metrics)
    fades = Fades(service.database, FORMULAS)
    for number in range(60):
        came = observed(action("site_visit"), tenant_id=tenant_id, user_id=f"user {number:02}", occurred_at=BEGAN)
        await profiles.observe([came])
    here = observed(action("site_visit"), tenant_id=tenant_id, user_id="here", occurred_at=BEGAN + MONTH)
    await profiles.observe([here])

    await fades.refresh(BEGAN + MONTH)
    await fades.refresh(BEGAN + MONTH)

    hot = await service.reader.leads(tenant_id, LeadQuery(temperature="hot"), after=None, limit=100)
    assert [each.profile.user_id for each in hot.items] == ["here"]
    cooled = await service.people.portrait(tenant_id, "user 07", "property")
    assert cooled is not None
    assert cooled.scores is not None
    assert cooled.scores.intent.value == pytest.approx(5)
    assert cooled.version == 1

    back = observed(view("a"), tenant_id=tenant_id, user_id="user 07", turn_no=2, occurred_at=BEGAN + MONTH)
    told = await profiles.observe([back])
    warm = await service.people.portrait(tenant_id, "user 07", "property")
    assert warm is not None
    assert warm.scores is not None
    assert warm.scores.intent.value == 10
    assert LeadBecameHot.type in [envelope.header("ce_type") for envelope in told]
