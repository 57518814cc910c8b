"""Memory's records over HTTP, beside what conversations leave."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.memory import handlers
from services.memory.records.messages import ConversationMessages
from services.memory.records.routes import memory_records
from services.memory.records.sessions import ConversationSessions
from services.memory.records.summaries import InteractionSummaries
from shared.events.replies import Understood
from shared.runtime.http import create_app
from tests.integration.memory.conftest import Memory
from tests.support.turns import Conversation, now

SESSIONS, MESSAGES, SUMMARIES = (
    f"/internal/records/{name}"
    for name in ("conversation_sessions", "conversation_messages", "user_interaction_summaries")
)


@pytest.fixture
async def records(memory: Memory, conversation: Conversation) -> Any:
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(application(memory)),
        base_url="http://memory",
        headers={"x-parley-tenant": str(conversation.tenant_id)},
    )
    async with client:
        yield client


def application(memory: Memory) -> FastAPI:
    app = create_app(alive=lambda: None, ready={})
    sessions = ConversationSessions(memory.database, memory.transcripts, now)
    messages = ConversationMessages(memory.database, memory.history, memory.transcripts)
    app.include_router(memory_records(sessions, messages, InteractionSummaries(memory.database)))
    return app


async def listed(records: httpx.AsyncClient, path: str, **query: Any) -> list[dict[str, Any]]:
    response = await records.get(path, params=query)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def opened(records: httpx.AsyncClient, **facts: Any) -> str:
    start = now() - timedelta(hours=1)
    body = {"user_id": "ada", "domain": "orders", "start_time": start.isoformat(), "end_time": start.isoformat()}
    response = await records.post(SESSIONS, json=body | facts)
    assert response.status_code == 201, response.text
    return str(response.json()["session_id"])


def message(session_id: str, content: str = "400 boxes, please", **facts: Any) -> dict[str, Any]:
    return {"session_id": session_id, "role": "user", "content": content, "timestamp": now().isoformat(), **facts}


async def test_a_conversation_shows_in_all_three_records(
    memory: Memory, conversation: Conversation, records: httpx.AsyncClient
) -> None:
    events = [conversation.completed(1, "Flats?", "Three."), conversation.rated(2, rated=1, rating=4)]
    await handlers.on_turns_completed(events, memory.transcripts)

    [session] = await listed(records, SESSIONS, user_id="ada")
    assert (session["session_id"], session["message_count"], session["intents"]) == (
        str(conversation.session_id),
        2,
        ["search"],
    )
    assert datetime.fromisoformat(session["start_time"]) == conversation.asked_at(1)
    answer, asked = await listed(records, MESSAGES, session_id=conversation.session_id)
    assert (asked["role"], asked["content"], asked["intent"], asked["pii_scrubbed"]) == (
        "user",
        "Flats?",
        "search",
        False,
    )
    assert (answer["role"], answer["content"]) == ("assistant", "Three.")
    summary = (await records.get(f"{SUMMARIES}/ada")).json()
    assert (summary["total_conversations"], summary["total_messages"], summary["avg_satisfaction"]) == (1, 2, 4.0)


async def test_the_queries_of_the_order_desk(
    memory: Memory, conversation: Conversation, records: httpx.AsyncClient
) -> None:
    late = Conversation(conversation.tenant_id, began=conversation.began + timedelta(days=1))
    other = Conversation(conversation.tenant_id, user_id="bo")
    unsure = Understood(intent="search", confidence=0.5)
    for event in (conversation.completed(1), late.completed(1), other.completed(1, understood=unsure)):
        await handlers.on_turns_completed([event], memory.transcripts)

    middle = (conversation.began + timedelta(hours=12)).isoformat()
    timeline = await listed(records, SESSIONS, user_id="ada", order="start_time", **{"start_time.gte": middle})
    assert [each["session_id"] for each in timeline] == [str(late.session_id)]
    by_role = await listed(records, MESSAGES, session_id=late.session_id, role="assistant")
    assert [each["role"] for each in by_role] == ["assistant"]
    sure = await listed(records, MESSAGES, intent="search", **{"confidence.gte": 0.8})
    assert {each["user_id"] for each in sure} == {"ada"}
    top = await listed(records, SUMMARIES, order="-total_conversations", limit=1)
    assert [(each["user_id"], each["total_conversations"]) for each in top] == [("ada", 2)]
    together = (await records.post(f"{SUMMARIES}/aggregate", json={"user_ids": ["ada", "bo", "cy"]})).json()
    assert (together["users"], together["total_conversations"], together["total_messages"]) == (2, 3, 6)
    assert together["common_intents"] == {"search": 3}
    assert (await records.post(f"{SUMMARIES}/aggregate", json={"outlet_id": "north"})).json()["users"] == 0


async def test_messages_from_elsewhere_are_kept_once_and_counted(records: httpx.AsyncClient) -> None:
    session_id = await opened(records, outlet_id="north", language="en")
    items = [message(session_id, f"number {each}", intent="order", message_id=str(uuid4())) for each in range(5)]
    items[0]["context"] = {"from": "the old system"}

    first = (await records.post(f"{MESSAGES}/bulk", json={"items": items[:3]})).json()
    again = (await records.post(f"{MESSAGES}/bulk", json={"items": items})).json()

    assert (len(first["created"]), len(again["created"]), len(again["skipped"])) == (3, 2, 3)
    kept = await listed(records, MESSAGES, session_id=session_id, order="turn_no")
    assert [(each["turn_no"], each["content"]) for each in kept] == [(no, f"number {no - 1}") for no in range(1, 6)]
    assert kept[0]["context"] == {"from": "the old system"}
    assert (await records.get(f"{SESSIONS}/{session_id}")).json()["message_count"] == 5
    summary = (await records.get(f"{SUMMARIES}/ada")).json()
    assert (summary["total_conversations"], summary["total_messages"], summary["outlet_id"]) == (1, 5, "north")
    assert (summary["common_intents"], summary["preferred_language"]) == ({"order": 1}, "en")


async def test_a_message_is_changed_counted_and_deleted(records: httpx.AsyncClient) -> None:
    session_id = await opened(records)
    made = await records.post(MESSAGES, json=message(session_id))
    assert made.status_code == 201, made.text
    place = f"{MESSAGES}/{made.json()['message_id']}"

    changed = await records.patch(place, json={"content": "[scrubbed]", "pii_scrubbed": True})
    assert (changed.json()["content"], changed.json()["pii_scrubbed"]) == ("[scrubbed]", True)
    assert (await records.get(place)).json() == changed.json()
    assert (await records.get(f"{MESSAGES}/count", params={"pii_scrubbed": "true"})).json() == {"count": 1}
    assert (await records.delete(place)).status_code == 204
    assert (await records.get(f"{place}/exists")).json() == {"exists": False}


async def test_a_message_of_no_session_is_refused(records: httpx.AsyncClient) -> None:
    session_id = await opened(records)
    assert (await records.delete(f"{SESSIONS}/{session_id}")).status_code == 204

    for unknown in (session_id, str(uuid4())):
        response = await records.post(MESSAGES, json=message(unknown, "secret"))
        assert (response.status_code, response.json()["error"]["code"]) == (422, "refused")
        assert "secret" not in response.text


@pytest.mark.parametrize("timestamp", ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
async def test_a_message_of_another_age_is_refused_with_the_times_there_are(
    records: httpx.AsyncClient, timestamp: str
) -> None:
    strange = message(await opened(records), "hi") | {"timestamp": timestamp}

    response = await records.post(MESSAGES, json=strange)

    assert (response.status_code, response.json()["error"]["code"]) == (422, "refused")
    assert "of the last 3 years" in response.json()["detail"]


async def test_a_deleted_session_is_gone_with_its_messages_and_stays_so(
    memory: Memory, conversation: Conversation, records: httpx.AsyncClient
) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    place = f"{SESSIONS}/{conversation.session_id}"
    assert (await records.delete(place)).status_code == 204
    await handlers.on_turns_completed([conversation.completed(2)], memory.transcripts)

    assert (await records.get(place)).status_code == 404
    assert (await records.delete(place)).status_code == 404
    assert await listed(records, MESSAGES) == []
    assert await listed(records, SUMMARIES) == []
    again = await records.post(
        SESSIONS,
        json={
            "session_id": str(conversation.session_id),
            "user_id": "ada",
            "domain": "orders",
            "start_time": now().isoformat(),
            "end_time": now().isoformat(),
        },
    )
    assert again.status_code == 409


async def test_a_summary_may_begin_elsewhere_and_goes_on_here(
    memory: Memory, conversation: Conversation, records: httpx.AsyncClient
) -> None:
    began = (now() - timedelta(days=400)).isoformat()
    summary = {
        "user_id": "ada",
        "total_conversations": 7,
        "total_messages": 30,
        "first_interaction": began,
        "last_interaction": began,
        "metadata": {"tier": "gold"},
    }
    assert (await records.post(SUMMARIES, json=summary)).status_code == 201
    assert (await records.post(SUMMARIES, json=summary)).status_code == 409
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    changed = await records.patch(f"{SUMMARIES}/ada", json={"outlet_id": "north"})

    body = changed.json()
    assert (body["total_conversations"], body["total_messages"], body["outlet_id"]) == (8, 32, "north")
    assert body["metadata"] == {"tier": "gold"}
    assert (await records.patch(f"{SUMMARIES}/ada", json={"total_messages": 1})).status_code == 422
    assert (await records.delete(f"{SUMMARIES}/ada")).status_code == 204


async def test_an_embedding_is_shown_with_its_message_alone(
    memory: Memory, conversation: Conversation, records: httpx.AsyncClient
) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    async with memory.database.tenant(conversation.tenant_id) as connection:
        await connection.execute(
            "insert into memory.passages (tenant_id, session_id, turn_no, user_id, sent_at, words, embedding)"
            " values ($1, $2, 1, 'ada', now(), '', '[0.5, -1]')",
            conversation.tenant_id,
            conversation.session_id,
        )
    asked = next(each for each in await listed(records, MESSAGES) if each["role"] == "user")

    assert asked["embedding"] is None
    assert (await records.get(f"{MESSAGES}/{asked['message_id']}")).json()["embedding"] == [0.5, -1.0]
    assert UUID(asked["message_id"])


async def test_conversations_of_one_domain_fill_its_pages(memory: Memory, conversation: Conversation) -> None:
    talks = [
        Conversation(conversation.tenant_id, domain=domain, began=conversation.began + timedelta(hours=hour))
        for hour, domain in enumerate(["shop", "property", "property", "shop", "property"])
    ]
    await handlers.on_sessions_opened([each.opened() for each in talks], memory.transcripts)

    page = await memory.reader.sessions(conversation.tenant_id, "ada", domain="shop", after=None, limit=2, seen=None)

    assert [each.session_id for each in page.items] == [talks[3].session_id, talks[0].session_id]
    assert page.following is None
