"""One person is known everywhere, asks for everything, and is erased while turns run; the neighbour is not touched."""

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from pypdf import PdfReader

from shared.events.envelope import Envelope
from shared.events.topics import OUTCOMES, PROFILES, REPLIES, SIGNALS, TURNS
from shared.runtime.http import segment
from shared.runtime.kafka import Bus, Options, Record
from shared.runtime.polling import read_until
from tests.support.canaries import hits, keys
from tests.support.caughtup import caught_up
from tests.support.client import Client
from tests.support.erasure_page import registries
from tests.support.servers import Servers
from tests.support.stack import Stack

WITHIN = timedelta(seconds=40)


class Life:
    """What one person leaves behind, in every pack and service."""

    def __init__(self, client: Client) -> None:
        self.client = client
        mark = uuid4().hex[:10]
        self.words = f"zanzibar{mark}"
        self.email = f"{mark}@example.org"
        self.name = f"Quill{mark}"
        self.canaries = (client.user, self.words, self.email, self.name)

    async def live(self) -> None:
        ask, http = self.client.ask, self.client.http
        property_ = await self.client.open("property")
        await ask(property_, f"Show me 2BHK in Whitefield under 1.2 Cr, {self.words}")
        await ask(property_, "Book a site visit to Brigade Citrine next Saturday at 4pm")
        rated = await ask(property_, f"Please call me back, my number is 98450 12345, {self.words}")
        rating = {"rating": 5, "comment": self.words}
        await http.post(f"/v1/sessions/{property_}/turns/{rated['turn_id']}/feedback", json=rating)
        scripted = await self.client.open("scripted")
        await ask(scripted, f"recall {self.words}")
        luxury = await self.client.open("luxury")
        await ask(luxury, f"给VIP客户做一个{self.words}活动")
        chat = {"message": "Show me headphones under $150", "user_id": self.client.user}
        assert (await http.post("/api/chat", json=chat)).status_code == 200
        about = {"username": self.name, "email": self.email}
        assert (await http.put(f"/api/users/{self.client.user}", json=about)).is_success
        facts = {"name": self.name, "email": self.email}
        path = f"/v1/users/{self.client.user}/profile"
        assert (await http.patch(path, params={"domain": "property"}, json=facts)).is_success


@pytest.fixture
async def life(client: Client) -> Life:
    return Life(client)


@pytest.fixture
async def neighbour(stack: Stack) -> AsyncIterator[Life]:
    async with Client(stack.gateway.url) as client:
        yield Life(client)


@pytest.fixture
async def log(stack: Stack) -> AsyncIterator[list[Record]]:
    """Everything that is published from now on, and a way to publish it again."""
    records: list[Record] = []
    bus = Bus(stack.servers.kafka, client_id="test", options=Options(registry=CollectorRegistry()))
    for topic in (TURNS, REPLIES, SIGNALS, PROFILES, OUTCOMES):
        bus.read_all(topic.name, records.append)
    await bus.start()
    yield records
    await bus.stop()


async def erased(client: Client, **headers: str) -> dict[str, Any]:
    """Ask for erasure and wait for the receipt that says it is complete."""
    asked = await client.http.delete(f"/v1/users/{segment(client.user)}/data", headers=headers)
    assert asked.status_code == 202, asked.text
    assert asked.json()["complete"] is False

    async def receipt() -> dict[str, Any]:
        return await client.get(asked.headers["location"])

    told = await read_until(receipt, lambda found: bool(found["complete"]), within=WITHIN)
    assert told["complete"], told
    return told


def declared(key: str) -> bool:
    """Whether a registry has a pattern for this key of Redis."""
    patterns = (each.pattern for registry in registries().values() for each in registry.keys)
    return any(re.fullmatch(re.sub(r"\{\w+\}", ".+", pattern), key) for pattern in patterns)


async def republished(servers: Servers, records: list[Record], canaries: tuple[str, ...]) -> int:
    """Publish again all that was published about a person."""
    bus = Bus(servers.kafka, client_id="test", options=Options(registry=CollectorRegistry()))
    await bus.start()
    theirs = [each for each in list(records) if any(word.encode() in (each.value or b"") for word in canaries)]
    for each in theirs:
        headers = tuple((name, value or b"") for name, value in each.headers)
        await bus.publish(Envelope(each.topic, each.key or b"", each.value or b"", headers))
    await bus.stop()
    return len(theirs)


async def test_a_person_is_erased_while_they_talk_and_nothing_brings_them_back(
    stack: Stack, life: Life, neighbour: Life, log: list[Record]
) -> None:
    await life.live()
    await neighbour.live()
    await caught_up(stack.servers)
    before = await hits(stack.servers, *neighbour.canaries)
    kept_in = {place.partition(".")[0] for place in await hits(stack.servers, *life.canaries)}
    assert kept_in >= {"agent", "memory", "profiles", "pack_property", "pack_shop"}

    assert [key for key in await keys(stack.servers) if not declared(key)] == []

    talking = await life.client.open("scripted")
    async with life.client.stream(talking, f"steadily 100 0.1 {life.words}") as events:
        await anext(events)
        receipt = await erased(life.client)
        last = [event async for event in events][-1]
    assert last.name in {"cancelled", "failed"}
    assert [each["service"] for each in receipt["services"]] == ["agent", "memory", "profiles"]
    assert all(each["completed_at"] for each in receipt["services"])
    assert "parley.property.visit-booked.v1" in receipt["told"]

    await caught_up(stack.servers)
    assert await republished(stack.servers, log, life.canaries) > 10
    await caught_up(stack.servers)
    left = await read_until(lambda: hits(stack.servers, *life.canaries), lambda found: not found, within=WITHIN)
    assert left == {}
    after = await hits(stack.servers, *neighbour.canaries)
    assert {place: count for place, count in after.items() if "." in place} == {
        place: count for place, count in before.items() if "." in place
    }

    session = await life.client.open("scripted")
    assert (await life.client.ask(session, "say hello"))["reply"]["text"] == "hello"


async def test_an_export_holds_what_was_told_in_every_format(stack: Stack, life: Life) -> None:
    await life.live()
    await caught_up(stack.servers)
    path = f"/v1/users/{life.client.user}/data"
    tables = (await life.client.get(path))["tables"]
    assert {"agent.sessions", "agent.ledger", "memory.messages", "profiles.profiles", "pack_property.visits"} <= set(
        tables
    )
    said = [each["text"] for each in tables["memory.messages"] if each["role"] == "user"]
    assert sum(life.words in text for text in said) == 4
    assert tables["pack_shop.users"][0]["email"] == life.email
    ended = [envelope for each in tables["agent.ledger"] for envelope in each["envelopes"]]
    assert any(life.words in envelope["value"] for envelope in ended)

    archive = await life.client.http.get(path, params={"format": "csv"})
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        assert {name.removesuffix(".csv") for name in files.namelist()} == set(tables)
        messages = files.read("memory.messages.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(messages, newline="")))
    assert sorted(row["text"] for row in rows) == sorted(each["text"] for each in tables["memory.messages"])

    pages = await life.client.http.get(path, params={"format": "pdf"})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pages.content)).pages)
    assert f"给VIP客户做一个{life.words}活动" in text.replace("\n", "")


@pytest.mark.parametrize("name", ["acme/{}", "../{}%2F", ".."])
async def test_a_person_of_any_name_sees_and_erases_what_is_theirs(stack: Stack, name: str) -> None:
    async with Client(stack.gateway.url, name.format(uuid4().hex)) as client:
        await client.ask(await client.open("scripted"), "say hello")
        tables = (await client.get(f"/v1/users/{segment(client.user)}/data"))["tables"]
        assert {each["user_id"] for each in tables["agent.sessions"]} == {client.user}
        removed = {each["service"]: each["removed"] for each in (await erased(client))["services"]}
        assert removed["agent"]["agent.sessions"] == 1


async def test_others_learn_nothing_of_a_persons_data(stack: Stack, life: Life, neighbour: Life) -> None:
    await life.client.ask(await life.client.open("scripted"), "say hello")
    path = f"/v1/users/{life.client.user}/data"
    absent = f"/v1/users/nobody-{uuid4().hex}/data"
    other = neighbour.client.http
    answers = [
        await other.get(path),
        await other.get(absent),
        await other.delete(path),
        await other.delete(absent),
        await other.get(f"{path}/erasures/{uuid4()}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert (await life.client.http.get(f"{path}/erasures/{uuid4()}")).status_code == 404

    async with Client(stack.gateway.url, "operator") as operator:
        assert (await operator.http.get(path)).json()["tables"]["agent.sessions"][0]["user_id"] == life.client.user


async def test_the_same_key_asks_for_the_same_erasure(life: Life) -> None:
    await life.client.ask(await life.client.open("scripted"), "say hello")
    first = await erased(life.client, **{"Idempotency-Key": "once"})
    again = await life.client.http.delete(f"/v1/users/{life.client.user}/data", headers={"Idempotency-Key": "once"})
    assert again.json()["erasure_id"] == first["erasure_id"]
    assert await life.client.get(again.headers["location"]) == first
