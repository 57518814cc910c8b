"""The shop assistant's own endpoints, as its front end uses them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.client import Client
from tests.support.stack import Stack


@pytest.fixture
async def shop(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """An existing front end: it names its user in the request and knows nothing of X-Parley-User."""
    async with httpx.AsyncClient(base_url=stack.gateway.url, timeout=40, trust_env=False) as client:
        yield client


@pytest.fixture
def user() -> str:
    """A customer without orders, so that journeys do not meet."""
    return f"customer-{uuid4().hex[:12]}"


async def chat(shop: httpx.AsyncClient, user: str, message: str, conversation: str | None = None) -> dict[str, Any]:
    body = {"message": message, "user_id": user}
    if conversation is not None:
        body["conversation_id"] = conversation
    response = await shop.post("/api/chat", json=body)
    assert response.status_code == 200, response.text
    answered: dict[str, Any] = response.json()
    return answered


async def get(shop: httpx.AsyncClient, path: str) -> dict[str, Any]:
    response = await shop.get(path)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_which_order_is_asked_and_the_answer_is_understood(shop: httpx.AsyncClient) -> None:
    asked = await chat(shop, "ana", "Where is my order?")
    assert asked["response"] == "Which order, #1240 or #1234?"
    assert asked["needs_clarification"] is True
    assert asked["clarification_options"] == ["#1240", "#1234"]

    answered = await chat(shop, "ana", "#1234", asked["conversation_id"])
    assert "is on its way, tracking number TRK-900134" in answered["response"]
    assert (answered["intent"], answered["needs_clarification"]) == ("order_status", False)
    assert [(each["kind"], each["value"]) for each in answered["entities"]] == [("id", "1234")]


async def test_a_conversation_is_listed_read_closed_opened_again_and_deleted(
    shop: httpx.AsyncClient, user: str
) -> None:
    first = await chat(shop, user, "Show me headphones under $150")
    conversation = first["conversation_id"]
    await chat(shop, user, "is SKU-88 in stock?", conversation)

    messages = (await get(shop, f"/api/conversations/{conversation}/history"))["messages"]
    assert [each["role"] for each in messages] == ["user", "assistant", "user", "assistant"]
    assert messages[2]["content"] == "is SKU-88 in stock?"
    assert messages[2]["intent"] == "stock"
    assert messages[2]["confidence"] > 0
    assert ("product", "SKU-88") in [(each["kind"], each["value"]) for each in messages[2]["entities"]]

    (listed,) = (await get(shop, f"/api/conversations/{user}"))["conversations"]
    assert listed["conversation_id"] == conversation
    assert listed["title"] == "Show me headphones under $150"
    assert (listed["is_active"], listed["message_count"]) == (True, 4)

    closed = await shop.post(f"/api/conversations/{conversation}/close")
    assert closed.json() == {"conversation_id": conversation, "is_active": False}
    assert (await get(shop, f"/api/conversations/{user}"))["conversations"][0]["is_active"] is False
    await chat(shop, user, "hello again", conversation)
    assert (await get(shop, f"/api/conversations/{user}"))["conversations"][0]["is_active"] is True

    assert (await shop.delete(f"/api/conversations/{conversation}")).status_code == 204
    assert (await get(shop, f"/api/conversations/{user}"))["conversations"] == []
    assert (await shop.get(f"/api/conversations/{conversation}/history")).status_code == 404


async def test_conversations_of_other_users_and_packs_stay_apart(shop: httpx.AsyncClient, user: str) -> None:
    own = (await chat(shop, user, "hello"))["conversation_id"]
    async with Client(str(shop.base_url), user) as native:
        await native.open("property")

    assert len((await get(shop, f"/api/conversations/{user}"))["conversations"]) == 1
    body = {"message": "hi", "user_id": "ben", "conversation_id": own}
    response = await shop.post("/api/chat", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "session_not_found")
    response = await shop.get(f"/api/conversations/{user}", headers={"X-Parley-User": "ben"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "another_user")


async def test_a_user_has_a_name_and_an_email_address(shop: httpx.AsyncClient, user: str) -> None:
    assert (await shop.get(f"/api/users/{user}")).status_code == 404
    await shop.put(f"/api/users/{user}", json={"username": "Cleo"})
    await shop.put(f"/api/users/{user}", json={"email": "cleo@example.com"})

    known = await get(shop, f"/api/users/{user}")
    assert (known["user_id"], known["username"], known["email"]) == (user, "Cleo", "cleo@example.com")
    assert (await shop.put(f"/api/users/{user}", json={"email": "nonsense"})).status_code == 422
