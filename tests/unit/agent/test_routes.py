"""What gateways may ask the agent."""

from uuid import uuid4

import httpx
from fastapi import FastAPI

from services.agent.endings import Closing
from services.agent.routes import internal_routes
from shared.events.replies import StreamEnd, TurnFailed
from shared.runtime.http import create_app
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

    told = (await ask(ledger, f"/sessions/{SESSION}/turns/{TURN}")).json()

    assert told["type"] == TurnFailed.type
    assert TurnFailed.model_validate(told["event"]) == TurnFailed.model_validate_json(ending.envelopes[0].value)


async def test_a_turn_that_has_not_ended_is_not_found() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session()

    response = await ask(ledger, f"/sessions/{SESSION}/turns/{TURN}")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_ended")


async def test_the_ending_of_a_deleted_session_is_not_told() -> None:
    ledger = LedgerInMemory()
    ledger.sessions[SESSION] = session()
    await ledger.commit(Closing(submitted(), session(), STREAM, NOW).completed(answer()))
    await ledger.delete(TENANT, SESSION, NOW)

    assert (await ask(ledger, f"/sessions/{SESSION}/turns/{TURN}")).status_code == 404
