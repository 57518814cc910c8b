"""Rows of the services behind, as operators reach them through the gateway."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.records import shelves
from shared.events.ids import OPEN_TENANT
from shared.events.live import deleted_mark
from shared.runtime.http import segment
from tests.integration.gateway.conftest import Town
from tests.support import painted
from tests.support.client import Client


@pytest.fixture
async def operator(gateway: str) -> AsyncIterator[Client]:
    async with Client(gateway) as client:
        client.http.headers["X-Parley-User"] = "operator"
        yield client


async def test_queries_reach_the_owner_of_the_record_as_they_were_asked(operator: Client, town: Town) -> None:
    page = {"items": [{"message_id": "m", "content": "hi"}], "next_cursor": "c"}
    town.memory.answers["GET /internal/records/conversation_messages"] = page
    query = {"intent": "order", "confidence.gte": "0.8", "order": "-timestamp", "cursor": "a+b/c="}

    assert await operator.get("/v1/records/conversation_messages", **query) == page
    assert town.memory.asked[-1][1] == query


@pytest.mark.parametrize("key", [".", ".."])
async def test_a_key_of_dots_climbs_nowhere(operator: Client, town: Town, key: str) -> None:
    place = f"/internal/records/user_interaction_summaries/{key}"
    town.memory.answers[f"GET {place}"] = {"user_id": key}

    assert await operator.get(f"/v1/records/user_interaction_summaries/{segment(key)}") == {"user_id": key}


async def test_a_key_of_any_form_reaches_the_owner(operator: Client, town: Town) -> None:
    place = "/internal/records/user_interaction_summaries/acme/ada ?"
    town.memory.answers[f"GET {place}"] = {"user_id": "acme/ada ?"}
    town.memory.answers[f"GET {place}/exists"] = {"exists": True}

    found = await operator.get("/v1/records/user_interaction_summaries/acme%2Fada%20%3F")
    assert found == {"user_id": "acme/ada ?"}
    assert await operator.get("/v1/records/user_interaction_summaries/acme%2Fada%20%3F/exists") == {"exists": True}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/conversation_sessions", None),
        ("GET", "/conversation_sessions/count", None),
        ("GET", "/conversation_sessions/x", None),
        ("GET", "/conversation_sessions/x/exists", None),
        ("POST", "/conversation_sessions", {}),
        ("POST", "/conversation_sessions/bulk", {"items": [{}]}),
        ("POST", "/user_interaction_summaries/aggregate", {}),
        ("PATCH", "/conversation_sessions/x", {}),
        ("PATCH", "/conversation_sessions/bulk", {"items": [{}]}),
        ("DELETE", "/conversation_sessions/x", None),
    ],
)
async def test_records_are_for_operators(client: Client, town: Town, method: str, path: str, body: Any) -> None:
    asked = len(town.memory.asked)

    response = await client.http.request(method, f"/v1/records{path}", json=body)

    assert (response.status_code, response.json()["error"]["code"]) == (403, "operators_only")
    assert len(town.memory.asked) == asked


async def test_an_unknown_record_is_not_found_and_the_others_are_named(operator: Client) -> None:
    response = await operator.http.get("/v1/records/secrets")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_record")
    assert "conversation_messages" in response.json()["detail"]
    names = await operator.get("/v1/records")
    assert names["items"] == ["conversation_messages", "conversation_sessions", "user_interaction_summaries"]


async def test_a_refusal_is_told_in_the_owners_words(operator: Client, town: Town) -> None:
    refusal = {
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "body.role: Input should be 'user' or 'assistant'",
        "error": {"message": "", "type": "invalid_request_error", "code": "invalid_request", "param": "body.role"},
        "errors": [{"loc": "body.role", "msg": "", "type": ""}, {"loc": "body.content", "msg": "", "type": "missing"}],
    }
    town.memory.answers["POST /internal/records/conversation_messages"] = refusal
    town.memory.status = 422
    response = await operator.http.post("/v1/records/conversation_messages", json={"role": "x"})
    town.memory.status = 200

    assert (response.status_code, response.json()["error"]["param"]) == (422, "body.role")
    assert {part: response.json()[part] for part in ("detail", "errors")} == {
        part: refusal[part] for part in ("detail", "errors")
    }


async def test_a_thousand_rows_go_in_one_request(operator: Client, town: Town) -> None:
    town.memory.answers["POST /internal/records/conversation_messages/bulk"] = {"created": [], "skipped": []}
    items = [{"content": "x" * 2_000}] * 1_000

    response = await operator.http.post("/v1/records/conversation_messages/bulk", json={"items": items})

    assert response.json() == {"created": [], "skipped": []}
    too_many = await operator.http.post("/v1/records/conversation_messages/bulk", json={"items": [{}] * 1_001})
    assert too_many.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "conversation_messages", b'{"content": "canary\\ud83d"}'),
        ("POST", "conversation_messages", b'{"content": "canary\\u0000"}'),
        ("PATCH", "conversation_messages/m", b'{"context": {"canary": 1e999}}'),
        ("PATCH", "conversation_messages/bulk", b'{"items": [{"context": {"canary": ["\\udc00"]}}]}'),
        ("PATCH", "conversation_messages/m", b'{"context": ' + b'{"canary": ' * 40 + b"1" + b"}" * 41),
        ("POST", "user_interaction_summaries/aggregate", b'{"outlet_id": "canary\\u0000"}'),
        ("POST", "user_interaction_summaries/aggregate", b'{"active_since": "9999-12-31T23:59:59-14:00"}'),
    ],
)
async def test_what_no_store_can_keep_is_refused_without_an_echo(
    operator: Client, town: Town, method: str, path: str, body: bytes
) -> None:
    asked = len(town.memory.asked)

    response = await operator.http.request(
        method, f"/v1/records/{path}", content=body, headers={"content-type": "application/json"}
    )

    assert (response.status_code, "canary" in response.text) == (422, False)
    assert len(town.memory.asked) == asked


async def test_a_deleted_session_ends_everywhere_as_if_its_owner_had_deleted_it(
    client: Client, operator: Client, town: Town
) -> None:
    session = await client.open("painted")
    place = f"/internal/records/conversation_sessions/{session}"
    town.memory.answers[f"GET {place}"] = {"session_id": session, "user_id": client.user}
    town.memory.answers[f"DELETE {place}"] = None

    assert (await operator.http.delete(f"/v1/records/conversation_sessions/{session}")).is_success

    assert (await client.http.get(f"/v1/sessions/{session}")).status_code == 404
    assert await town.redis.exists(deleted_mark(OPEN_TENANT, UUID(session)))
    assert town.memory.asked[-1][0] == f"DELETE {place}"


async def test_a_session_that_only_memory_knows_is_deleted_there(operator: Client, town: Town) -> None:
    place = f"/internal/records/conversation_sessions/{uuid4()}"
    town.memory.answers[f"GET {place}"] = {"user_id": "ada"}
    town.memory.answers[f"DELETE {place}"] = None

    assert (await operator.http.delete(f"/v1/{place.removeprefix('/internal/')}")).is_success
    assert town.memory.asked[-1][0] == f"DELETE {place}"


def test_two_records_of_one_name_are_refused(town: Town) -> None:
    class Record:
        name = "conversation_messages"

    class Pack:
        name, records = "shoes", (Record(),)

    service: Any = object()
    packs: Any = [painted.DOMAIN, Pack()]
    with pytest.raises(ValueError, match="shoes: there are records of the name conversation_messages"):
        shelves(packs, service, service)
