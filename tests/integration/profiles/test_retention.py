"""Signals and scores go when they were kept long enough; what was folded from them stays."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from services.profiles.metrics import ProfilesMetrics
from services.profiles.retention import Retention
from services.profiles.store.expiry import Expiry
from shared.events.ids import TenantId
from shared.privacy.tasks import Tasks
from tests.integration.profiles.conftest import Service
from tests.support.signals import BEGAN, observed, view

TWO_YEARS = timedelta(days=730)
SEEN = BEGAN + timedelta(days=1, seconds=1)


@pytest.fixture
def clock() -> list[timedelta]:
    return [TWO_YEARS]


def retention(service: Service, clock: list[timedelta]) -> Retention:
    return Retention(
        tasks=Tasks(service.database, "profiles"),
        expiry=Expiry(service.database),
        keep=TWO_YEARS,
        now=lambda: SEEN + clock[0],
        metrics=ProfilesMetrics(CollectorRegistry()),
    )


async def test_signals_go_after_two_years_and_the_profile_stays(
    service: Service, tenant_id: TenantId, clock: list[timedelta]
) -> None:
    await service.profiles.observe([observed(view("citrine"), tenant_id=tenant_id)])
    job = retention(service, clock)

    await job.run()
    signals, _ = (await job.standings(tenant_id)).items
    assert (signals.task, signals.due, signals.oldest, signals.done) == ("deleted_signals", 0, SEEN, 0)

    clock[0] += timedelta(seconds=1)
    signals, _ = (await job.standings(tenant_id)).items
    assert signals.due == 1
    await job.run()
    await job.run()
    signals, _ = (await job.standings(tenant_id)).items
    assert (signals.due, signals.oldest, signals.done, signals.last_at) == (0, None, 1, SEEN + clock[0])
    found = await service.people.portrait(tenant_id, "ada", "property")
    assert found is not None
    assert found.profile.interests == {"citrine": "low"}


async def test_the_history_of_scores_goes_too(service: Service, tenant_id: TenantId, clock: list[timedelta]) -> None:
    await service.profiles.observe([observed(view("citrine"), tenant_id=tenant_id)])
    job = retention(service, clock)
    _, scores = (await job.standings(tenant_id)).items
    assert scores.oldest is not None

    clock[0] = scores.oldest - SEEN + TWO_YEARS + timedelta(seconds=1)
    await job.run()

    _, scores = (await job.standings(tenant_id)).items
    assert (scores.task, scores.due, scores.oldest, scores.done) == ("deleted_scores", 0, None, 1)
