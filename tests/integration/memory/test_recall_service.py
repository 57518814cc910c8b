"""Recall as the agent and the gateway ask for it, of a memory that consumes and embeds by itself."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.memory.app import create_memory
from services.memory.settings import MemorySettings
from shared.events.ids import TenantId
from shared.events.topics import REPLIES
from shared.runtime.polling import read_until
from tests.support.servers import Servers
from tests.support.services import PATIENCE, Running, serving
from tests.support.turns import Conversation


@pytest.fixture(scope="module")
async def memory(servers: Servers) -> AsyncIterator[Running]:
    settings = MemorySettings(
        kafka=servers.kafka, redis=SecretStr(servers.redis), postgres=SecretStr(servers.role_url("memory"))
    )
    app = create_memory(settings, CollectorRegistry())
    async with serving(app, kafka=servers.kafka, listen=(REPLIES.dead,)) as running:
        yield running


@pytest.fixture
def talk() -> Conversation:
    return Conversation(TenantId(uuid4()))


async def recall(memory: Running, talk: Conversation, **wanted: Any) -> httpx.Response:
    headers = {"x-parley-tenant": str(talk.tenant_id)}
    return await memory.http.post("/internal/recall", json={"user_id": talk.user_id} | wanted, headers=headers)


async def found(memory: Running, talk: Conversation, text: str, *by: str) -> dict[str, Any]:
    """Wait until a search finds one thing, by these rankings."""
    answer = await read_until(
        lambda: recall(memory, talk, text=text),
        lambda seen: [item["found_by"] for item in seen.json()["items"]] == [list(by)],
        within=PATIENCE,
    )
    body: dict[str, Any] = answer.json()
    assert [item["found_by"] for item in body["items"]] == [list(by)]
    return body


async def test_what_was_said_is_embedded_without_anybody_asking(memory: Running, talk: Conversation) -> None:
    await memory.publish(talk.completed(1, "Is there visitors' parking?", "Two levels of it."), talk.completed(2, "Hi"))

    body = await found(memory, talk, "visitor parking", "words", "meaning")

    [item] = body["items"]
    assert (item["said"], item["answered"], item["turn_no"]) == ("Is there visitors' parking?", "Two levels of it.", 1)
    assert item["said_at"] == talk.asked_at(1).isoformat().replace("+00:00", "Z")
    assert body["embedder"] == "lexical-1"


async def test_a_duplicate_is_found_once(memory: Running, talk: Conversation) -> None:
    asked = talk.completed(1, "Is there visitors' parking?")
    await memory.publish(asked, asked)
    await found(memory, talk, "visitor parking", "words", "meaning")
    await memory.publish(asked)

    assert len((await recall(memory, talk, text="parking")).json()["items"]) == 1


@pytest.mark.parametrize(
    "nonsense", [{"user_id": ""}, {"limit": 0}, {"limit": 51}, {"since": "yesterday"}, {"tenant": "x"}, {"text": 7}]
)
async def test_a_request_that_makes_no_sense_is_refused(
    memory: Running, talk: Conversation, nonsense: dict[str, Any]
) -> None:
    assert (await recall(memory, talk, **nonsense)).status_code == 422


async def test_words_that_postgres_cannot_store_are_searched_without_harm(memory: Running, talk: Conversation) -> None:
    assert (await recall(memory, talk, text="park\x00ing '); -- \\")).json()["items"] == []


async def test_questions_of_a_tenant_that_said_nothing_are_none(memory: Running, talk: Conversation) -> None:
    headers = {"x-parley-tenant": str(talk.tenant_id)}
    answer = await memory.http.get("/internal/faq", params={"text": "parking"}, headers=headers)

    assert answer.json() == {"items": [], "embedder": "lexical-1"}
