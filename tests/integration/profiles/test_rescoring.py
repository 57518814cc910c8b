"""Everybody scored anew beside what stands: compared, switched to, with whatever happened meanwhile."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from services.profiles.formulas import Formulas
from services.profiles.metrics import ProfilesMetrics
from services.profiles.reading import Correction, Person
from services.profiles.rescoring import Rescorer
from services.profiles.scoring import interact, refold
from services.profiles.store import Portrait, Profiles, Rescorings
from shared.domains.person import Profile, Scores
from shared.domains.rescoring import RescoringRequest, RescoringView
from shared.events.ids import TenantId
from shared.runtime.http import Problem
from tests.integration.profiles.conftest import SUBJECTS, Service
from tests.support.signals import observed, simple_score, view


def double_score(profile: Profile) -> Scores:
    """Views count twice."""
    again = {f"{name} again": seen for name, seen in profile.views.items()}
    return simple_score(profile.model_copy(update={"views": {**profile.views, **again}}))


FORMULAS = Formulas({"property": {"simple.1": simple_score, "double.1": double_score}})
DOUBLE = RescoringRequest(domain="property", shares={"double.1": 1})


@dataclass(frozen=True, slots=True)
class Desk:
    """A profiles service with two formulas."""

    service: Service
    profiles: Profiles
    rescorings: Rescorings
    rescorer: Rescorer
    tenant_id: TenantId

    async def view(self, user_id: str, times: int = 1, **more: int) -> None:
        for _ in range(times):
            await self.profiles.observe([observed(view("a"), tenant_id=self.tenant_id, user_id=user_id, **more)])

    async def run(self, wanted: RescoringRequest = DOUBLE) -> RescoringView:
        """A run whose new scores are ready."""
        started = await self.rescorer.start(self.tenant_id, wanted, "operator")
        await self.finish(started)
        return await self.rescorer.find(self.tenant_id, started.id)

    async def finish(self, run: RescoringView) -> None:
        while await self.rescorings.advance(self.tenant_id, run.id, datetime.now(UTC)):
            pass

    async def switch(self, run: RescoringView) -> RescoringView:
        await self.rescorer.switch(self.tenant_id, run.id)
        await self.finish(run)
        return await self.rescorer.find(self.tenant_id, run.id)

    async def portrait(self, user_id: str) -> Portrait:
        found = await self.service.people.portrait(self.tenant_id, user_id, "property")
        assert found is not None
        return found

    async def points(self, user_id: str) -> tuple[float, str | None]:
        scores = (await self.portrait(user_id)).scores
        assert scores is not None
        return scores.engagement.value, scores.formula


@pytest.fixture
async def desk(service: Service, tenant_id: TenantId) -> Desk:
    rescorings = Rescorings(service.database, partial(refold, formulas=FORMULAS))
    metrics = ProfilesMetrics(CollectorRegistry())
    profiles = Profiles(service.database, SUBJECTS, partial(interact, formulas=FORMULAS), metrics)
    rescorer = Rescorer(rescorings, FORMULAS, ("property", "luxury"), lambda: datetime.now(UTC))
    return Desk(service, profiles, rescorings, rescorer, tenant_id)


async def test_new_scores_are_compared_and_only_then_put_in_place(desk: Desk) -> None:
    await desk.view("ada", 2)
    await desk.view("bob", 5)
    run = await desk.run()

    assert (run.state, run.done, run.people) == ("ready", 2, 2)
    assert await desk.points("bob") == (5, "simple.1")
    told = await desk.rescorer.compare(desk.tenant_id, run.id)
    assert (told.people, told.changed, told.stale, told.mean_change) == (2, 1, 0, 3.5)
    assert [(each.user_id, each.before, each.after) for each in told.top] == [("bob", 5, 10), ("ada", 2, 4)]
    assert {(each.before, each.after, each.people) for each in told.temperatures} == {
        ("cold", "cold", 1),
        ("cold", "hot", 1),
    }

    assert (await desk.switch(run)).state == "switched"

    assert [await desk.points(user) for user in ("ada", "bob")] == [(4, "double.1"), (10, "double.1")]
    await desk.view("ada")
    assert await desk.points("ada") == (6, "double.1")


async def test_what_happens_meanwhile_is_in_the_result(desk: Desk) -> None:
    for number in range(60):
        await desk.view(f"user {number:02}")
    started = await desk.rescorer.start(desk.tenant_id, DOUBLE, "operator")
    await desk.rescorings.advance(desk.tenant_id, started.id, datetime.now(UTC))
    await desk.view("user 03")
    await desk.view("user 55")
    await desk.view("new user")
    await desk.finish(started)
    await desk.view("user 07")
    await desk.view("newer user")
    assert (await desk.rescorer.compare(desk.tenant_id, started.id)).stale == 2

    await desk.switch(started)

    users = ("user 03", "user 55", "user 07", "user 08", "new user", "newer user")
    assert [await desk.points(user) for user in users] == [
        (4, "double.1"), (4, "double.1"), (4, "double.1"), (2, "double.1"), (2, "double.1"), (2, "double.1"),
    ]  # fmt: skip


async def test_live_events_during_a_switch_are_scored_by_the_new_formula_and_lost_nowhere(desk: Desk) -> None:
    for number in range(80):
        await desk.view(f"user {number:02}")
    run = await desk.run()
    await desk.rescorer.switch(desk.tenant_id, run.id)

    await asyncio.gather(desk.finish(run), *(desk.view(f"user {number:02}") for number in range(0, 80, 4)))
    await desk.finish(run)

    points = [await desk.points(f"user {number:02}") for number in range(80)]
    assert points == [(4 if number % 4 == 0 else 2, "double.1") for number in range(80)]
    assert (await desk.rescorer.find(desk.tenant_id, run.id)).state == "switched"


async def test_a_run_goes_on_where_it_was_cut_off(desk: Desk) -> None:
    for number in range(60):
        await desk.view(f"user {number:02}")
    started = await desk.rescorer.start(desk.tenant_id, DOUBLE, "operator")
    await desk.rescorings.advance(desk.tenant_id, started.id, datetime.now(UTC))

    other = Rescorings(desk.service.database, partial(refold, formulas=FORMULAS))
    assert (desk.tenant_id, started.id) in await other.with_work()
    while await other.advance(desk.tenant_id, started.id, datetime.now(UTC)):
        pass

    run = await desk.rescorer.find(desk.tenant_id, started.id)
    assert (run.state, run.done) == ("ready", 60)
    assert (desk.tenant_id, started.id) not in await other.with_work()


async def test_two_processes_share_a_run_and_score_nobody_twice(desk: Desk) -> None:
    for number in range(60):
        await desk.view(f"user {number:02}")
    started = await desk.rescorer.start(desk.tenant_id, DOUBLE, "operator")

    await asyncio.gather(desk.finish(started), desk.finish(started))
    await desk.finish(started)

    run = await desk.rescorer.find(desk.tenant_id, started.id)
    assert (run.state, run.done) == ("ready", 60)


async def test_what_was_told_by_hand_survives_being_folded_again(desk: Desk) -> None:
    person = Person(desk.tenant_id, "ada", "property")
    await desk.view("ada")
    await desk.service.reader.correct(person, Correction({"name": "Ada"}, {"city": "Goa"}, {"a": "high"}))
    before = (await desk.portrait("ada")).profile

    await desk.switch(await desk.run())

    assert (await desk.portrait("ada")).profile == before


async def test_who_lost_signals_keeps_what_is_known_and_is_scored_from_it(desk: Desk) -> None:
    await desk.view("ada", 2)
    async with desk.service.database.tenant(desk.tenant_id) as connection:
        await connection.execute("delete from profiles.signals where ctid = (select min(ctid) from profiles.signals)")
    before = (await desk.portrait("ada")).profile

    await desk.switch(await desk.run())

    assert (await desk.portrait("ada")).profile == before
    assert await desk.points("ada") == (4, "double.1")


async def test_a_switch_is_one_entry_in_the_history_of_each_whom_it_changes(desk: Desk) -> None:
    await desk.view("ada", 2)
    await desk.switch(await desk.run())
    person = Person(desk.tenant_id, "ada", "property")

    history = await desk.service.reader.history(person, before=None, limit=10)

    assert history is not None
    assert [(each.version, each.scores.engagement.value, each.scores.formula) for each in history.items] == [
        (3, 4, "double.1"),
        (2, 2, "simple.1"),
        (1, 1, "simple.1"),
    ]


async def test_a_dropped_run_leaves_nothing_behind(desk: Desk) -> None:
    await desk.view("ada")
    run = await desk.run()

    await desk.rescorer.drop(desk.tenant_id, run.id)

    assert (await desk.rescorer.find(desk.tenant_id, run.id)).state == "dropped"
    async with desk.service.database.tenant(desk.tenant_id) as connection:
        assert await connection.fetchval("select count(*) from profiles.rescored") == 0
    assert await desk.points("ada") == (1, "simple.1")
    assert (await desk.run()).state == "ready"


async def test_a_person_deleted_meanwhile_is_in_no_result(desk: Desk) -> None:
    await desk.view("ada")
    await desk.view("bob")
    run = await desk.run()
    await desk.service.reader.forget(Person(desk.tenant_id, "ada", "property"))

    await desk.switch(run)

    assert await desk.service.people.portrait(desk.tenant_id, "ada", "property") is None
    assert await desk.points("bob") == (2, "double.1")


async def test_two_formulas_side_by_side_share_the_people(desk: Desk) -> None:
    for number in range(200):
        await desk.view(f"user {number}")
    both = RescoringRequest(domain="property", shares={"simple.1": 1, "double.1": 3})
    await desk.switch(await desk.run(both))

    formulas = [(await desk.points(f"user {number}"))[1] for number in range(200)]
    await desk.view("user 7")

    assert 120 <= formulas.count("double.1") <= 180
    assert formulas.count("simple.1") == 200 - formulas.count("double.1")
    assert (await desk.points("user 7"))[1] == formulas[7]
    assert (await desk.rescorer.list(desk.tenant_id)).in_force == {"property": {"simple.1": 1, "double.1": 3}}


@pytest.mark.parametrize(("domain", "formula"), [("property", "triple.1"), ("luxury", "simple.1")])
async def test_a_formula_that_is_not_installed_is_refused(desk: Desk, domain: str, formula: str) -> None:
    with pytest.raises(Problem) as refused:
        await desk.rescorer.start(desk.tenant_id, RescoringRequest(domain=domain, shares={formula: 1}), "operator")
    assert (refused.value.status, refused.value.code) == (422, "unknown_formula")


async def test_what_cannot_be_done_now_is_refused(desk: Desk) -> None:
    await desk.view("ada")
    started = await desk.rescorer.start(desk.tenant_id, DOUBLE, "operator")

    for attempt in (
        desk.rescorer.start(desk.tenant_id, DOUBLE, "operator"),
        desk.rescorer.switch(desk.tenant_id, started.id),
    ):
        with pytest.raises(Problem) as refused:
            await attempt
        assert refused.value.status == 409
    await desk.finish(started)
    await desk.switch(started)
    with pytest.raises(Problem) as late:
        await desk.rescorer.drop(desk.tenant_id, started.id)
    assert late.value.status == 409
    assert (await desk.rescorer.switch(desk.tenant_id, started.id)).state == "switched"
    with pytest.raises(Problem) as unknown:
        await desk.rescorer.find(desk.tenant_id, UUID(int=5))
    assert unknown.value.status == 404


async def test_another_tenant_has_runs_of_its_own(desk: Desk) -> None:
    run = await desk.run()
    stranger = TenantId(UUID(int=desk.tenant_id.int ^ 1))

    with pytest.raises(Problem):
        await desk.rescorer.find(stranger, run.id)
    assert (await desk.rescorer.list(stranger)).items == ()
