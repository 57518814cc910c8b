"""The ledger on a real Postgres: numbering, the fence, isolation, effects."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from services.agent.schemas import DailyUsage
from services.agent.store import Ledger, UsageBook
from shared.domains.base import Effect
from shared.errors import Retry
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.replies import Usage
from shared.runtime.postgres import Database
from tests.support.ledgers import NOW, LedgerPromises, ending, opening

_MARK = "update agent.sessions set domain = $3 where tenant_id = $1 and session_id = $2"


class TestLedger(LedgerPromises):
    """In Postgres."""


async def test_sessions_opened_together_get_different_numbers(ledger: Ledger, tenant_id: TenantId) -> None:
    sessions = [opening(tenant_id) for _ in range(20)]
    await asyncio.gather(*(ledger.open(each) for each in sessions))

    numbers = [await _session_no(ledger, tenant_id, each.session_id) for each in sessions]

    assert sorted(numbers) == list(range(1, 21))


async def test_many_sessions_commit_together_and_one_fenced_turn_fails_alone(
    ledger: Ledger, tenant_id: TenantId
) -> None:
    sessions = [opening(tenant_id, user_id=f"user-{number}") for number in range(50)]
    await asyncio.gather(*(ledger.open(each) for each in sessions))
    turns = [ending(each, 1) for each in sessions]
    turns[7] = replace(turns[7], turn_no=5)

    results = await asyncio.gather(*(ledger.commit(each) for each in turns), return_exceptions=True)

    assert [index for index, result in enumerate(results) if result is not None] == [7]
    assert isinstance(results[7], Retry)


async def test_an_effect_is_applied_with_its_turn_and_only_then(
    ledger: Ledger, database: Database, tenant_id: TenantId
) -> None:
    session = opening(tenant_id)
    await ledger.open(session)
    effect = Effect(_MARK, (tenant_id, session.session_id, "marked"))
    await ledger.commit(ending(session, 1))

    with pytest.raises(Retry):
        await ledger.commit(ending(session, 1, effects=(effect,)))
    assert await _domain(database, tenant_id, session.session_id) == "property"
    await ledger.commit(ending(session, 2, effects=(effect,)))
    assert await _domain(database, tenant_id, session.session_id) == "marked"


async def test_what_models_did_is_recorded_with_its_turn_and_only_then(
    ledger: Ledger, database: Database, tenant_id: TenantId
) -> None:
    session = opening(tenant_id, domain="shop")
    await ledger.open(session)
    used = Usage(model="small", requests=2, input_tokens=100, output_tokens=20, tool_calls=1)
    await ledger.commit(replace(ending(session, 1), usage=used))
    with pytest.raises(Retry):
        await ledger.commit(replace(ending(session, 1), usage=used))
    await ledger.commit(replace(ending(session, 2), usage=used, ended_at=NOW + timedelta(days=1)))
    await ledger.commit(ending(session, 3))

    book = UsageBook(database)
    first, second = await book.by_day(tenant_id, NOW.date(), NOW.date() + timedelta(days=1))

    assert first == DailyUsage(
        day=NOW.date(),
        domain="shop",
        model="small",
        turns=1,
        requests=2,
        input_tokens=100,
        output_tokens=20,
        tool_calls=1,
    )
    assert (second.day, second.turns) == (NOW.date() + timedelta(days=1), 1)
    assert await book.by_day(tenant_id, NOW.date(), NOW.date()) == [first]
    assert await book.by_day(TenantId(uuid4()), NOW.date(), NOW.date()) == []


async def test_a_bad_effect_fails_its_own_turn_only(ledger: Ledger, tenant_id: TenantId) -> None:
    sessions = [opening(tenant_id, user_id=f"user-{number}") for number in range(5)]
    await asyncio.gather(*(ledger.open(each) for each in sessions))
    bad = Effect("insert into agent.no_such_table values ($1)", (1,))
    turns = [ending(each, 1, effects=(bad,) if number == 2 else ()) for number, each in enumerate(sessions)]

    results = await asyncio.gather(*(ledger.commit(each) for each in turns), return_exceptions=True)

    assert [type(result) for result in results if result is not None] == [asyncpg.UndefinedTableError]
    assert (await ledger.load(tenant_id, sessions[2].session_id, turns[2].turn_id)).ended is None


async def test_a_tenant_sees_nothing_of_another(ledger: Ledger, database: Database, tenant_id: TenantId) -> None:
    session = opening(tenant_id)
    await ledger.open(session)
    other = TenantId(uuid4())

    assert (await ledger.load(other, session.session_id, TurnId(uuid4()))).session is None
    async with database.tenant(other) as connection:
        assert await connection.fetchval("select count(*) from agent.sessions") == 0


async def test_the_last_signals_of_earlier_sessions_are_found(ledger: Ledger, tenant_id: TenantId) -> None:
    first, second = opening(tenant_id), opening(tenant_id)
    for each in (first, second):
        await ledger.open(each)
    await ledger.commit(ending(first, 1))
    await ledger.commit(ending(first, 2))

    assert await ledger.last_signalled(tenant_id, "ana", "property", before=2) == (1, 2)
    assert await ledger.last_signalled(tenant_id, "ana", "property", before=1) is None


async def _session_no(ledger: Ledger, tenant_id: TenantId, session_id: SessionId) -> int:
    session = (await ledger.load(tenant_id, session_id, TurnId(uuid4()))).session
    assert session is not None
    return session.session_no


async def _domain(database: Database, tenant_id: TenantId, session_id: SessionId) -> str:
    async with database.tenant(tenant_id) as connection:
        return str(await connection.fetchval("select domain from agent.sessions where session_id = $1", session_id))
