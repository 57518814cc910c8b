"""The agent forgets a person: rows, keys, and whatever would write to them again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from services.agent.erasure import Sessions, on_erasure_requested
from services.agent.personal_data import PERSONAL
from services.agent.store import Ledger, Traces
from shared.errors import Retry
from shared.events.envelope import TYPE_HEADER, Envelope
from shared.events.ids import EventId, TenantId
from shared.events.live import accepted_mark, deleted_mark, opened_mark, session_cache, turn_stream, waiting_set
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.turns import SessionDeleted
from shared.privacy.erasure import Eraser
from shared.privacy.store import Person, PersonalData
from shared.runtime.postgres import Database
from tests.integration.agent.conftest import SUBJECTS
from tests.support.ledgers import NOW, ending, opening
from tests.support.servers import Servers

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def data(database: Database) -> PersonalData:
    return PersonalData(database, "agent", PERSONAL, SUBJECTS)


@pytest.fixture
def told() -> list[Envelope]:
    return []


@pytest.fixture
def eraser(servers: Servers, database: Database, data: PersonalData, told: list[Envelope]) -> Eraser:
    async def publish(envelopes: tuple[Envelope, ...]) -> None:
        told.extend(envelopes)

    sessions = Sessions(Traces(database, servers.redis), publish)
    return Eraser(service="agent", data=data, publish=publish, clock=lambda: LATER, beside=sessions.end)


@pytest.fixture
async def redis(servers: Servers) -> AsyncIterator[Redis]:
    async with Redis.from_url(servers.redis) as redis:
        yield redis


def requested(tenant_id: TenantId, user_id: str = "ana") -> ErasureRequested:
    return ErasureRequested(
        event_id=EventId(uuid4()), occurred_at=NOW, tenant_id=tenant_id, request_id="test", user_id=user_id
    )


async def held(data: PersonalData, tenant_id: TenantId, user_id: str) -> list[str]:
    return sorted([each.table async for each in data.export(Person(tenant_id, user_id))])


async def test_sessions_and_endings_go_and_others_stay(
    ledger: Ledger, data: PersonalData, eraser: Eraser, told: list[Envelope], tenant_id: TenantId
) -> None:
    talking, deleted, neighbours = opening(tenant_id), opening(tenant_id), opening(tenant_id, user_id="bob")
    for session in (talking, deleted, neighbours):
        await ledger.open(session)
        await ledger.commit(ending(session, 1))
    await ledger.delete(tenant_id, deleted.session_id, NOW)

    request = requested(tenant_id)
    await on_erasure_requested(request, eraser)

    assert await held(data, tenant_id, "ana") == []
    assert await held(data, tenant_id, "bob") == ["agent.ledger", "agent.sessions"]
    ended = [each for each in told if each.header(TYPE_HEADER) == SessionDeleted.type]
    assert [SessionDeleted.model_validate_json(each.value).session_id for each in ended] == [talking.session_id]
    done = ErasureCompleted.model_validate_json(told[-1].value)
    assert (done.service, done.erasure_id, done.erased_at) == ("agent", request.event_id, LATER)
    assert done.removed == {"agent.ledger": 2, "agent.sessions": 2}


async def test_no_turn_ends_in_a_session_that_was_erased_and_no_earlier_event_opens_it(
    ledger: Ledger, data: PersonalData, eraser: Eraser, tenant_id: TenantId
) -> None:
    session = opening(tenant_id)
    await ledger.open(session)
    await ledger.commit(ending(session, 1))
    await on_erasure_requested(requested(tenant_id), eraser)

    with pytest.raises(Retry):
        await ledger.commit(ending(session, 2))
    await ledger.open(session)
    await ledger.open(replace(opening(tenant_id), at=LATER))
    assert await held(data, tenant_id, "ana") == []

    await ledger.open(replace(opening(tenant_id), at=LATER + timedelta(seconds=1)))
    assert await held(data, tenant_id, "ana") == ["agent.sessions"]


async def test_keys_go_by_their_names_and_nobody_finds_the_session_any_more(
    ledger: Ledger, eraser: Eraser, redis: Redis, tenant_id: TenantId
) -> None:
    session, neighbours = opening(tenant_id), opening(tenant_id, user_id="bob")
    named: dict[str, list[str]] = {}
    for each in (session, neighbours):
        turn = ending(each, 1)
        await ledger.open(each)
        await ledger.commit(turn)
        place = (tenant_id, each.session_id)
        named[each.user_id] = [
            turn_stream(turn.turn_id),
            accepted_mark(turn.turn_id),
            session_cache(*place),
            waiting_set(*place),
            opened_mark(tenant_id, each.user_id),
        ]
        for key in named[each.user_id]:
            await redis.set(key, "what was said")

    await on_erasure_requested(requested(tenant_id), eraser)

    assert await redis.exists(*named["ana"]) == 0
    assert await redis.exists(*named["bob"]) == len(named["bob"])
    assert await redis.exists(deleted_mark(tenant_id, session.session_id))


async def test_a_person_with_many_sessions_goes_batch_by_batch(
    ledger: Ledger, data: PersonalData, eraser: Eraser, told: list[Envelope], tenant_id: TenantId
) -> None:
    sessions = [opening(tenant_id) for _ in range(1_100)]
    for session in sessions:
        await ledger.open(session)
    await on_erasure_requested(requested(tenant_id), eraser)
    assert await held(data, tenant_id, "ana") == []
    assert len(told) == len(sessions) + 1
