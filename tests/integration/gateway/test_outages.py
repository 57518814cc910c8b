"""What goes on while something behind the gateway is away."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from shared.events.ids import OPEN_TENANT
from shared.events.live import session_cache, waiting_set
from tests.integration.gateway.conftest import Town
from tests.support.client import Client, text_of

NOBODY = "127.0.0.1:9"
_PATIENCE_SECONDS = 30


@pytest.fixture
async def without_redis(town: Town) -> AsyncIterator[Client]:
    async with town.gateway(redis=f"redis://{NOBODY}/0", waiting_turns=2) as url, Client(url) as client:
        yield client


async def test_replies_arrive_without_redis(without_redis: Client) -> None:
    session = await without_redis.open("painted")
    assert (await without_redis.ask(session, "say hello"))["reply"]["text"] == "hello "
    async with without_redis.stream(session, "say one two") as stream:
        events = [event async for event in stream]
    assert [event.name for event in events] == ["accepted", "snapshot", "completed"]
    assert text_of(events) == "one two "
    turn = events[0].data["turn_id"]
    assert [event.name for event in await without_redis.resume(session, turn, "0-1")] == ["snapshot", "completed"]
    assert await without_redis.resume(session, turn, events[-1].id) == []


async def test_same_key_is_the_same_turn_without_redis(without_redis: Client, town: Town) -> None:
    session, key = await without_redis.open("painted"), str(uuid4())
    first = await without_redis.post(session, "say once", key=key, wait="true")
    again = await without_redis.post(session, "say once", key=key, wait="true")
    assert first.json() == again.json()


async def test_waiting_turns_are_counted_without_redis(without_redis: Client, town: Town) -> None:
    session = await without_redis.open("painted")
    held = [(await without_redis.post(session, "hold it")).json()["turn_id"] for _ in range(2)]
    refused = await without_redis.post(session, "say no room")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "session_queue")
    for turn in held:
        town.agent.release(turn)
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while (await without_redis.post(session, "say room again")).status_code != httpx.codes.ACCEPTED:
            pass


async def test_session_is_deleted_without_redis(without_redis: Client, town: Town) -> None:
    session = await without_redis.open("painted")
    assert (await without_redis.http.delete(f"/v1/sessions/{session}")).status_code == 204
    await town.agent.until(lambda: UUID(session) in town.agent.deleted)
    assert (await without_redis.http.get(f"/v1/sessions/{session}")).status_code == 404


async def test_unacknowledged_turn_is_unknown_and_safe_to_repeat(client: Client, town: Town) -> None:
    session, key = await client.open("painted"), str(uuid4())
    async with town.gateway(publish_within="PT0.000001S") as url, Client(url, client.user) as hurried:
        response = await hurried.post(session, "say once", key=key)
        opening = await hurried.http.post("/v1/sessions", json={"domain": "painted"})
    problem = response.json()
    assert (response.status_code, problem["error"]["code"]) == (503, "not_acknowledged")
    assert response.headers["retry-after"] == "2"
    assert (opening.status_code, opening.json()["error"]["code"]) == (503, "not_acknowledged")
    assert await town.redis.zscore(waiting_set(OPEN_TENANT, UUID(session)), problem["turn_id"]) is None
    repeated = await client.post(session, "say once", key=key, wait="true")
    assert (repeated.json()["turn_id"], repeated.json()["status"]) == (problem["turn_id"], "completed")


async def test_resolved_sessions_go_on_while_the_agent_does_not_answer(client: Client, town: Town) -> None:
    session, other = await client.open("painted"), await client.open("painted")
    await client.ask(session, "say hi")
    await client.ask(other, "say hi")
    key = str(uuid4())
    town.agent.down = True
    try:
        assert (await client.post(session, "say on", key=key, wait="true")).json()["status"] == "completed"
        assert (await client.post(session, "say on", key=key, wait="true")).json()["status"] == "completed"
        async with client.stream(session, "say on") as stream:
            assert [event.name async for event in stream] == ["accepted", "delta", "completed"]
        turn = (await client.post(session, "hold it")).json()["turn_id"]
        assert (await client.http.get(f"/v1/sessions/{session}/turns/{turn}")).status_code == 503
        assert (await client.http.post(f"/v1/sessions/{session}/turns/{turn}/cancel")).status_code == 202
        await town.redis.delete(session_cache(OPEN_TENANT, UUID(other)))
        async with town.gateway() as url, Client(url, client.user) as elsewhere:
            response = await elsewhere.post(other, "say hi")
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    finally:
        town.agent.down = False


async def test_lost_reply_record_is_found_in_the_ledger(town: Town) -> None:
    async with town.gateway(heartbeat="PT0.2S") as url, Client(url) as client:
        session = await client.open("painted")
        town.agent.silent = True
        try:
            assert (await client.ask(session, "say quietly"))["reply"]["text"] == "quietly "
            async with client.stream(session, "say quietly") as stream:
                assert [event.name async for event in stream] == ["accepted", "delta", "completed"]
        finally:
            town.agent.silent = False
