"""The property product's own scenarios, over the public API."""

import asyncio
import time
from typing import Any

import pytest

from tests.support.client import Client
from tests.support.stack import Stack

SETTLED_SECONDS = 10


async def test_a_first_visit_is_not_greeted_and_the_second_names_what_was_looked_at(client: Client) -> None:
    first = await client.open("property")
    found = await client.ask(first, "Show me 2BHK in Whitefield")
    assert "Welcome back" not in found["reply"]["text"]
    assert "Whitefield" in found["reply"]["text"]
    await client.ask(first, "Tell me about Brigade Citrine")
    await _profile(client, turns=2)

    second = await client.open("property")
    greeted = (await client.ask(second, "Hi"))["reply"]["text"]
    again = (await client.ask(second, "Hi"))["reply"]["text"]

    assert greeted.startswith("Welcome back! You were exploring")
    assert "Brigade Citrine" in greeted
    assert "Welcome back" not in again


async def test_a_third_session_is_not_greeted(client: Client) -> None:
    for _ in range(2):
        await client.ask(await client.open("property"), "Tell me about Brigade Citrine")

    third = (await client.ask(await client.open("property"), "Hi"))["reply"]["text"]

    assert "Welcome back" not in third


async def test_three_looks_at_one_project_are_high_interest_and_raise_the_score(client: Client) -> None:
    session = await client.open("property")
    await client.ask(session, "Tell me about Brigade Citrine")
    before = await _profile(client, turns=1)
    for _ in range(2):
        await client.ask(session, "Tell me about Brigade Citrine")

    after = await _profile(client, turns=3)

    assert [*after["profile"]["interests"].values()] == ["high"]
    assert _total(after) > _total(before)
    factors = {factor["name"]: factor for factor in after["scores"]["engagement"]["factors"]}
    assert factors["views"]["value"] == pytest.approx(0.6)


async def test_follow_ups_refer_to_what_was_shown(client: Client) -> None:
    session = await client.open("property")
    await client.ask(session, "Show me 2BHK in Whitefield under 1.2 Cr")
    shown = (await client.ask(session, "what about 3BHK?"))["reply"]
    listed = next(part for part in shown["data"] if part["kind"] == "listings")["value"]
    second = (await client.ask(session, "tell me about the second one"))["reply"]["text"]

    assert _names(listed)[1] in second


async def test_leads_are_for_operators_and_name_the_warmest_first(client: Client, stack: Stack) -> None:
    session = await client.open("property")
    for text in ("Tell me about Brigade Citrine", "Book a site visit to Brigade Citrine next Saturday at 4pm"):
        await client.ask(session, text)
    await _profile(client, turns=2)

    assert (await client.http.get("/v1/leads", params={"domain": "property"})).status_code == 403
    async with Client(stack.gateway.url, "operator") as operator:
        leads = (await operator.get("/v1/leads", domain="property"))["items"]
    assert client.user in [lead["user_id"] for lead in leads]
    assert [lead["total"] for lead in leads] == sorted((lead["total"] for lead in leads), reverse=True)


async def _profile(client: Client, *, turns: int) -> dict[str, Any]:
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        response = await client.http.get(f"/v1/users/{client.user}/profile", params={"domain": "property"})
        if response.status_code == 200 and response.json()["profile"]["turns"] >= turns:
            body: dict[str, Any] = response.json()
            return body
        assert time.monotonic() < deadline, response.text
        await asyncio.sleep(0.05)


def _total(profile: dict[str, Any]) -> float:
    scores = profile["scores"]
    return float(scores["engagement"]["value"] + scores["intent"]["value"])


def _names(listings: Any) -> list[str]:
    items = listings["items"] if isinstance(listings, dict) else listings
    return [each.get("project") or each["name"] for each in items]
