"""The property product's own scenarios, over the public API."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import icalendar
import pytest

from shared.runtime.polling import read_until
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


async def test_those_who_sell_see_cards_what_is_due_and_where_interest_is(client: Client, stack: Stack) -> None:
    session = await client.open("property")
    for _ in range(3):
        await client.ask(session, "Tell me about Brigade Citrine")
    await client.ask(session, "Please call me back, my number is 98450 12345")
    await _profile(client, turns=4)

    assert (await client.http.get("/v1/sales/leads")).status_code == 403
    async with Client(stack.gateway.url, "operator") as operator:
        cards = (await operator.get("/v1/sales/leads", limit="100", order="last_active"))["items"]
        heat = await operator.get("/v1/sales/heatmap", weeks="2")
        suggested = (await operator.get("/v1/sales/suggestions"))["items"]
        [call] = [each for each in await _due(operator) if _is_call_of(client, each)]
        done = await operator.http.post(f"/v1/sales/calls/{call['call_id']}/done")
        left = [each for each in await _due(operator) if _is_call_of(client, each)]

    [card] = [each for each in cards if each["who"]["user_id"] == client.user]
    assert card["projects"][0]["project"] == "Brigade Citrine"
    assert card["stage"] == "intent"
    assert card["who"]["phone"]
    [row] = [each for each in heat["rows"] if each["project"] == "Brigade Citrine"]
    assert row["views"][-1] >= 3
    [words] = [each["words"] for each in suggested if each["who"]["user_id"] == client.user]
    assert words.startswith("You keep viewing Brigade Citrine")
    assert (done.status_code, done.json()["done_by"], left) == (200, "operator", [])


async def test_a_calendar_follows_a_visit_as_it_is_booked_moved_and_called_off(client: Client, stack: Stack) -> None:
    session = await client.open("property")
    subscription = f"{stack.gateway.url}/v1/sales/visits.ics?user_id=operator"
    async with httpx.AsyncClient(trust_env=False) as program:
        told = []
        for text in (
            "Book a site visit to Brigade Citrine next Saturday at 4pm",
            "Make it 5pm",
            "Cancel my visit",
        ):
            visit = (await client.ask(session, text))["reply"]
            response = await program.get(subscription)
            assert response.headers["content-type"] == "text/calendar; charset=utf-8"
            unchanged = await program.get(subscription, headers={"If-None-Match": response.headers["etag"]})
            assert (unchanged.status_code, unchanged.content) == (304, b""), visit
            told.append(_visit_of(client, response.content))

    assert len({str(event["uid"]) for event in told}) == 1
    assert [event["sequence"] for event in told] == [0, 1, 2]
    assert [str(event["status"]) for event in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert told[1].decoded("dtstart") - told[0].decoded("dtstart") == timedelta(hours=1)
    assert told[0].decoded("dtstart").hour == 16
    assert told[0]["dtstart"].params["TZID"] == "Asia/Kolkata"


async def test_a_profile_is_made_by_hand_grows_by_talking_and_is_forgotten_for_good(client: Client) -> None:
    place, domain = f"/v1/users/{client.user}/profile", {"domain": "property"}
    made = await client.http.post(
        place, json={"name": "Asha Rao", "preferences": {"amenities": ["gym"]}}, params=domain
    )
    again = await client.http.post(place, json={"name": "Eve"}, params=domain)
    await client.ask(await client.open("property"), "Tell me about Brigade Citrine")
    grown = await _profile(client, turns=1)
    history = await client.get(f"{place}/scores", **domain)
    deleted = await client.http.delete(place, params=domain)

    assert (made.status_code, made.json()["scores"], again.status_code) == (201, None, 409)
    assert (grown["profile"]["name"], grown["totals"]["views"]) == ("Asha Rao", 1)
    assert [each["scores"]["formula"] for each in history["items"]] == ["standard.1"]
    assert deleted.status_code == 204
    assert (await client.http.get(place, params=domain)).status_code == 404
    assert (await client.http.get(f"{place}/scores", params=domain)).status_code == 404


async def test_everybody_is_scored_anew_compared_and_switched_to_and_back(client: Client, stack: Stack) -> None:
    session = await client.open("property")
    for text in ("Tell me about Brigade Citrine", "Send me the brochure"):
        await client.ask(session, text)
    before = await _profile(client, turns=2)

    async with Client(stack.gateway.url, "operator") as operator:
        run = await _rescored(operator, {"deeds.1": 1})
        comparison = await operator.get(f"/v1/admin/rescoring/{run}/comparison")
        await _switched(operator, run)
        after = await _profile(client, turns=2)
        await _switched(operator, await _rescored(operator, {"standard.1": 1}))
    restored = await _profile(client, turns=2)

    assert comparison["people"] >= 1
    assert [each["scores"]["formula"] for each in (before, after, restored)] == ["standard.1", "deeds.1", "standard.1"]
    assert {factor["name"]: factor["value"] for factor in after["scores"]["intent"]["factors"]}["brochures"] == 1
    assert restored["scores"] == before["scores"]
    assert restored["profile"] == before["profile"]


async def _rescored(operator: Client, shares: dict[str, int]) -> str:
    response = await operator.http.post("/v1/admin/rescoring", json={"domain": "property", "shares": shares})
    assert response.status_code == 201, response.text
    run = str(response.json()["id"])
    await _state(operator, run, "ready")
    return run


async def _switched(operator: Client, run: str) -> None:
    response = await operator.http.post(f"/v1/admin/rescoring/{run}/switch")
    assert response.status_code == 202, response.text
    await _state(operator, run, "switched")


async def _state(operator: Client, run: str, state: str) -> None:
    async def read() -> str:
        return str((await operator.get(f"/v1/admin/rescoring/{run}"))["state"])

    assert await read_until(read, lambda now: now == state, within=timedelta(seconds=20)) == state


def _visit_of(client: Client, content: bytes) -> Any:
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    [found] = [each for each in events if str(each["summary"]) == f"Brigade Citrine: {client.user}"]
    return found


async def _due(operator: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await operator.get("/v1/sales/followups"))["items"]
    return items


def _is_call_of(client: Client, due: dict[str, Any]) -> bool:
    return bool(due["kind"] == "call_back" and due["who"]["user_id"] == client.user)


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
