"""An operator looks into conversations row by row, and ends one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.support.client import Client
from tests.support.stack import Stack

RECORDS = "/v1/records"


@pytest.fixture
async def operator(stack: Stack) -> AsyncIterator[Client]:
    async with Client(stack.gateway.url, "operator") as operator:
        yield operator


async def test_what_was_said_is_in_all_records_until_an_operator_deletes_the_session(
    client: Client, operator: Client
) -> None:
    session = await client.open("scripted")
    await client.ask(session, "say hello")
    await client.get(f"/v1/sessions/{session}/messages")  # waits until memory has the turn

    messages = await operator.get(f"{RECORDS}/conversation_messages", session_id=session, order="timestamp")
    assert [(each["role"], each["content"]) for each in messages["items"]] == [
        ("user", "say hello"),
        ("assistant", "hello"),
    ]
    assert (await operator.get(f"{RECORDS}/conversation_sessions/{session}"))["message_count"] == 2
    summary = await operator.get(f"{RECORDS}/user_interaction_summaries/{client.user}")
    assert (summary["total_conversations"], summary["total_messages"]) == (1, 2)

    assert (await operator.http.delete(f"{RECORDS}/conversation_sessions/{session}")).status_code == 204

    assert (await client.http.get(f"/v1/sessions/{session}")).status_code == 404
    assert (await client.post(session, "say hello")).status_code == 404
    assert (await operator.get(f"{RECORDS}/conversation_messages", session_id=session))["items"] == []
    gone = await operator.http.get(f"{RECORDS}/user_interaction_summaries/{client.user}")
    assert gone.status_code == 404


async def test_a_history_from_elsewhere_is_brought_in_and_summed_up(operator: Client) -> None:
    user, at = f"user-{uuid4().hex[:12]}", datetime.now(UTC).isoformat()
    opened = await operator.http.post(
        f"{RECORDS}/conversation_sessions",
        json={"user_id": user, "domain": "scripted", "start_time": at, "end_time": at, "outlet_id": "north"},
    )
    message: dict[str, Any] = {"session_id": opened.json()["session_id"], "role": "user", "timestamp": at}
    items = [message | {"content": f"order {number}", "intent": "order", "confidence": 0.9} for number in range(300)]

    made = await operator.http.post(f"{RECORDS}/conversation_messages/bulk", json={"items": items})

    assert len(made.json()["created"]) == 300, made.text
    query = {"user_id": user, "intent": "order", "confidence.gte": "0.8"}
    assert await operator.get(f"{RECORDS}/conversation_messages/count", **query) == {"count": 300}
    cohort = {"user_ids": [user], "outlet_id": "north"}
    together = await operator.http.post(f"{RECORDS}/user_interaction_summaries/aggregate", json=cohort)
    assert (together.json()["users"], together.json()["total_messages"]) == (1, 300)
