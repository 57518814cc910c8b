"""An order over WhatsApp, from the first message to the invoice, through all four services."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from pypdf import PdfReader

from services.gateway.whatsapp.pseudonyms import user_of
from shared.events.ids import OPEN_TENANT
from shared.runtime.polling import read_until
from tests.journeys.conftest import DOMAINS
from tests.support import whatsapp
from tests.support.graph_server import GraphServer, Received
from tests.support.http_server import served
from tests.support.servers import Servers
from tests.support.stack import Stack, free_port, started_stack
from tests.support.whatsapp import notify, value, words

PATIENCE = timedelta(seconds=30)


@pytest.fixture
async def graph() -> AsyncIterator[tuple[GraphServer, str]]:
    graph = GraphServer()
    async with served(graph.app(), free_port()) as url:
        yield graph, url


@pytest.fixture
async def stack(
    servers: Servers, seeded: None, graph: tuple[GraphServer, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    more = whatsapp.environment(graph[1], "orders")
    starting = started_stack(servers, tmp_path_factory.mktemp("orders"), domains=DOMAINS, more=more)
    stack = await asyncio.to_thread(starting.__enter__)
    try:
        for service in stack.services.values():
            await asyncio.to_thread(service.ready)
        yield stack
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


async def test_repeated_message_places_one_order_and_its_invoice_arrives(
    stack: Stack, graph: tuple[GraphServer, str]
) -> None:
    phone, server = f"9198{uuid4().int % 10**8:08}", graph[0]
    repeated = value(words(phone, f"wamid.{uuid4()}", "Hi, we need 400 boxes for 10 inch pizzas"))
    responses = await asyncio.gather(*(notify(stack.gateway.url, repeated) for _ in range(10)))

    async def got() -> list[Received]:
        return server.got(phone)

    confirmation, document = await read_until(got, lambda found: len(found) >= 2, within=PATIENCE)
    assert {response.status_code for response in responses} == {200}
    assert "400 x Pizza box 10 inch" in confirmation.text
    name, media_type, content = server.files[document.body["document"]["id"]]
    assert (document.body["document"]["filename"], media_type) == (name, "application/pdf")
    assert name.removesuffix(".pdf") in PdfReader(BytesIO(content)).pages[0].extract_text()
    user_id = user_of(OPEN_TENANT, phone, SecretStr("key-of-the-tests"))
    async with httpx.AsyncClient(base_url=stack.gateway.url, trust_env=False) as client:
        orders = (await client.get("/api/orders", params={"user_id": user_id})).json()["orders"]
    assert len(orders) == 1
