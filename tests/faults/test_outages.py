"""What users see while a server or a service is down, and after it is back."""

import asyncio
import time
from typing import Any

from tests.support.client import Client, text_of
from tests.support.outages import FragileServers
from tests.support.stack import Service, Stack

BACK_SECONDS = 60


async def test_without_kafka_a_turn_is_refused_as_unknown_and_the_same_key_is_safe(
    client: Client, fragile: FragileServers
) -> None:
    session = await client.open("scripted")
    fragile.kill("kafka")
    try:
        refused = await client.post(session, "count", key="during")
    finally:
        await asyncio.to_thread(fragile.start, "kafka")

    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    answered = await _until_accepted(client, session, "count", key="during")
    assert answered["turn_id"] == refused.json()["turn_id"]
    assert answered["reply"]["text"] == "0 before"
    assert (await client.ask(session, "count"))["reply"]["text"] == "1 before"


async def test_without_redis_replies_arrive_whole(client: Client, fragile: FragileServers) -> None:
    session = await client.open("scripted")
    await client.ask(session, "say before")
    fragile.kill("redis")
    try:
        async with client.stream(session, "say Still. Here.") as stream:
            events = [event async for event in stream]
        waited = await client.ask(session, "count")
    finally:
        await asyncio.to_thread(fragile.start, "redis")

    assert events[-1].name == "completed"
    assert text_of(events) == events[-1].data["text"] == "Still. Here."
    assert [event.place for event in events] == sorted({event.place for event in events})
    assert waited["reply"]["text"] == "2 before"


async def test_without_postgres_turns_of_known_sessions_are_accepted_and_answered_later(
    client: Client, fragile: FragileServers
) -> None:
    session = await client.open("scripted")
    await client.ask(session, "say before")
    fragile.kill("postgres")
    try:
        accepted = await client.post(session, "count")
    finally:
        await asyncio.to_thread(fragile.start, "postgres")

    assert accepted.status_code == 202
    events = await client.resume(session, accepted.json()["turn_id"])
    assert events[-1].data["text"] == "1 before"


async def test_without_memory_and_profiles_the_chat_goes_on_and_they_catch_up(
    client: Client, fragile_stack: Stack
) -> None:
    session = await client.open("scripted")
    others = [fragile_stack.services[name] for name in ("memory", "profiles")]
    for service in others:
        service.kill()
    try:
        answer = await client.ask(session, "say on")
        history = await client.http.get(f"/v1/sessions/{session}/messages")
    finally:
        await _restart(*others)

    assert answer["reply"]["text"] == "on"
    assert history.status_code == 503
    assert [each["text"] for each in await _messages(client, session, 2)] == ["say on", "on"]


async def test_an_agent_killed_in_the_middle_of_an_answer_answers_once(client: Client, fragile_stack: Stack) -> None:
    session, agent = await client.open("scripted"), fragile_stack.services["agent"]
    async with client.stream(session, "slowly 2 done") as stream:
        events = [await anext(stream), await anext(stream)]
        agent.kill()
        await _restart(agent)
        events += [event async for event in stream]

    assert [event.name for event in events] == ["accepted", "step", "reset", "step", "delta", "completed"]
    assert [event.place for event in events] == sorted({event.place for event in events})
    assert [each["text"] for each in await _messages(client, session, 2)] == ["slowly 2 done", "done"]
    assert (await client.ask(session, "count"))["reply"]["text"] == "1 before"


async def test_a_turn_that_kills_its_process_fails_visibly_and_spares_the_others(
    client: Client, fragile_stack: Stack
) -> None:
    agent = fragile_stack.services["agent"]
    poisoned, innocent = await client.open("scripted"), await client.open("scripted")
    poison = (await client.post(poisoned, "die")).json()["turn_id"]
    neighbour = (await client.post(innocent, "slowly 1 fine")).json()["turn_id"]
    stopping = asyncio.Event()
    keeper = asyncio.create_task(_keep_running(agent, stopping))
    try:
        failed = (await client.resume(poisoned, poison))[-1]
        unharmed = (await client.resume(innocent, neighbour))[-1]
    finally:
        stopping.set()
        await keeper

    assert (failed.name, failed.data["reason"]) == ("failed", "exhausted")
    assert (unharmed.name, unharmed.data["text"]) == ("completed", "fine")
    assert (await client.ask(poisoned, "say on"))["reply"]["text"] == "on"


async def _until_accepted(client: Client, session: str, text: str, *, key: str) -> dict[str, Any]:
    deadline = time.monotonic() + BACK_SECONDS
    while True:
        response = await client.post(session, text, key=key, wait="true")
        if response.status_code == 200:
            ended: dict[str, Any] = response.json()
            return ended
        assert response.status_code in {202, 503}, response.text
        assert time.monotonic() < deadline, response.text
        await asyncio.sleep(0.5)


async def _messages(client: Client, session: str, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + BACK_SECONDS
    while True:
        response = await client.http.get(f"/v1/sessions/{session}/messages")
        if response.status_code == 200 and len(response.json()["items"]) >= count:
            items: list[dict[str, Any]] = response.json()["items"]
            return items
        assert time.monotonic() < deadline, response.text
        await asyncio.sleep(0.2)


async def _restart(*services: Service) -> None:
    for service in services:
        service.start()
    for service in services:
        await asyncio.to_thread(service.ready)


async def _keep_running(service: Service, stopping: asyncio.Event) -> None:
    """What a supervisor does: start the process again whenever it has ended."""
    while not stopping.is_set():
        if not service.running:
            service.start()
        await asyncio.sleep(0.1)
    await asyncio.to_thread(service.ready)
