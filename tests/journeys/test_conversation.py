"""Conversations over the public API."""

import asyncio
from uuid import uuid4

from tests.support.client import TERMINAL, Client, text_of
from tests.support.stack import Stack


async def test_an_answer_streams_and_is_stored_as_it_was_assembled(client: Client) -> None:
    session = await client.open("scripted")

    async with client.stream(session, "say One. Two! 三。 four") as stream:
        events = [event async for event in stream]

    assert events[0].name == "accepted"
    assert events[-1].name == "completed"
    assert [event.place for event in events] == sorted({event.place for event in events})
    assert text_of(events) == events[-1].data["text"] == "One. Two! 三。 four"
    messages = (await client.get(f"/v1/sessions/{session}/messages"))["items"]
    assert [(each["role"], each["text"]) for each in messages] == [
        ("user", "say One. Two! 三。 four"),
        ("assistant", "One. Two! 三。 four"),
    ]


async def test_turns_of_a_session_are_answered_in_order_though_sent_at_once(client: Client) -> None:
    session = await client.open("scripted")

    answers = [await client.post(session, "count", key=str(number)) for number in range(8)]
    ended = [await client.resume(session, answer.json()["turn_id"]) for answer in answers]

    assert [events[-1].data["text"] for events in ended] == [f"{number} before" for number in range(8)]


async def test_a_repeated_request_is_the_same_turn(client: Client) -> None:
    session, key = await client.open("scripted"), str(uuid4())

    first = await client.post(session, "count", key=key)
    again = await client.post(session, "count", key=f'"{key}"')
    await client.resume(session, first.json()["turn_id"])
    after = await client.post(session, "count", key=key, wait="true")
    other = await client.post(session, "say other", key=key)

    assert first.status_code == again.status_code == 202
    assert first.json()["turn_id"] == again.json()["turn_id"] == after.json()["turn_id"]
    assert other.status_code == 422
    assert len((await client.get(f"/v1/sessions/{session}/messages"))["items"]) == 2


async def test_a_broken_stream_resumes_after_any_event_to_the_same_text(client: Client) -> None:
    session = await client.open("scripted")
    async with client.stream(session, "say One. Two. Three.") as stream:
        whole = [event async for event in stream]
    turn = whole[-1].data["turn_id"]

    for cut in range(len(whole)):
        rest = await client.resume(session, turn, whole[cut].id)
        assert [(event.id, event.name) for event in rest] == [(event.id, event.name) for event in whole[cut + 1 :]]


async def test_a_running_turn_is_resumed_while_it_runs(client: Client) -> None:
    session = await client.open("scripted")
    async with client.stream(session, "slowly 1.5 done") as stream:
        seen = [await anext(stream), await anext(stream)]
    assert [event.name for event in seen] == ["accepted", "step"]

    rest = await client.resume(session, seen[0].data["turn_id"], seen[-1].id)

    assert text_of(rest) == "done"
    assert rest[-1].name == "completed"


async def test_a_running_and_a_waiting_turn_can_be_cancelled(client: Client) -> None:
    session = await client.open("scripted")
    running = (await client.post(session, "slowly 30 done")).json()["turn_id"]
    waiting = (await client.post(session, "say never")).json()["turn_id"]

    for turn in (waiting, running):
        response = await client.http.post(f"/v1/sessions/{session}/turns/{turn}/cancel")
        assert response.status_code == 202

    assert [(await client.resume(session, turn))[-1].name for turn in (running, waiting)] == ["cancelled"] * 2
    assert (await client.ask(session, "count"))["reply"]["text"] == "0 before"


async def test_a_turn_that_fails_at_every_attempt_fails_visibly_and_the_session_goes_on(client: Client) -> None:
    session = await client.open("scripted")

    async with client.stream(session, "fail") as stream:
        events = [event async for event in stream]

    assert events[-1].name == "failed"
    assert events[-1].data["reason"] == "exhausted"
    assert (await client.ask(session, "say on"))["reply"]["text"] == "on"


async def test_a_deleted_session_is_gone_at_once_and_its_turns_end(client: Client) -> None:
    session = await client.open("scripted")
    await client.ask(session, "say secret")
    async with client.stream(session, "slowly 30 done") as stream:
        await anext(stream)
        await anext(stream)
        assert (await client.http.delete(f"/v1/sessions/{session}")).status_code == 204
        rest = [event async for event in stream]

    assert rest[-1].name in TERMINAL - {"completed"}
    for path in ("", "/messages"):
        assert (await client.http.get(f"/v1/sessions/{session}{path}")).status_code == 404
    listed = (await client.get("/v1/sessions"))["items"]
    assert session not in [each["session_id"] for each in listed]


async def test_a_rating_is_kept_with_the_answer(client: Client) -> None:
    session = await client.open("scripted")
    turn = (await client.ask(session, "say hello"))["turn_id"]

    body = {"rating": 5, "comment": "kind"}
    response = await client.http.post(f"/v1/sessions/{session}/turns/{turn}/feedback", json=body)
    assert response.status_code == 202
    await client.resume(session, response.json()["turn_id"])

    messages = (await client.get(f"/v1/sessions/{session}/messages"))["items"]
    assert [each["feedback"] for each in messages] == [None, body]


async def test_what_is_not_mine_looks_like_what_is_not_there(client: Client, stack: Stack) -> None:
    session = await client.open("scripted")
    turn = (await client.ask(session, "say mine"))["turn_id"]

    async with Client(stack.gateway.url) as stranger:
        for wanted in (session, str(uuid4())):
            bodies = [
                (await stranger.http.get(f"/v1/sessions/{wanted}")).json(),
                (await stranger.http.get(f"/v1/sessions/{wanted}/messages")).json(),
                (await stranger.http.get(f"/v1/sessions/{wanted}/turns/{turn}")).json(),
                (await stranger.post(wanted, "say hi")).json(),
                (await stranger.http.delete(f"/v1/sessions/{wanted}")).json(),
            ]
            assert {(each["status"], each["error"]["code"]) for each in bodies} == {(404, bodies[0]["error"]["code"])}


async def test_new_sessions_are_listed_at_once_newest_first(client: Client) -> None:
    opened = [await client.open("scripted") for _ in range(3)]

    assert [each["session_id"] for each in (await client.get("/v1/sessions"))["items"]] == opened[::-1]


async def test_many_users_at_once_get_their_own_answers(stack: Stack) -> None:
    async def converse(number: int) -> list[str]:
        async with Client(stack.gateway.url) as client:
            session = await client.open("scripted")
            return [(await client.ask(session, f"say {number}-{turn}"))["reply"]["text"] for turn in range(3)]

    answers = await asyncio.gather(*(converse(number) for number in range(40)))

    assert answers == [[f"{number}-{turn}" for turn in range(3)] for number in range(40)]
