"""Turns from acceptance to outcome, over real Kafka and Redis."""

import time
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from shared.events.ids import OPEN_TENANT, SessionId
from shared.events.live import accepted_mark, waiting_set
from shared.events.turns import Command
from tests.integration.gateway.conftest import Town
from tests.support.client import Client


def turns(session: str) -> str:
    return f"/v1/sessions/{session}/turns"


async def test_accepted_turn_is_acknowledged_and_ends(client: Client, town: Town) -> None:
    session = await client.open("painted")
    response = await client.post(session, "say hello you")
    assert response.status_code == 202
    turn = response.json()["turn_id"]
    assert response.json() == {"turn_id": turn, "session_id": session, "status": "pending"}
    assert response.headers["location"] == f"{turns(session)}/{turn}"
    assert (await client.ask(session, "say next"))["status"] == "completed"
    ended = await client.get(response.headers["location"])
    assert (ended["status"], ended["reply"]["text"]) == ("completed", "hello you ")
    assert ended["input"] == {"type": "text", "text": "say hello you"}
    assert ended["understood"]["intent"] == "say"


async def test_request_id_reaches_the_event_and_every_response(client: Client, town: Town) -> None:
    session = await client.open("painted")
    headers = {"X-Request-Id": "trace-me-1"}
    body = {"input": {"type": "text", "text": "say hi"}}
    response = await client.http.post(turns(session), json=body, headers=headers, params={"wait": "true"})
    assert response.headers["x-request-id"] == "trace-me-1"
    assert [event.request_id for event in town.agent.submissions(response.json()["turn_id"])] == ["trace-me-1"]
    assert (await client.http.get("/v1/nowhere")).headers["x-request-id"]


async def test_waiting_for_a_failure_shows_why(client: Client) -> None:
    ended = await client.ask(await client.open("painted"), "fail")
    assert (ended["status"], ended["reply"]) == ("failed", None)
    assert ended["failure"] == {"reason": "exhausted", "message": "Told to fail."}


async def test_waiting_past_the_deadline_is_an_acknowledgement(town: Town) -> None:
    async with town.gateway(wait_within="PT0.2S") as url, Client(url) as client:
        response = await client.post(await client.open("painted"), "hold on", wait="true")
    assert (response.status_code, response.json()["status"]) == (202, "pending")
    town.agent.release(response.json()["turn_id"])


async def test_running_turn_is_pending(client: Client, town: Town) -> None:
    session = await client.open("painted")
    response = await client.post(session, "hold on")
    view = await client.get(response.headers["location"])
    assert (view["status"], view["turn_no"], view["reply"]) == ("pending", None, None)
    assert view["submitted_at"] is not None
    town.agent.release(view["turn_id"])


async def test_same_key_and_body_is_the_same_turn_and_answers_again(client: Client, town: Town) -> None:
    session, key = await client.open("painted"), str(uuid4())
    first = await client.post(session, "say once", key=key, wait="true")
    for again in (key, f'"{key}"'):
        repeated = await client.post(session, "say once", key=again, wait="true")
        assert repeated.json() == first.json()
    acknowledged = await client.post(session, "say once", key=key)
    assert (acknowledged.status_code, acknowledged.json()["status"]) == (202, "completed")
    async with client.stream(session, "say once", key=key) as events:
        assert [event.name async for event in events] == ["accepted", "delta", "completed"]
    await client.ask(session, "say after")
    assert len(town.agent.submissions(first.json()["turn_id"])) == 1, "an ended turn is not published again"


async def test_repeated_request_publishes_a_running_turn_again_as_it_was(client: Client, town: Town) -> None:
    session, key = await client.open("painted"), str(uuid4())
    first = await client.post(session, "hold it", key=key)
    async with client.stream(session, "hold it", key=key) as events:
        assert (await anext(events)).data["turn_id"] == first.json()["turn_id"]
        assert (await anext(events)).name == "delta"
        town.agent.release(first.json()["turn_id"])
        assert [event.name async for event in events] == ["completed"]
    assert (await client.ask(session, "say after"))["status"] == "completed"
    sent = town.agent.submissions(first.json()["turn_id"])
    assert len(sent) == 2
    assert len({(event.event_id, event.occurred_at, event.expires_at, event.body_hash) for event in sent}) == 1


async def test_another_body_under_a_key_is_refused(client: Client) -> None:
    session, key = await client.open("painted"), str(uuid4())
    await client.post(session, "say one", key=key)
    response = await client.post(session, "say two", key=key)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "idempotency_key_reused")


async def test_places_that_were_not_given_back_are_when_the_queue_seems_full(town: Town) -> None:
    async with town.gateway(waiting_turns=2) as url, Client(url) as client:
        session = await client.open("painted")
        ended = [(await client.ask(session, f"say {number}"))["turn_id"] for number in range(2)]
        queue = waiting_set(OPEN_TENANT, SessionId(UUID(session)))
        await town.redis.zadd(queue, dict.fromkeys(ended, time.time() * 1000 + 60_000))
        held = await client.post(session, "hold it")
        assert held.status_code == 202
        assert await town.redis.zrange(queue, 0, -1) == [held.json()["turn_id"].encode()]
        town.agent.release(held.json()["turn_id"])


async def test_session_has_room_for_so_many_waiting_turns(town: Town) -> None:
    async with town.gateway(waiting_turns=2) as url, Client(url) as client:
        session = await client.open("painted")
        held = [await client.post(session, "hold it") for _ in range(2)]
        response = await client.post(session, "say no room")
        assert (response.status_code, response.json()["error"]["code"]) == (429, "session_queue")
        assert response.headers["retry-after"]
        for each in held:
            town.agent.release(each.json()["turn_id"])
        assert (await client.post(await client.open("painted"), "say elsewhere")).status_code == 202


async def test_command_of_the_domain_takes_the_same_road(client: Client, town: Town) -> None:
    session = await client.open("painted")
    command = {"type": "command", "name": "paint", "arguments": {"colour": "red"}}
    response = await client.http.post(turns(session), json={"input": command}, params={"wait": "true"})
    assert response.json()["status"] == "completed"
    (submitted,) = town.agent.submissions(response.json()["turn_id"])
    assert submitted.input == Command(name="paint", arguments={"colour": "red"})


SECRET = "canary-7f3a"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json " + SECRET.encode(),
        b'{"input":{"type":"text","text":""}}',
        b'{"input":{"type":"text","text":"  \\n "}}',
        b'{"input":{"type":"text","text":"a\\u0000b"}}',
        b'{"input":{"type":"text","text":"\\ud800"}}',
        b'{"input":{"type":"text","text":"' + b"x" * 8001 + b'"}}',
        b'{"input":{"type":"canary-7f3a","text":"hi"}}',
        b'{"input":{"type":"command","name":"unknown","arguments":{"colour":"canary-7f3a"}}}',
        b'{"input":{"type":"command","name":"paint","arguments":{"colour":["canary-7f3a"]}}}',
        b'{"input":{"type":"command","name":"paint","arguments":{"colour":"red","x":NaN}}}',
        b'{"input":{"type":"command","name":"paint","arguments":' + b'{"a":' * 40 + b"1" + b"}" * 41 + b"}",
        b'{"input":{"type":"command","name":"feedback","arguments":{"turn_id":"canary-7f3a","rating":9}}}',
        b'{"input":{"type":"text","text":"hi"},"language":"canary-7f3a!"}',
    ],
)
async def test_nonsense_is_refused_without_echo(client: Client, body: bytes) -> None:
    response = await client.http.post(turns(await client.open("painted")), content=body)
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert SECRET not in response.text
    assert response.json()["error"]["message"] == response.json()["detail"]


async def test_longest_text_is_accepted(client: Client) -> None:
    session = await client.open("painted")
    assert (await client.post(session, "看" * 8000)).status_code == 202


@pytest.mark.parametrize("announced", [True, False])
async def test_too_long_body_is_refused(client: Client, announced: bool) -> None:
    session = await client.open("painted")

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 64 * 1024

    content = b" " * 300 * 1024 if announced else chunks()
    for path in (turns(session), "/v1/sessions"):
        response = await client.http.post(path, content=content if announced else chunks())
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("session", ["nonsense", str(uuid4())])
async def test_unknown_session_is_not_found(client: Client, session: str) -> None:
    for response in (
        await client.post(session, "say hi"),
        await client.http.get(f"/v1/sessions/{session}"),
        await client.http.delete(f"/v1/sessions/{session}"),
        await client.http.get(f"/v1/sessions/{session}/messages"),
        await client.http.get(f"{turns(session)}/{uuid4()}"),
    ):
        assert (response.status_code, response.json()["error"]["code"]) == (404, "session_not_found")


async def test_turn_of_another_session_is_not_found(client: Client, town: Town) -> None:
    session, other = await client.open("painted"), await client.open("painted")
    held = (await client.post(session, "hold it")).json()["turn_id"]
    for turn in (held, str(uuid4()), "nonsense"):
        place = f"{turns(other)}/{turn}"
        for response in (
            await client.http.get(place),
            await client.http.get(f"{place}/events"),
            await client.http.post(f"{place}/cancel"),
            await client.http.post(f"{place}/feedback", json={"rating": 5}),
        ):
            assert (response.status_code, response.json()["error"]["code"]) == (404, "turn_not_found")
    town.agent.release(held)


async def test_cancelled_turn_ends_as_cancelled(client: Client) -> None:
    session = await client.open("painted")
    async with client.stream(session, "hold these words") as events:
        turn = (await anext(events)).data["turn_id"]
        response = await client.http.post(f"{turns(session)}/{turn}/cancel")
        assert (response.status_code, response.json()["status"]) == (202, "pending")
        assert [event.name async for event in events][-1] == "cancelled"
    assert (await client.get(f"{turns(session)}/{turn}"))["status"] == "cancelled"
    again = await client.http.post(f"{turns(session)}/{turn}/cancel")
    assert (again.status_code, again.json()["status"]) == (202, "cancelled")


async def test_feedback_is_a_turn_of_its_own(client: Client, town: Town) -> None:
    session = await client.open("painted")
    turn = (await client.ask(session, "say hi"))["turn_id"]
    key = {"Idempotency-Key": "rated"}
    rate = {"rating": 4, "comment": "good"}
    response = await client.http.post(f"{turns(session)}/{turn}/feedback", json=rate, headers=key)
    again = await client.http.post(f"{turns(session)}/{turn}/feedback", json=rate, headers=key)
    assert response.status_code == 202
    assert response.json()["turn_id"] == again.json()["turn_id"] != turn
    await client.ask(session, "say after")
    rated, *_ = town.agent.submissions(response.json()["turn_id"])
    assert rated.input == Command(name="feedback", arguments={"turn_id": turn, **rate})
    refused = await client.http.post(f"{turns(session)}/{turn}/feedback", json={"rating": 6})
    assert refused.status_code == 422


async def test_turn_that_only_memory_remembers_is_pending(client: Client, town: Town) -> None:
    session = await client.open("painted")
    turn = (await client.post(session, "hold it")).json()["turn_id"]
    await town.redis.delete(accepted_mark(turn))
    assert (await client.http.get(f"{turns(session)}/{turn}")).status_code == httpx.codes.NOT_FOUND
    town.memory.answers[f"GET /internal/sessions/{session}/turns/{turn}"] = {"status": "pending"}
    assert (await client.get(f"{turns(session)}/{turn}"))["status"] == "pending"
    town.agent.release(turn)
