"""Profiles that people make, put right and delete, and what stays of that when events come late."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services.profiles.facts import Told
from services.profiles.folding import tell
from services.profiles.reading import MOST_PUT_RIGHT, Correction, Person
from shared.errors import Reject
from shared.events.ids import TenantId
from shared.events.signals import Signal
from tests.integration.profiles.conftest import Service
from tests.support.signals import BEGAN, action, observed, view


async def test_a_profile_is_created_once(service: Service, tenant_id: TenantId) -> None:
    person, wishes = Person(tenant_id, "ada", "property"), Correction({"name": "Ada"}, {"city": "Goa"})

    created = await service.reader.create(person, "property", wishes)

    assert created is not None
    assert (created.portrait.profile.name, created.portrait.version) == ("Ada", 1)
    assert created.portrait.profile.preferences["city"].value == "Goa"
    assert await service.reader.create(person, "property", Correction({"name": "Eve"})) is None


async def test_a_deleted_profile_is_gone_and_old_events_do_not_bring_it_back(
    service: Service, tenant_id: TenantId
) -> None:
    event = observed(view("a"), action("site_visit"), tenant_id=tenant_id)
    person = Person(tenant_id, "ada", "property")
    await service.profiles.observe([event])

    assert await service.reader.forget(person)

    assert await service.profiles.observe([event, observed(view("a"), tenant_id=tenant_id, turn_no=2)]) == ()
    told = partial(tell, told={"name": Told(value="Ada", at=BEGAN)})
    await service.profiles.revise(tenant_id, "ada", "property", told)
    assert await service.reader.person(person) is None
    assert await service.reader.person(Person(tenant_id, "ada", None)) is None
    async with service.database.tenant(tenant_id) as connection:
        for table in ("signals", "score_history"):
            assert await connection.fetchval(f"select count(*) from profiles.{table}") == 0  # noqa: S608 - names of ours
    assert not await service.reader.forget(person)


async def test_who_comes_back_after_a_deletion_is_known_anew(service: Service, tenant_id: TenantId) -> None:
    await service.profiles.observe([observed(view("a"), tenant_id=tenant_id)])
    person = Person(tenant_id, "ada", "property")
    await service.reader.forget(person)
    later = datetime.now(UTC) + timedelta(minutes=1)
    await service.profiles.observe([observed(view("b"), tenant_id=tenant_id, session_no=2, occurred_at=later)])

    seen = await service.reader.person(person)

    assert seen is not None
    assert (set(seen.portrait.profile.views), seen.portrait.profile.sessions, seen.portrait.version) == ({"b"}, 1, 1)


async def test_without_a_domain_every_profile_of_the_person_is_deleted(service: Service, tenant_id: TenantId) -> None:
    await service.profiles.observe(
        [observed(view("a"), tenant_id=tenant_id, domain=domain) for domain in ("property", "luxury")]
        + [observed(view("a"), tenant_id=tenant_id, user_id="bob")]
    )

    await service.reader.forget(Person(tenant_id, "ada", None))

    assert await service.reader.person(Person(tenant_id, "ada", None)) is None
    assert await service.reader.person(Person(tenant_id, "bob", None)) is not None


async def test_interest_and_answers_put_right_by_hand_hold_until_a_later_turn(
    service: Service, tenant_id: TenantId
) -> None:
    said = (Signal(kind="interest", name="a", value="high"), Signal(kind="objection", name="price"))
    person = Person(tenant_id, "ada", "property")
    await service.profiles.observe([observed(*said, tenant_id=tenant_id)])

    seen = await service.reader.correct(person, Correction(interests={"a": "low"}, answered=("price",)))

    assert seen is not None
    assert seen.portrait.profile.interests == {"a": "low"}
    assert seen.portrait.profile.objections["price"].answered
    await service.profiles.observe([observed(*said, tenant_id=tenant_id, turn_no=2)])
    again = await service.reader.person(person)
    assert again is not None
    assert again.portrait.profile.interests == {"a": "high"}
    assert not again.portrait.profile.objections["price"].answered


async def test_a_profile_grows_by_hand_to_an_end(service: Service, tenant_id: TenantId) -> None:
    person = Person(tenant_id, "ada", "property")
    await service.reader.correct(person, Correction(preferences={f"p{n}": n for n in range(MOST_PUT_RIGHT)}))
    await service.reader.correct(person, Correction(preferences={"p1": "again"}))

    with pytest.raises(Reject):
        await service.reader.correct(person, Correction(interests={"a": "high"}))

    seen = await service.reader.person(person)
    assert seen is not None
    assert (len(seen.portrait.profile.preferences), seen.portrait.profile.interests) == (MOST_PUT_RIGHT, {})


async def test_the_history_tells_how_the_scores_came_about_page_by_page(service: Service, tenant_id: TenantId) -> None:
    person = Person(tenant_id, "ada", "property")
    for turn_no in (1, 2, 3):
        await service.profiles.observe([observed(view("a"), tenant_id=tenant_id, turn_no=turn_no)])

    first = await service.reader.history(person, before=None, limit=2)
    assert first is not None
    second = await service.reader.history(person, before=first.following, limit=2)
    assert second is not None

    told = [(each.version, each.scores.engagement.value, each.scores.formula) for each in (*first.items, *second.items)]
    assert told == [(3, 3, "simple.1"), (2, 2, "simple.1"), (1, 1, "simple.1")]
    assert second.following is None
    assert await service.reader.history(Person(tenant_id, "eve", "property"), before=None, limit=2) is None
