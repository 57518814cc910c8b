"""Live streams over real Kafka and Redis, and their resumption on any gateway."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest

from shared.events.live import turn_stream
from tests.integration.gateway.conftest import Town
from tests.support.client import Client, text_of


async def test_stream_tells_a_turn_from_acceptance_to_end(client: Client) -> None:
    session = await client.open("painted")
    async with client.stream(session, "say one two three") as stream:
        events = [event async for event in stream]
    assert [event.name for event in events] == ["accepted", "delta", "delta", "delta", "completed"]
    assert events[0].id == "0-1"
    assert events[0].data == {"turn_id": events[-1].data["turn_id"], "session_id": session, "status": "pending"}
    assert text_of(events) == events[-1].data["text"] == "one two three "
    assert events[-1].data["understood"]["intent"] == "say"


async def test_stream_has_the_headers_and_framing_that_clients_need(client: Client) -> None:
    session = await client.open("painted")
    body = {"input": {"type": "text", "text": "say hi"}}
    headers = {"Accept": "text/event-stream"}
    response = await client.http.post(f"/v1/sessions/{session}/turns", json=body, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    turn = response.headers["content-location"]
    assert response.headers["location"] == f"{turn}/events"
    assert b"\r" not in response.content
    blocks = response.text.removesuffix("\n\n").split("\n\n")
    assert blocks[0].startswith("retry: 2000\n")
    for block in blocks:
        fields = [line.split(": ")[0] for line in block.split("\n")]
        assert fields[-3:] == ["event", "id", "data"]


async def test_new_attempt_begins_with_reset(client: Client) -> None:
    async with client.stream(await client.open("painted"), "retry good words") as stream:
        events = [event async for event in stream]
    assert [event.name for event in events] == ["accepted", "delta", "reset", "delta", "delta", "completed"]
    assert text_of(events) == "good words "


async def test_failed_turn_ends_its_stream(client: Client) -> None:
    async with client.stream(await client.open("painted"), "fail") as stream:
        events = [event async for event in stream]
    assert [event.name for event in events] == ["accepted", "failed"]
    assert (events[-1].data["reason"], events[-1].data["message"]) == ("exhausted", "Told to fail.")


async def test_any_gateway_resumes_from_every_cursor(client: Client, town: Town) -> None:
    session = await client.open("painted")
    async with client.stream(session, "retry these good words") as stream:
        events = [event async for event in stream]
    async with town.gateway() as url, Client(url, client.user) as elsewhere:
        for gateway in (client, elsewhere):
            turn = events[0].data["turn_id"]
            assert (await gateway.resume(session, turn))[1:] == events[1:]
            for event in events:
                later = [each for each in events if each.place > event.place]
                assert await gateway.resume(session, turn, event.id) == later


async def test_cursor_may_come_in_the_query(client: Client) -> None:
    session = await client.open("painted")
    turn = (await client.ask(session, "say one two"))["turn_id"]
    place = f"/v1/sessions/{session}/turns/{turn}/events"
    events = await client.resume(session, turn)
    response = await client.http.get(place, params={"last_event_id": events[-1].id})
    assert (response.status_code, response.content) == (204, b"")
    response = await client.http.get(place, params={"last_event_id": events[-2].id})
    assert response.text.count("event: ") == 1
    response = await client.http.get(place, params={"last_event_id": "nonsense"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_cursor")


async def test_running_turn_is_followed_from_another_gateway(client: Client, town: Town) -> None:
    session = await client.open("painted")
    async with (
        town.gateway() as url,
        Client(url, client.user) as elsewhere,
        client.stream(session, "hold one two") as stream,
    ):
        accepted = await anext(stream)
        first = await anext(stream)
        turn = accepted.data["turn_id"]
        following = asyncio.create_task(elsewhere.resume(session, turn, first.id))
        rest = [await anext(stream)]
        town.agent.release(turn)
        rest += [event async for event in stream]
        assert await following == rest
        assert [event.name for event in rest] == ["delta", "completed"]


async def test_live_frames_reach_a_gateway_that_did_not_accept_the_turn(client: Client, town: Town) -> None:
    session = await client.open("painted")
    async with town.gateway() as url, Client(url, client.user) as elsewhere:
        first = (await client.post(session, "hold first")).json()["turn_id"]
        turn = (await client.post(session, "hold one two")).json()["turn_id"]
        events_url = f"/v1/sessions/{session}/turns/{turn}/events"
        async with elsewhere.http.stream("GET", events_url) as response:
            lines = response.aiter_lines()
            while await anext(lines) != "event: accepted":
                pass
            # Only now does the turn begin, so that its frames can come by no other way than live.
            town.agent.release(first)
            while await anext(lines) != 'data: {"text":"one "}':
                pass
            town.agent.release(turn)
            rest = [line async for line in lines]
        assert "event: completed" in rest
        assert "event: snapshot" not in rest


async def test_lost_frames_become_a_snapshot(client: Client) -> None:
    session = await client.open("painted")
    async with client.stream(session, "lose all words") as stream:
        events = [event async for event in stream]
    assert [event.name for event in events] == ["accepted", "snapshot", "completed"]
    assert text_of(events) == "all words "
    assert events[1].place == (events[2].place[0], events[2].place[1] - 1)


async def test_stream_outlives_a_flush_of_redis(client: Client, town: Town) -> None:
    session = await client.open("painted")
    async with client.stream(session, "hold one two") as stream:
        events = [await anext(stream), await anext(stream)]
        turn = events[0].data["turn_id"]
        await town.redis.flushall()
        town.agent.release(turn)
        events += [event async for event in stream]
    assert text_of(events) == events[-1].data["text"] == "one two "
    resumed = await client.resume(session, turn, events[1].id)
    assert [event.name for event in resumed] == ["snapshot", "completed"]
    assert text_of([*events[:2], *resumed]) == "one two "
    assert [event.place for event in resumed] == sorted({event.place for event in resumed})


async def test_expired_frames_of_an_ended_turn_become_a_snapshot(client: Client, town: Town) -> None:
    session = await client.open("painted")
    turn = (await client.ask(session, "say one two"))["turn_id"]
    await town.redis.delete(turn_stream(turn))
    events = await client.resume(session, turn)
    assert [event.name for event in events] == ["accepted", "snapshot", "completed"]
    assert await client.resume(session, turn, events[1].id) == events[2:]


async def test_open_streams_are_capped_and_counted(town: Town) -> None:
    async with town.gateway(streams_per_user=2) as url, Client(url) as client, AsyncExitStack() as stack:
        session = await client.open("painted")
        streams = [await stack.enter_async_context(client.stream(session, "hold it")) for _ in range(2)]
        held = [(await anext(stream)).data["turn_id"] for stream in streams]
        place = f"/v1/sessions/{session}/turns"
        body = {"input": {"type": "text", "text": "say hi"}}
        for response in (
            await client.http.post(place, json=body, headers={"Accept": "text/event-stream"}),
            await client.http.post(place, json=body, params={"wait": "true"}),
            await client.http.get(f"{place}/{held[0]}/events"),
        ):
            assert (response.status_code, response.json()["error"]["code"]) == (429, "user_streams")
        assert (await client.post(session, "say hi")).status_code == 202
        for turn in held:
            town.agent.release(turn)


async def test_client_that_leaves_gives_its_place_up(town: Town) -> None:
    async with town.gateway(streams_per_user=1) as url:
        async with Client(url, "leaver") as client:
            session = await client.open("painted")
            async with client.stream(session, "hold it") as stream:
                turn = (await anext(stream)).data["turn_id"]
        async with Client(url, "leaver") as client, asyncio.timeout(10):
            place = f"/v1/sessions/{session}/turns/{turn}/events"
            while True:
                async with client.http.stream("GET", place) as response:
                    if response.status_code == httpx.codes.OK:
                        break
        town.agent.release(turn)


@pytest.mark.parametrize("verb", ["say", "hold"])
async def test_two_clients_of_one_turn_see_the_same(client: Client, town: Town, verb: str) -> None:
    session = await client.open("painted")
    turn = (await client.post(session, f"{verb} one two")).json()["turn_id"]
    following = [asyncio.create_task(client.resume(session, turn)) for _ in range(2)]
    town.agent.release(turn)
    one, other = await asyncio.gather(*following)
    assert one[1:] == other[1:]
    assert text_of(one) == "one two "
