"""WhatsApp through whole gateways: webhooks in, messages out, over real Kafka, Redis and Postgres."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry

from services.gateway.app import GatewayProcess
from services.gateway.whatsapp.pseudonyms import user_of
from shared.events.ids import OPEN_TENANT
from shared.events.replies import DataPart, Reply
from shared.events.turns import SessionOpened, Text, TurnSubmitted
from shared.runtime.polling import read_until
from shared.runtime.postgres import Database
from tests.integration.gateway.conftest import Town
from tests.support import painted, whatsapp
from tests.support.graph_server import GraphServer, Received
from tests.support.http_server import served
from tests.support.turns import Conversation
from tests.support.whatsapp import notify, status, value, words

PATIENCE = timedelta(seconds=30)
HOUR = 3600.0


@pytest.fixture(scope="module")
async def graph() -> GraphServer:
    return GraphServer()


@pytest.fixture(scope="module")
async def graph_url(graph: GraphServer) -> AsyncIterator[str]:
    async with served(graph.app()) as url:
        yield url


@asynccontextmanager
async def gateway(town: Town, graph_url: str, **changes: Any) -> AsyncIterator[str]:
    settings = town.settings(postgres=town.servers.role_url("gateway"))
    channel = whatsapp.settings(graph_url, **changes)
    process = GatewayProcess(settings, {"painted": painted.DOMAIN}, whatsapp=channel, registry=CollectorRegistry())
    async with served(process.app) as url:
        yield url


@pytest.fixture(scope="module")
async def gateways(town: Town, graph_url: str) -> AsyncIterator[tuple[str, str]]:
    async with gateway(town, graph_url) as first, gateway(town, graph_url) as second:
        yield first, second


@pytest.fixture
async def database(town: Town) -> AsyncIterator[Database]:
    database = await Database.open(town.servers.role_url("gateway"), name="test")
    yield database
    await database.close()


@pytest.fixture
def phone() -> str:
    return f"9198{uuid4().int % 10**8:08}"


def wamid() -> str:
    return f"wamid.{uuid4()}"


def turns_of(town: Town, phone: str) -> list[TurnSubmitted]:
    user_id = user_of(OPEN_TENANT, phone, whatsapp.settings("http://x").secret_key)
    return [event for event in town.agent.submitted if event.user_id == user_id]


async def got(graph: GraphServer, phone: str, count: int) -> list[Received]:
    async def read() -> list[Received]:
        return graph.got(phone)

    return await read_until(read, lambda found: len(found) >= count, within=PATIENCE)


async def states(database: Database, *delivery_ids: str) -> list[str]:
    async with database.tenant(OPEN_TENANT) as connection:
        rows = await connection.fetch(
            "select state from gateway.deliveries where tenant_id = $1 and delivery_id = any($2::uuid[])",
            OPEN_TENANT,
            [UUID(each) for each in delivery_ids],
        )
    return [row["state"] for row in rows]


async def test_message_becomes_a_turn_and_its_answer_goes_back(
    gateways: tuple[str, str], graph: GraphServer, town: Town, database: Database, phone: str
) -> None:
    response = await notify(gateways[0], value(words(phone, wamid(), "say Hello there.")))

    assert response.status_code == 200, response.text
    (received,) = await got(graph, phone, 1)
    assert (received.number_id, received.token) == (whatsapp.NUMBER, "token-of-the-tests")
    assert received.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": phone,
        "type": "text",
        "text": {"body": "Hello there.", "preview_url": False},
        "biz_opaque_callback_data": received.reference,
    }
    (turn,) = turns_of(town, phone)
    assert (turn.domain, turn.input, turn.opens) == ("painted", Text(text="say Hello there."), True)


async def test_news_settles_the_delivery(
    gateways: tuple[str, str], graph: GraphServer, database: Database, phone: str
) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "say Hello.")))
    (received,) = await got(graph, phone, 1)
    for state in ("sent", "delivered", "read", "delivered"):
        news = status(phone, received.message_id, state, reference=received.reference)
        assert (await notify(gateways[1], value(statuses=(news,)))).status_code == 200

    assert await states(database, received.reference) == ["read"]


async def test_repeated_webhooks_make_one_turn_and_one_answer(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    repeated = value(words(phone, wamid(), "say Once."))
    responses = await asyncio.gather(*(notify(gateways[number % 2], repeated) for number in range(60)))
    later = await notify(gateways[0], repeated, value(words(phone, wamid(), "say Then.")))

    assert {response.status_code for response in (*responses, later)} == {200}
    assert [each.text for each in await got(graph, phone, 2)] == ["Once.", "Then."]
    assert len({turn.turn_id for turn in turns_of(town, phone)}) == 2


async def test_messages_of_a_sender_stay_in_order_and_in_one_session(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    said = [f"say Number {number}." for number in range(6)]
    several = [words(phone, wamid(), each) for each in said]
    await notify(gateways[0], value(*several[:2]), value(several[2]), value(*several[3:]))

    answers = await got(graph, phone, 6)
    assert [each.text for each in answers] == [each.removeprefix("say ") for each in said]
    turns = turns_of(town, phone)
    assert [turn.input for turn in turns] == [Text(text=each) for each in said]
    assert len({turn.session_id for turn in turns}) == 1


async def test_first_messages_at_two_gateways_share_a_session(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    both = [notify(url, value(words(phone, wamid(), f"say At {url}"))) for url in gateways]
    await asyncio.gather(*both)

    await got(graph, phone, 2)
    assert len({turn.session_id for turn in turns_of(town, phone)}) == 1


async def test_session_ends_with_silence(town: Town, phone: str, graph: GraphServer, graph_url: str) -> None:
    async with gateway(town, graph_url, session_idle="PT1H") as url:
        at = time.time()
        for ago in (3.0, 2.5, 1.0):
            await notify(url, value(words(phone, wamid(), f"say {ago} hours ago", at=at - ago * HOUR)))
        await got(graph, phone, 3)

    first, second, third = (turn.session_id for turn in turns_of(town, phone))
    assert first == second != third


async def test_deleted_session_is_followed_by_another(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "say Before.")))
    await got(graph, phone, 1)
    (turn,) = turns_of(town, phone)
    headers = {"X-Parley-User": turn.user_id}
    async with httpx.AsyncClient(base_url=gateways[0], headers=headers, trust_env=False) as client:
        town.agent.sessions[turn.session_id] = _opened(turn)
        assert (await client.delete(f"/v1/sessions/{turn.session_id}")).status_code == 204
    await notify(gateways[1], value(words(phone, wamid(), "say After.")))

    assert [each.text for each in await got(graph, phone, 2)] == ["Before.", "After."]
    assert len({turn.session_id for turn in turns_of(town, phone)}) == 2


def _opened(turn: TurnSubmitted) -> SessionOpened:
    return SessionOpened(
        event_id=turn.event_id,
        occurred_at=turn.occurred_at,
        tenant_id=turn.tenant_id,
        request_id=turn.request_id,
        session_id=turn.session_id,
        user_id=turn.user_id,
        domain=turn.domain,
    )


async def test_failed_turn_is_apologised_for(gateways: tuple[str, str], graph: GraphServer, phone: str) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "fail")))
    await notify(gateways[0], value(words(phone, wamid(), "fail 请再试")))

    apologies = [each.text for each in await got(graph, phone, 2)]
    assert apologies[0].startswith("Sorry, something went wrong")
    assert apologies[1].startswith("抱歉")


async def test_pictures_are_answered_once_a_minute_and_make_no_turn(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    begun = time.time() // 60 * 60
    album = [whatsapp.message(phone, wamid(), at=begun, image={"id": str(number)}) for number in range(3)]
    await notify(gateways[0], value(*album, words(phone, wamid(), "say Hello.")))

    assert [each.text for each in await got(graph, phone, 2)] == [
        "Sorry, I can only read text here. Please write what you need.",
        "Hello.",
    ]
    assert len(turns_of(town, phone)) == 1


async def test_document_of_the_gateways_own_api_is_handed_over(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "hold")))
    await town.agent.until(lambda: bool(turns_of(town, phone)))
    (turn,) = turns_of(town, phone)
    talk = Conversation(turn.tenant_id, turn.session_id, turn.user_id, "painted")
    reply = Reply(text="See.", data=(DataPart(kind="document", value={"url": "/openapi.json", "title": "api.json"}),))
    await town.agent.bus.publish(talk.completed(1, turn_id=turn.turn_id, reply=reply).envelope())
    words_sent, document = await got(graph, phone, 2)
    town.agent.release(str(turn.turn_id))

    assert words_sent.text == "See."
    name, media_type, content = graph.files[document.body["document"]["id"]]
    assert (name, media_type) == ("api.json", "application/json")
    assert json.loads(content)["info"]["title"] == "Parley"


async def test_ending_that_is_published_again_is_delivered_once(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "say Once.")))
    await got(graph, phone, 1)
    (turn,) = turns_of(town, phone)
    for _ in range(3):
        await town.agent.bus.publish(town.agent.ledger[turn.turn_id].envelope())
    await notify(gateways[0], value(words(phone, wamid(), "say Afterwards.")))

    assert [each.text for each in await got(graph, phone, 2)] == ["Once.", "Afterwards."]


async def test_turns_of_others_are_delivered_to_nobody(
    gateways: tuple[str, str], graph: GraphServer, town: Town, phone: str
) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "say Mine.")))
    await got(graph, phone, 1)
    (turn,) = turns_of(town, phone)
    headers = {"X-Parley-User": turn.user_id}
    async with httpx.AsyncClient(base_url=gateways[0], headers=headers, trust_env=False, timeout=30) as client:
        session = (await client.post("/v1/sessions", json={"domain": "painted"})).json()["session_id"]
        body = {"input": {"type": "text", "text": "say Not over WhatsApp."}}
        await client.post(f"/v1/sessions/{session}/turns", json=body, params={"wait": "true"})
    await notify(gateways[0], value(words(phone, wamid(), "say Mine again.")))

    assert [each.text for each in await got(graph, phone, 2)] == ["Mine.", "Mine again."]


async def test_phone_number_is_in_one_table_only(
    gateways: tuple[str, str], graph: GraphServer, town: Town, database: Database, phone: str
) -> None:
    await notify(gateways[0], value(words(phone, wamid(), "say Hello.")))
    await got(graph, phone, 1)
    (turn,) = turns_of(town, phone)
    holding = []
    async with database.tenant(OPEN_TENANT) as connection:
        for table in ("contacts", "arrivals", "deliveries"):
            rows = await connection.fetch(f"select t::text as row from gateway.{table} t")  # noqa: S608
            holding += [table for row in rows if phone in row["row"]]

    assert holding == ["contacts"]
    assert phone not in turn.model_dump_json()


async def test_webhook_that_nobody_signed_is_refused(gateways: tuple[str, str], town: Town, phone: str) -> None:
    content = whatsapp.body(value(words(phone, wamid(), "say Forged.")))
    async with httpx.AsyncClient(base_url=gateways[0], trust_env=False) as client:
        unsigned = await client.post(whatsapp.PATH, content=content)
        forged = await client.post(
            whatsapp.PATH, content=content, headers={"X-Hub-Signature-256": whatsapp.signature(content, "guess")}
        )

    assert (unsigned.status_code, forged.status_code) == (401, 401)
    assert turns_of(town, phone) == []


async def test_subscription_is_confirmed_with_the_token_only(gateways: tuple[str, str]) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    async with httpx.AsyncClient(base_url=gateways[0], trust_env=False) as client:
        right = await client.get(whatsapp.PATH, params=asked | {"hub.verify_token": whatsapp.VERIFY_TOKEN})
        wrong = await client.get(whatsapp.PATH, params=asked | {"hub.verify_token": "guess"})

    assert (right.status_code, right.text) == (200, "1158201444")
    assert right.headers["content-type"].startswith("text/plain")
    assert (wrong.status_code, "1158201444" in wrong.text) == (403, False)


async def test_webhook_may_be_longer_than_other_requests_but_not_endless(gateways: tuple[str, str]) -> None:
    long, endless = b" " * 600_000 + b"{}", b" " * 4_000_000
    async with httpx.AsyncClient(base_url=gateways[0], trust_env=False) as client:
        taken = await client.post(
            whatsapp.PATH, content=long, headers={"X-Hub-Signature-256": whatsapp.signature(long)}
        )
        refused = await client.post(
            whatsapp.PATH, content=endless, headers={"X-Hub-Signature-256": whatsapp.signature(endless)}
        )

    assert (taken.status_code, refused.status_code) == (200, 413)


async def test_without_numbers_there_is_no_webhook_and_no_need_of_postgres(town: Town) -> None:
    async with town.gateway() as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        assert (await client.post(whatsapp.PATH)).status_code == 404
        assert "postgres" not in (await client.get("/readyz")).json()["checks"]
