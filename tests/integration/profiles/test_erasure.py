"""A person's profile goes for good, and they may come back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from services.profiles.facts import Told
from services.profiles.folding import tell
from services.profiles.personal_data import PERSONAL
from shared.events.envelope import Envelope
from shared.events.ids import TenantId
from shared.privacy.erasure import Eraser
from shared.privacy.store import Person, PersonalData
from shared.runtime.polling import read_until
from tests.integration.profiles.conftest import SUBJECTS, Service
from tests.support.signals import observed, view


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def data(service: Service) -> PersonalData:
    return PersonalData(service.database, "profiles", PERSONAL, SUBJECTS)


@pytest.fixture
def told() -> list[Envelope]:
    return []


@pytest.fixture
def eraser(data: PersonalData, told: list[Envelope]) -> Eraser:
    async def publish(envelopes: tuple[Envelope, ...]) -> None:
        told.extend(envelopes)

    return Eraser(service="profiles", data=data, publish=publish, clock=_now)


def until(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


async def held(data: PersonalData, tenant_id: TenantId, user_id: str) -> list[str]:
    return [each.table async for each in data.export(Person(tenant_id, user_id))]


async def test_everything_goes_and_no_earlier_event_brings_it_back(
    service: Service, data: PersonalData, eraser: Eraser, told: list[Envelope], tenant_id: TenantId
) -> None:
    events = [observed(view("flat"), tenant_id=tenant_id, turn_no=turn) for turn in (1, 2, 3)]
    await service.profiles.observe(events)
    await service.profiles.observe([observed(view("flat"), tenant_id=tenant_id, user_id="bob")])
    before = await held(data, tenant_id, "bob")
    assert sorted(set(await held(data, tenant_id, "ada"))) == [
        "profiles.profiles",
        "profiles.score_history",
        "profiles.signals",
    ]

    erasure_id = uuid4()
    await eraser.finish(Person(tenant_id, "ada"), erasure_id, _now, "test")
    assert await service.profiles.observe(events) == ()
    contact = partial(tell, told={"name": Told(value="Ada", at=events[0].occurred_at)})
    await service.profiles.revise(tenant_id, "ada", "property", contact, at=events[0].occurred_at)

    assert await held(data, tenant_id, "ada") == []
    assert await held(data, tenant_id, "bob") == before
    erasure = await data.find(Person(tenant_id, "ada"), erasure_id)
    assert erasure is not None
    assert erasure.removed == {"profiles.profiles": 1, "profiles.score_history": 3, "profiles.signals": 3}
    assert len(told) == 1


async def test_asked_again_the_same_is_told(
    service: Service, eraser: Eraser, told: list[Envelope], tenant_id: TenantId
) -> None:
    await service.profiles.observe([observed(tenant_id=tenant_id)])
    erasure_id = uuid4()
    for _ in range(2):
        await eraser.finish(Person(tenant_id, "ada"), erasure_id, _now, "test")
    assert told[0] == told[1]


async def test_who_comes_back_is_known_from_then_on_only(
    service: Service, data: PersonalData, eraser: Eraser, tenant_id: TenantId
) -> None:
    erased_at = _now()
    await eraser.finish(Person(tenant_id, "ada"), uuid4(), until(erased_at), "test")
    earlier = observed(view("flat"), tenant_id=tenant_id, occurred_at=erased_at - timedelta(days=1))
    later = observed(view("house"), tenant_id=tenant_id, turn_no=2, occurred_at=erased_at + timedelta(seconds=1))
    await service.profiles.observe([earlier, later])
    await service.profiles.observe([earlier])
    seen = await service.people.portrait(tenant_id, "ada", "property")
    assert seen is not None
    assert set(seen.profile.views) == {"house"}


async def test_a_transaction_that_had_begun_is_waited_for_and_its_rows_go(
    service: Service, data: PersonalData, eraser: Eraser, tenant_id: TenantId
) -> None:
    """It began before the erasure was known, so it does not see it, and it commits while the erasure runs."""
    async with service.database.transaction(tenant_id) as late:
        await late.execute(
            "insert into profiles.profiles (tenant_id, user_id, domain) values ($1, 'ada', 'property')", tenant_id
        )
        erasing = asyncio.create_task(eraser.finish(Person(tenant_id, "ada"), uuid4(), _now, "test"))
        assert await read_until(lambda: _tombstones(service, tenant_id), bool, within=timedelta(seconds=10))
        assert not erasing.done()
    await erasing
    assert await held(data, tenant_id, "ada") == []


async def _tombstones(service: Service, tenant_id: UUID) -> int:
    async with service.database.tenant(tenant_id) as connection:
        return int(await connection.fetchval("select count(*) from profiles.erasures where tenant_id = $1", tenant_id))
