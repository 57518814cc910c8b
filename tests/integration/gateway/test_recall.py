"""Finding again what was said, over the public API."""

from typing import Any

from tests.integration.gateway.conftest import Town
from tests.support.client import Client

AT = "2026-03-01T09:30:00Z"
FOUND: dict[str, Any] = {
    "message_id": "0198f6a0-1111-7000-8000-000000000001",
    "session_id": "0198f6a0-1111-7000-8000-000000000002",
    "turn_no": 1,
    "domain": "painted",
    "said": "Is parking included?",
    "said_at": AT,
    "language": "en",
    "answered": None,
    "score": 0.03,
    "found_by": ["words"],
}
ASKED = {"text": "Parking?", "count": 2, "people": 2, "last_asked": AT, "examples": [], "domains": ["painted"]}


async def test_ones_own_words_are_found(client: Client, town: Town) -> None:
    town.memory.answers["POST /internal/recall"] = {"items": [FOUND], "embedder": "lexical-1"}

    found = await client.get("/v1/users/me/recall", q="parking", since=AT, domain="painted")

    assert found == {"items": [FOUND], "embedder": "lexical-1"}
    assert town.memory.bodies[-1] == {
        "user_id": client.user,
        "text": "parking",
        "domain": "painted",
        "since": AT,
        "until": None,
        "limit": 10,
    }


async def test_a_search_that_makes_no_sense_is_refused_without_an_echo(client: Client) -> None:
    for nonsense in (
        {"q": " "},
        {"q": "canary\x00"},
        {"q": "canary" * 400},
        {"since": "canary"},
        {"since": "9999-12-31T23:59:59-14:00"},
        {"until": "0001-01-01T00:00:00+14:00"},
        {"domain": "canary\x00"},
        {"limit": "0"},
    ):
        refused = await client.http.get("/v1/users/me/recall", params=nonsense)
        assert refused.status_code == 422
        assert "canary" not in refused.text


async def test_frequent_questions_are_for_operators(client: Client, town: Town) -> None:
    refused = await client.http.get("/v1/faq")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "operators_only")

    town.memory.answers["GET /internal/faq"] = {"items": [ASKED], "embedder": "lexical-1"}
    client.http.headers["X-Parley-User"] = "operator"

    assert (await client.get("/v1/faq", q="parking", limit="5"))["items"] == [ASKED]
    assert town.memory.asked[-1][1] == {"text": "parking", "limit": "5"}


async def test_without_memory_there_is_no_search(town: Town) -> None:
    async with town.gateway(memory_url="http://127.0.0.1:9") as url, Client(url, "operator") as cut_off:
        for place in ("/v1/users/me/recall", "/v1/faq"):
            response = await cut_off.http.get(place)
            assert (response.status_code, response.headers["retry-after"]) == (503, "2")
