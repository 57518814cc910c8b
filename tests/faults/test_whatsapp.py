"""WhatsApp while gateways are killed: every message is answered, and with news of what was sent, once."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from shared.runtime.polling import read_until
from tests.support import whatsapp
from tests.support.graph_server import GraphServer, Received
from tests.support.http_server import served
from tests.support.servers import Servers
from tests.support.stack import Service, Stack, free_port, started_stack
from tests.support.whatsapp import notify, status, value, words

PATIENCE = timedelta(seconds=60)


@pytest.fixture(scope="module")
def graph_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def stack(servers: Servers, graph_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    more = whatsapp.environment(
        f"http://127.0.0.1:{graph_port}",
        "scripted",
        PARLEY_WHATSAPP_SEND_WITHIN="PT2S",
        PARLEY_WHATSAPP_UNCERTAIN_FOR="PT8S",
        PARLEY_FAILPOINTS_ALLOWED="true",
    )
    domains = json.dumps(["tests.support.scripted:DOMAIN"])
    with started_stack(servers, tmp_path_factory.mktemp("whatsapp"), domains=domains, gateways=2, more=more) as stack:
        for service in stack.services.values():
            service.ready()
        yield stack


@pytest.fixture(scope="module")
async def graph(graph_port: int) -> AsyncIterator[GraphServer]:
    graph = GraphServer()
    async with served(graph.app(), graph_port):
        yield graph


@pytest.fixture
def phone() -> str:
    return f"9198{uuid4().int % 10**8:08}"


def gateways(stack: Stack) -> tuple[Service, Service]:
    return stack.services["gateway"], stack.services["gateway-2"]


async def got(graph: GraphServer, phone: str, count: int) -> list[str]:
    async def read() -> list[str]:
        return [each.text for each in graph.got(phone)]

    return await read_until(read, lambda found: len(found) >= count, within=PATIENCE)


async def insist(stack: Stack, *values: dict[str, object]) -> None:
    """Send a webhook as WhatsApp does: again, at any gateway, until it is acknowledged."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while True:
            for gateway in gateways(stack):
                with suppress(httpx.TransportError):
                    if (await notify(gateway.url, *values)).status_code == httpx.codes.OK:
                        return
            await asyncio.sleep(0.1)


@asynccontextmanager
async def telling_news(stack: Stack, graph: GraphServer) -> AsyncIterator[None]:
    """Tell of every message that is taken from now on, as WhatsApp does."""
    told = len(graph.taken)

    async def tell() -> None:
        nonlocal told
        while True:
            for received in graph.taken[told:]:
                await insist(stack, _news(received))
                told += 1
            await asyncio.sleep(0.05)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


def _news(received: Received) -> dict[str, object]:
    return value(statuses=(status(received.body["to"], received.message_id, "sent", reference=received.reference),))


async def test_a_thousand_repetitions_of_a_message_are_answered_once(
    stack: Stack, graph: GraphServer, phone: str
) -> None:
    repeated = value(words(phone, f"wamid.{uuid4()}", "count"))
    signed, statuses = whatsapp.signed(repeated), list[int]()
    async with telling_news(stack, graph), httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for _ in range(20):
            urls = [f"{gateway.url}{whatsapp.PATH}" for gateway in gateways(stack)] * 25
            responses = await asyncio.gather(*(client.post(url, **signed) for url in urls))
            statuses += [response.status_code for response in responses]
        await insist(stack, value(words(phone, f"wamid.{uuid4()}", "count")))
        answers = await got(graph, phone, 2)

    assert statuses == [200] * 1000
    assert answers == ["0 before", "1 before"]


@pytest.mark.parametrize("point", ["gateway.before_send", "gateway.after_send"])
async def test_gateway_killed_around_the_call_sends_once(
    stack: Stack, graph: GraphServer, phone: str, point: str
) -> None:
    dying, other = gateways(stack)
    await asyncio.to_thread(other.end)
    await asyncio.to_thread(dying.end)
    dying.start(PARLEY_FAILPOINTS=f"{point}=kill")
    await asyncio.to_thread(dying.ready)
    async with telling_news(stack, graph):
        await notify(dying.url, value(words(phone, f"wamid.{uuid4()}", "say Once.")))
        await _until_dead(dying)
        other.start()
        await asyncio.to_thread(other.ready)
        await insist(stack, value(words(phone, f"wamid.{uuid4()}", "say Then.")))
        answers = await got(graph, phone, 2)
    dying.start()
    await asyncio.to_thread(dying.ready)

    assert answers == ["Once.", "Then."]


async def test_gateways_killed_one_after_the_other_lose_nothing_and_repeat_nothing(
    stack: Stack, graph: GraphServer
) -> None:
    people = [f"9197{uuid4().int % 10**8:08}" for _ in range(8)]

    async def converse(person: str) -> None:
        for number in range(12):
            await insist(stack, value(words(person, f"wamid.{person}.{number}", f"say {number}")))
            await asyncio.sleep(0.1)

    async with telling_news(stack, graph):
        conversing = asyncio.gather(*(converse(person) for person in people))
        for gateway in gateways(stack):
            await got(graph, people[0], 2)
            gateway.kill()
            gateway.start()
            await asyncio.to_thread(gateway.ready)
        await conversing
        answers = {person: await got(graph, person, 12) for person in people}

    assert answers == {person: [str(number) for number in range(12)] for person in people}


async def _until_dead(service: Service) -> None:
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while service.running:  # noqa: ASYNC110 - a process tells nobody when it ends
            await asyncio.sleep(0.05)
