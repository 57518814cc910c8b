"""What gateways may ask the agent."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from pydantic import BaseModel, Field

from services.agent.endings import Closing
from services.agent.routes import internal_routes, pack_routes, record_routes_of
from services.agent.session import Remembered
from shared.domains.base import AnyDomain, Operation, Scope
from shared.events.ids import SessionId
from shared.events.replies import StreamEnd, TurnCompleted, TurnFailed
from shared.runtime.http import create_app
from shared.runtime.records import Record
from tests.support.scripted import DOMAIN as SCRIPTED
from tests.unit.agent.builders import NOW, SESSION, TENANT, TURN, answer, session, submitted
from tests.unit.agent.fakes import LedgerInMemory

STREAM = StreamEnd(attempt=1, frames=0)


def application(ledger: LedgerInMemory) -> FastAPI:
    app = create_app(alive=lambda: None, ready={})
    app.include_router(internal_routes(ledger))
    return app


async def ask(ledger: LedgerInMemory, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(application(ledger))
    async with httpx.AsyncClient(transport=transport, base_url="http://agent/internal") as client:
        return await client.get(path, headers={"x-parley-tenant": str(TENANT)})


async def endings(ledger: LedgerInMemory, *turns: UUID) -> Any:
    places = [{"tenant_id": str(TENANT), "session_id": str(SESSION), "turn_id": str(turn)} for turn in turns]
    transport = httpx.ASGITransport(application(ledger))
    async with httpx.AsyncClient(transport=transport, base_url="http://agent/internal") as client:
        return (await client.post("/endings", json=places)).json()


async def test_sessions_are_known_unless_they_are_deleted() -> None:
    ledger, deleted = LedgerInMemory(), SessionId(uuid4())
    ledger.sessions |= {SESSION: session(), deleted: session(deleted=True)}
    asked = [str(each) for each in (uuid4(), SESSION, deleted)]

    transport = httpx.ASGITransport(application(ledger))
    async with httpx.AsyncClient(transport=transport, base_url="http://agent/internal") as client:
        response = await client.post("/sessions/known", json=asked, headers={"x-parley-tenant": str(TENANT)})

    assert response.json() == [str(SESSION)]


async def test_a_session_is_told_with_its_owner_domain_and_place() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session(turn_no=3)

    response = await ask(ledger, f"/sessions/{SESSION}")

    assert response.json() == {
        "session_id": str(SESSION),
        "user_id": "ana",
        "domain": "shoes",
        "session_no": 2,
        "turn_no": 3,
        "created_at": "2026-11-21T12:00:00Z",
        "deleted": False,
    }


async def test_an_unknown_session_is_not_found() -> None:
    response = await ask(LedgerInMemory(), f"/sessions/{uuid4()}")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_session")


async def test_an_ending_is_the_event_as_it_was_published() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session()
    ending = Closing(submitted(), session(), STREAM, NOW).failed("expired")
    await ledger.commit(ending)

    [told] = await endings(ledger, TURN)

    assert told["type"] == TurnFailed.type
    assert TurnFailed.model_validate(told["event"]) == TurnFailed.model_validate_json(ending.envelopes[0].value)


async def test_a_turn_that_has_not_ended_has_no_ending_beside_one_that_has() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session()
    await ledger.commit(Closing(submitted(), session(), STREAM, NOW).completed(answer()))

    before, told, after = await endings(ledger, uuid4(), TURN, uuid4())

    assert (before, told["type"], after) == (None, TurnCompleted.type, None)


async def test_the_ending_of_a_deleted_session_is_not_told() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session()
    await ledger.commit(Closing(submitted(), session(), STREAM, NOW).completed(answer()))
    await ledger.delete(TENANT, SESSION, NOW)

    assert await endings(ledger, TURN) == [None]


async def test_what_a_pack_remembers_of_a_session_is_told() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session(turn_no=3, remembered=Remembered(pack={"count": 3}))

    assert (await ask(ledger, f"/sessions/{SESSION}/state")).json() == {
        "domain": "shoes",
        "turn_no": 3,
        "state": {"count": 3},
    }


class Wanted(BaseModel):
    size: int = Field(gt=0)


class Pair(BaseModel):
    owner: str
    size: int


async def pair_of(tools: Scope, wanted: Wanted) -> Pair | None:
    return Pair(owner=tools.user_id, size=wanted.size) if wanted.size < 50 else None


ANY_PACK: AnyDomain = SCRIPTED
SHOES = replace(ANY_PACK, name="shoes", operations={"pair": Operation(Wanted, pair_of)})


async def operate(path: str, body: Any, *, user: str = "%C3%81na%20B") -> httpx.Response:
    app = create_app(alive=lambda: None, ready={})
    app.include_router(pack_routes({"shoes": SHOES}, tools=_scope_itself))
    headers = {"x-parley-tenant": str(TENANT), "x-parley-user": user}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://agent/internal") as client:
        return await client.post(path, headers=headers, json=body)


def _scope_itself(domain: AnyDomain, scope: Scope) -> Scope:
    return scope


async def test_an_operation_of_a_pack_runs_with_tools_of_the_callers_scope() -> None:
    assert (await operate("/packs/shoes/pair", {"size": 41})).json() == {"owner": "Ána B", "size": 41}


async def test_an_operation_that_finds_nothing_is_not_found() -> None:
    response = await operate("/packs/shoes/pair", {"size": 51})

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


async def test_an_unknown_operation_or_pack_is_not_found() -> None:
    for path in ("/packs/shoes/mend", "/packs/hats/pair"):
        response = await operate(path, {})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_operation")


async def test_wrong_arguments_are_refused_by_field() -> None:
    response = await operate("/packs/shoes/pair", {"size": 0})

    assert response.status_code == 422
    assert response.json()["detail"] == "size: Input should be greater than 0"


PAIRS = Record(
    name="pairs", table="pack_shoes.pairs", model=Pair, key="owner", writable=frozenset({"size"}), orders=("size",)
)


async def test_the_records_of_a_pack_are_under_its_name() -> None:
    unopened: Any = None
    app = create_app(alive=lambda: None, ready={})
    app.include_router(record_routes_of([replace(SHOES, records=(PAIRS,))], unopened))
    headers = {"x-parley-tenant": str(TENANT)}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://agent/internal") as client:
        refused = await client.get("/packs/shoes/records/pairs?colour=red", headers=headers)
        unknown = await client.get("/packs/hats/records/pairs", headers=headers)

    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unknown_filter")
    assert unknown.status_code == 404
