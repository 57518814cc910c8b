"""Conversations: opening, finding, listing and deleting them."""

from uuid import UUID, uuid4

from shared.events.ids import OPEN_TENANT
from shared.events.live import deleted_mark, session_cache
from tests.integration.gateway.conftest import Town
from tests.support.client import Client

AT = "2026-03-01T09:30:00Z"


def view(session: str, **changes: object) -> dict[str, object]:
    return {
        "session_id": session,
        "domain": "painted",
        "title": None,
        "created_at": AT,
        "last_active_at": AT,
        "message_count": 2,
        "turn_no": 1,
    } | changes


async def test_session_is_there_at_once(client: Client) -> None:
    response = await client.http.post("/v1/sessions", json={"domain": "painted"})
    assert response.status_code == 201
    session = response.json()
    assert response.headers["location"] == f"/v1/sessions/{session['session_id']}"
    assert (session["domain"], session["turn_no"], session["title"]) == ("painted", 0, None)
    # Memory has not heard of it.
    assert await client.get(response.headers["location"]) == session | {"experience": None}
    assert (await client.get(f"{response.headers['location']}/messages"))["items"] == []


async def test_same_key_opens_the_same_session(client: Client, town: Town) -> None:
    async def open_with(key: str, **body: str) -> tuple[int, object]:
        headers = {"Idempotency-Key": key}
        response = await client.http.post("/v1/sessions", json={"domain": "painted"} | body, headers=headers)
        return response.status_code, response.json().get("session_id") or response.json()["error"]["code"]

    key = str(uuid4())
    first = await open_with(key)
    assert await open_with(key) == await open_with(f'"{key}"') == first
    assert (await open_with(str(uuid4())))[1] != first[1]
    assert await open_with(key, domain="painted", note="another body") == (422, "idempotency_key_reused")


async def test_unknown_domain_names_those_there_are(client: Client) -> None:
    response = await client.http.post("/v1/sessions", json={"domain": "canary-7f3a"})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "unknown_domain")
    assert "painted" in response.json()["detail"]
    assert "canary" not in response.text


async def test_domains_are_listed_with_their_commands(client: Client) -> None:
    (domain,) = (await client.get("/v1/domains"))["items"]
    assert (domain["name"], domain["title"], domain["greeting"]) == ("painted", "Painted", "Hello.")
    assert [command["name"] for command in domain["commands"]] == ["paint"]
    assert domain["commands"][0]["arguments"]["properties"].keys() == {"colour"}


async def test_somebody_elses_session_is_not_found(client: Client, gateway: str, town: Town) -> None:
    session = await client.open("painted")
    place = f"/v1/sessions/{session}"
    turn = (await client.ask(session, "say mine"))["turn_id"]
    async with Client(gateway) as other:
        absent = await other.http.get(f"/v1/sessions/{uuid4()}")
        for response in (
            await other.http.get(place),
            await other.http.delete(place),
            await other.post(session, "say hi"),
            await other.http.get(f"{place}/messages"),
            await other.http.get(f"{place}/turns/{turn}"),
            await other.http.get(f"{place}/turns/{turn}/events"),
            await other.http.post(f"{place}/turns/{turn}/cancel"),
            await other.http.post(f"{place}/turns/{turn}/feedback", json={"rating": 5}),
        ):
            assert response.status_code == 404
            same = {"title", "status", "detail", "error", "type"}
            assert {key: response.json()[key] for key in same} == {key: absent.json()[key] for key in same}


async def test_session_is_resolved_by_a_gateway_that_never_saw_it(client: Client, town: Town) -> None:
    session = await client.open("painted")
    await client.ask(session, "say hi")
    async with town.gateway() as url, Client(url, client.user) as elsewhere:
        assert (await elsewhere.ask(session, "say from redis"))["status"] == "completed"
    await town.redis.delete(session_cache(OPEN_TENANT, UUID(session)))
    async with town.gateway() as url, Client(url, client.user) as elsewhere:
        assert (await elsewhere.ask(session, "say from the agent"))["status"] == "completed"
        assert await town.redis.exists(session_cache(OPEN_TENANT, UUID(session)))


async def test_deleted_session_is_gone_everywhere_at_once(client: Client, town: Town) -> None:
    session = await client.open("painted")
    await client.ask(session, "say hi")
    place = f"/v1/sessions/{session}"
    async with town.gateway() as url, Client(url, client.user) as elsewhere:
        assert (await elsewhere.ask(session, "say hi"))["status"] == "completed"
        assert (await client.http.delete(place)).status_code == 204
        for gateway in (client, elsewhere):
            assert (await gateway.http.delete(place)).status_code == 404
            assert (await gateway.http.get(place)).status_code == 404
            assert (await gateway.http.get(f"{place}/messages")).status_code == 404
            assert (await gateway.post(session, "say hi")).status_code == 404


async def test_agent_that_deleted_a_session_is_believed(client: Client, town: Town) -> None:
    session = await client.open("painted")
    await client.ask(session, "say hi")
    await client.http.delete(f"/v1/sessions/{session}")
    await town.agent.until(lambda: UUID(session) in town.agent.deleted)
    await town.redis.delete(session_cache(OPEN_TENANT, UUID(session)), deleted_mark(OPEN_TENANT, UUID(session)))
    async with town.gateway() as url, Client(url, client.user) as elsewhere:
        assert (await elsewhere.http.get(f"/v1/sessions/{session}")).status_code == 404


async def test_session_shows_what_memory_knows_of_the_callers_own(client: Client, town: Town) -> None:
    session = await client.open("painted")
    question = f"GET /internal/sessions/{session}"
    await client.ask(session, "say hi")
    experience = {
        "sentiment": 0.25,
        "trend": None,
        "satisfaction": 4.25,
        "is_predicted": True,
        "escalation": None,
        "escalated_at": None,
    }
    known = view(session, title="Hi") | {"experience": experience}
    town.memory.answers[question] = known | {"user_id": client.user}
    assert await client.get(f"/v1/sessions/{session}") == known
    assert town.memory.asked[-1][1] == {"turn_no": "1"}
    town.memory.answers[question] = view(session, title="Secret") | {"user_id": "somebody else"}
    assert (await client.get(f"/v1/sessions/{session}"))["title"] is None


async def test_list_holds_the_callers_sessions_without_deleted_ones(client: Client, town: Town) -> None:
    first, second = await client.open("painted"), await client.open("painted")
    page = {"items": [view(second), view(first)], "next_cursor": "more", "as_of": AT}
    town.memory.answers[f"GET /internal/users/{client.user}/sessions"] = page
    assert await client.get("/v1/sessions") == page
    question, query, headers = town.memory.asked[-1]
    assert question == f"GET /internal/users/{client.user}/sessions"
    assert query == {"limit": "20", "seen": second}
    assert headers["x-parley-tenant"] == str(OPEN_TENANT)
    assert headers["x-request-id"]
    await client.http.delete(f"/v1/sessions/{second}")
    found = await client.get("/v1/sessions", limit="2", cursor="more")
    assert [each["session_id"] for each in found["items"]] == [first]
    assert town.memory.asked[-1][1] == {"limit": "2", "cursor": "more"}


async def test_list_of_nonsense_size_is_refused(client: Client) -> None:
    for limit in ("0", "101", "many"):
        response = await client.http.get("/v1/sessions", params={"limit": limit})
        assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid_request")
