"""What the gateway reads from memory and profiles, and what it says of itself."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.events.ids import OPEN_TENANT
from shared.events.live import ended_mark
from shared.runtime.http import segment
from tests.integration.gateway.conftest import Town
from tests.support.client import Client

AT = "2026-03-01T09:30:00Z"


def profile(user: str) -> dict[str, Any]:
    return {
        "profile": {"user_id": user, "domain": "painted"},
        "scores": None,
        "version": 3,
        "complete": True,
        "as_of": AT,
    }


def message(turn: str) -> dict[str, Any]:
    return {
        "message_id": str(uuid4()),
        "turn_id": turn,
        "turn_no": 1,
        "role": "user",
        "text": "say hi",
        "created_at": AT,
        "status": "final",
    }


async def test_messages_wait_for_the_last_ended_turn(client: Client, town: Town) -> None:
    session = await client.open("painted")
    await town.redis.set(ended_mark(OPEN_TENANT, UUID(session)), 7)
    turn = str(uuid4())
    page = {"items": [message(turn)], "next_cursor": None, "as_of": AT, "complete": False}
    town.memory.answers[f"GET /internal/sessions/{session}/messages"] = page
    found = await client.get(f"/v1/sessions/{session}/messages", limit="5", turn_id=turn)
    assert town.memory.asked[-1][1] == {"limit": "5", "turn_no": "7", "turn_id": turn}
    assert (found["as_of"], found["complete"], found["items"][0]["text"]) == (AT, False, "say hi")


async def test_messages_that_memory_denies_after_turns_have_ended_are_not_found(client: Client) -> None:
    session = await client.open("painted")
    await client.ask(session, "say hi")
    assert (await client.http.get(f"/v1/sessions/{session}/messages")).status_code == 404


async def test_profile_is_ones_own(client: Client, town: Town) -> None:
    town.profiles.answers[f"GET /internal/users/{client.user}/profile"] = profile(client.user)
    town.profiles.answers["GET /internal/users/bob/profile"] = profile("bob")
    found = await client.get(f"/v1/users/{client.user}/profile", domain="painted")
    assert (found["profile"]["user_id"], found["version"]) == (client.user, 3)
    assert town.profiles.asked[-1][1] == {"domain": "painted"}
    foreign = await client.http.get("/v1/users/bob/profile")
    absent = await client.http.get(f"/v1/users/{uuid4()}/profile")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json()["error"] == absent.json()["error"]
    client.http.headers["X-Parley-User"] = "operator"
    assert (await client.get("/v1/users/bob/profile"))["profile"]["user_id"] == "bob"


@pytest.mark.parametrize("name", ["a b?ü", "acme/ada", "a/../b", "%2F", "..", "."])
async def test_profile_of_a_user_with_any_name_is_asked_for(client: Client, town: Town, name: str) -> None:
    town.profiles.answers[f"GET /internal/users/{name}/profile"] = profile(name)
    headers = {b"X-Parley-User": name.encode()}
    response = await client.http.get(f"/v1/users/{segment(name)}/profile", headers=headers)
    assert response.json()["profile"]["user_id"] == name


async def test_profile_is_changed_by_its_owner(client: Client, town: Town) -> None:
    town.profiles.answers[f"PATCH /internal/users/{client.user}/profile"] = profile(client.user)
    place = f"/v1/users/{client.user}/profile"
    response = await client.http.patch(place, json={"name": "Asha", "phone": None}, params={"domain": "painted"})
    assert response.status_code == 200
    assert town.profiles.asked[-1][1] == {"domain": "painted"}
    assert (await client.http.patch("/v1/users/bob/profile", json={"name": "Asha"})).status_code == 404
    for change in (
        {"phone": "canary"},
        {"email": "canary"},
        {"name": " "},
        {"preferences": {"a": "\x00canary"}},
        {"preferences": {"a": ["canary"] * 400}},
        {"preferences": {f"canary-{n}": 1 for n in range(51)}},
        {"interests": {f"canary-{n}": "high" for n in range(51)}},
    ):
        refused = await client.http.patch(place, json=change)
        assert refused.status_code == 422
        assert "canary" not in refused.text


async def test_profile_is_made_read_in_numbers_and_deleted(client: Client, town: Town) -> None:
    place = f"/v1/users/{client.user}/profile"
    town.profiles.answers[f"POST /internal/users/{client.user}/profile"] = profile(client.user)
    created = await client.http.post(place, json={"name": "Asha"}, params={"domain": "painted"})
    assert created.status_code == 201
    assert created.json()["totals"]["views"] == 0
    nowhere = await client.http.post(place, json={"name": "Asha"}, params={"domain": "nowhere"})
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (422, "unknown_domain")
    assert (await client.http.post("/v1/users/bob/profile?domain=painted", json={})).status_code == 404

    town.profiles.answers[f"DELETE /internal/users/{client.user}/profile"] = None
    assert (await client.http.delete(place, params={"domain": "painted"})).status_code == 204
    assert town.profiles.asked[-1][1] == {"domain": "painted"}
    assert (await client.http.delete("/v1/users/bob/profile")).status_code == 404


async def test_scores_are_ones_own(client: Client, town: Town) -> None:
    town.profiles.answers[f"GET /internal/users/{client.user}/profile/scores"] = {"items": [], "next_cursor": "more"}
    found = await client.get(f"/v1/users/{client.user}/profile/scores", limit="3", cursor="here")
    assert (found["items"], found["next_cursor"]) == ([], "more")
    assert town.profiles.asked[-1][1] == {"limit": "3", "cursor": "here"}
    assert (await client.http.get("/v1/users/bob/profile/scores")).status_code == 404


async def test_leads_are_for_operators(client: Client, town: Town) -> None:
    refused = await client.http.get("/v1/leads")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "operators_only")
    town.profiles.answers["GET /internal/leads"] = {"items": [], "next_cursor": None}
    client.http.headers["X-Parley-User"] = "operator"
    assert (await client.get("/v1/leads", temperature="hot", limit="5"))["items"] == []
    assert town.profiles.asked[-1][1] == {"temperature": "hot", "limit": "5"}
    await client.get("/v1/leads", stuck_days="14", preference="budget", at_most="9000000", order="last_active")
    assert town.profiles.asked[-1][1] == {
        "stuck_days": "14",
        "preference": "budget",
        "at_most": "9000000.0",
        "order": "last_active",
        "limit": "20",
    }
    unknown = await client.http.get("/v1/leads", params={"order": "height"})
    assert (unknown.status_code, unknown.json()["error"]["param"]) == (422, "query.order")
    of_nothing = await client.http.get("/v1/leads", params={"at_least": "5"})
    assert (of_nothing.status_code, "preference=budget" in of_nothing.json()["detail"]) == (422, True)


async def test_scoring_anew_is_for_operators_and_refused_in_the_services_own_words(client: Client, town: Town) -> None:
    wanted = {"domain": "painted", "shares": {"bold.2": 1}}
    refused = await client.http.post("/v1/admin/rescoring", json=wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "operators_only")
    client.http.headers["X-Parley-User"] = "operator"
    town.profiles.answers["POST /internal/rescorings"] = {
        "title": "Conflict",
        "status": 409,
        "detail": "One runs.",
        "error": {"message": "One runs.", "type": "conflict", "code": "rescoring_runs"},
    }
    town.profiles.status = 409
    busy = await client.http.post("/v1/admin/rescoring", json=wanted)
    town.profiles.status = 200
    assert (busy.status_code, busy.json()["error"]["code"], busy.json()["detail"]) == (
        409,
        "rescoring_runs",
        "One runs.",
    )
    nonsense = await client.http.post("/v1/admin/rescoring", json={"domain": "painted", "shares": {"bold.2": 0}})
    assert (nonsense.status_code, nonsense.json()["error"]["param"]) == (422, "body.shares.bold.2")


async def test_usage_is_for_operators_and_for_today_unless_days_are_named(client: Client, town: Town) -> None:
    refused = await client.http.get("/v1/usage")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "operators_only")
    client.http.headers["X-Parley-User"] = "operator"
    backwards = await client.http.get("/v1/usage", params={"first": "2026-03-02", "last": "2026-03-01"})
    assert (backwards.status_code, backwards.json()["error"]["param"]) == (422, "first")


async def test_retention_is_for_operators_and_told_by_every_service(client: Client, town: Town) -> None:
    refused = await client.http.get("/v1/admin/retention")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "operators_only")
    client.http.headers["X-Parley-User"] = "operator"

    standing = {"task": "deleted_messages", "after": "P90D", "due": 2, "oldest": None, "done": 7, "last_at": None}
    for service, archived in ((town.memory, 7), (town.profiles, None)):
        service.answers["GET /internal/upkeep"] = {"items": [standing | {"archived": archived}]}
    report = await client.get("/v1/admin/retention")
    told = [(each["service"], each["task"], each["due"], each["archived"]) for each in report["items"]]
    assert told == [
        ("agent", "deleted_endings", 0, None),
        ("memory", "deleted_messages", 2, 7),
        ("profiles", "deleted_messages", 2, None),
    ]
    assert report["items"][1]["after"] == "P90D"


async def test_services_that_are_down_cost_their_own_reads_only(town: Town) -> None:
    nobody = "http://127.0.0.1:9"
    async with town.gateway(memory_url=nobody, profiles_url=nobody) as url, Client(url, "operator") as cut_off:
        session = await cut_off.open("painted")
        for place in ("/v1/sessions", f"/v1/sessions/{session}", "/v1/users/operator/profile", "/v1/leads"):
            response = await cut_off.http.get(place)
            assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert (await cut_off.ask(session, "say hi"))["status"] == "completed"


async def test_parameter_that_a_service_refuses_is_the_callers_mistake(client: Client, town: Town) -> None:
    town.memory.answers[f"GET /internal/users/{client.user}/sessions"] = {}
    town.memory.status = 422
    response = await client.http.get("/v1/sessions", params={"cursor": "broken"})
    town.memory.status = 200
    assert response.status_code == 422
    nonsense = await client.http.get("/v1/sessions")
    assert nonsense.status_code == 503, "an answer that makes no sense is the service's trouble"


async def test_document_describes_every_endpoint(client: Client) -> None:
    document = await client.get("/openapi.json")
    operations = {(method, path) for path, item in document["paths"].items() for method in item}
    turn = "/v1/sessions/{session_id}/turns/{turn_id}"
    assert operations == {
        ("get", "/v1/domains"),
        ("post", "/v1/sessions"),
        ("get", "/v1/sessions"),
        ("get", "/v1/sessions/{session_id}"),
        ("delete", "/v1/sessions/{session_id}"),
        ("get", "/v1/sessions/{session_id}/messages"),
        ("post", "/v1/sessions/{session_id}/turns"),
        ("get", turn),
        ("get", f"{turn}/events"),
        ("post", f"{turn}/cancel"),
        ("post", f"{turn}/feedback"),
        ("get", "/v1/users/{user_id}/profile"),
        ("post", "/v1/users/{user_id}/profile"),
        ("patch", "/v1/users/{user_id}/profile"),
        ("delete", "/v1/users/{user_id}/profile"),
        ("get", "/v1/users/{user_id}/profile/scores"),
        ("get", "/v1/users/{user_id}/data"),
        ("delete", "/v1/users/{user_id}/data"),
        ("get", "/v1/users/{user_id}/data/erasures/{erasure_id}"),
        ("get", "/v1/users/me/recall"),
        ("get", "/v1/faq"),
        ("get", "/v1/leads"),
        ("get", "/v1/admin/rescoring"),
        ("post", "/v1/admin/rescoring"),
        ("get", "/v1/admin/rescoring/{run}"),
        ("delete", "/v1/admin/rescoring/{run}"),
        ("get", "/v1/admin/rescoring/{run}/comparison"),
        ("post", "/v1/admin/rescoring/{run}/switch"),
        ("get", "/v1/admin/retention"),
        ("get", "/v1/admin/monitoring"),
        ("post", "/v1/admin/sessions/cleanup"),
        ("get", "/v1/usage"),
        ("get", "/v1/records"),
        ("post", "/v1/records/user_interaction_summaries/aggregate"),
        ("get", "/v1/records/{record}"),
        ("post", "/v1/records/{record}"),
        ("get", "/v1/records/{record}/count"),
        ("post", "/v1/records/{record}/bulk"),
        ("patch", "/v1/records/{record}/bulk"),
        ("get", "/v1/records/{record}/{key}"),
        ("patch", "/v1/records/{record}/{key}"),
        ("delete", "/v1/records/{record}/{key}"),
        ("get", "/v1/records/{record}/{key}/exists"),
    }
    names = [name for name in _references(document) if name not in document["components"]["schemas"]]
    assert names == []
    assert "examples" in document["components"]["schemas"]["TurnRequest"]


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in _references(each)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].removeprefix("#/components/schemas/")] if isinstance(node.get("$ref"), str) else []
    return own + [name for each in node.values() for name in _references(each)]


@pytest.mark.parametrize("origin", ["https://shop.example", "https://evil.example"])
async def test_pages_of_known_origins_may_call(town: Town, origin: str) -> None:
    async with town.gateway(cors_origins=["https://shop.example"]) as url, Client(url) as client:
        response = await client.http.get("/v1/domains", headers={"Origin": origin})
        asking = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-any"}
        preflight = await client.http.options("/v1/sessions", headers=asking)
    known = origin == "https://shop.example"
    assert (response.headers.get("access-control-allow-origin") == origin) is known
    assert (preflight.headers.get("access-control-allow-origin") == origin) is known
    assert preflight.headers["x-request-id"]
    if known:
        exposed = response.headers["access-control-expose-headers"].lower().split(", ")
        assert {"location", "content-location", "x-request-id", "retry-after"} <= set(exposed)


async def test_process_says_how_it_is(town: Town) -> None:
    async with town.gateway() as url, Client(url) as client:
        assert await client.get("/healthz") == {"status": "ok"}
        assert await client.get("/readyz") == {"checks": {"kafka": "ok"}}
