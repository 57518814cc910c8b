"""A sending half on a real Postgres."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.gateway.whatsapp.graph import GraphClient
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from tests.integration.gateway.whatsapp.post import SECOND, Post
from tests.support import whatsapp
from tests.support.graph_server import GraphServer
from tests.support.http_server import served
from tests.support.servers import Servers


@pytest.fixture(scope="module")
async def graph() -> GraphServer:
    return GraphServer()


@pytest.fixture(scope="module")
async def graph_url(graph: GraphServer) -> AsyncIterator[str]:
    async with served(graph.app()) as url:
        yield url


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("gateway"), name="test")
    yield database
    await database.close()


@pytest.fixture
async def post(database: Database, graph: GraphServer, graph_url: str) -> AsyncIterator[Post]:
    tenant_id = TenantId(uuid4())
    number = {"phone_number_id": whatsapp.NUMBER, "domain": "painted", "access_token": "t", "tenant_id": tenant_id}
    settings = whatsapp.settings(graph_url, numbers=[number], send_within="PT2S")
    async with GraphClient(graph_url, "v23.0", within=2 * SECOND, at_once=32) as client:
        yield Post(tenant_id, settings, database, graph, client)


@pytest.fixture
def phone() -> str:
    return f"9198{uuid4().int % 10**8:08}"
