"""The analytics product's own scenario, at its own endpoint."""

from typing import Any
from uuid import uuid4

import httpx

from tests.support.client import Client


async def query(client: Client, text: str, session_id: str | None = None) -> dict[str, Any]:
    body = {"query": text} if session_id is None else {"query": text, "session_id": session_id}
    response = await client.http.post("/query", json=body)
    assert response.status_code == 200, response.text
    answered: dict[str, Any] = response.json()
    return answered


async def test_click_rate_last_month_and_how_that_compares_to_the_es_market(client: Client) -> None:
    first = await query(client, "What was click rate last month?")
    assert "2.5%" in first["answer"]
    assert (first["intent"], first["is_follow_up"]) == ("figure", False)

    second = await query(client, "How does that compare to ES market?", first["session_id"])
    assert second["session_id"] == first["session_id"]
    assert (second["intent"], second["is_follow_up"], second["previous_topic"]) == ("compare", True, "click rate")
    assert [message["content"] for message in second["context_messages"]] == [
        "What was click rate last month?",
        first["answer"],
    ]
    assert "ES 3.2% and all markets 2.5%" in second["answer"]
    assert second["data"] == {"columns": ["metric", "ES", "all markets"], "rows": [["click rate", 3.19, 2.5]]}


async def test_what_looks_like_sql_is_only_words(client: Client) -> None:
    await query(client, "clicks in ES'; drop table pack_insights.metrics; --")

    assert "2.5%" in (await query(client, "click rate last month"))["answer"]


async def test_a_repeated_request_is_the_same_turn(client: Client) -> None:
    session_id = (await query(client, "click rate"))["session_id"]
    headers = {"Idempotency-Key": f"key-{uuid4()}"}
    body = {"query": "and in ES?", "session_id": session_id}

    answers = [(await client.http.post("/query", json=body, headers=headers)).json() for _ in range(2)]

    assert answers[0] == answers[1]


async def test_somebody_elses_session_an_unknown_one_and_another_packs_are_the_same_404(client: Client) -> None:
    own = (await query(client, "click rate"))["session_id"]
    other = await client.open("property")

    answers = [
        await _refused(client, own, {"X-Parley-User": "somebody-else"}),
        await _refused(client, str(uuid4()), {}),
        await _refused(client, other, {}),
    ]

    assert {(each.status_code, each.json()["error"]["code"]) for each in answers} == {(404, "session_not_found")}


async def test_blank_and_over_long_queries_are_refused_without_echo(client: Client) -> None:
    for text in ("  ", "secret " * 2000):
        response = await client.http.post("/query", json={"query": text})
        assert response.status_code == 422
        assert "secret" not in response.text


async def _refused(client: Client, session_id: str, headers: dict[str, str]) -> httpx.Response:
    return await client.http.post("/query", json={"query": "click rate", "session_id": session_id}, headers=headers)
