"""A system of its own for faults: whatever breaks here breaks nobody else's test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.client import Client
from tests.support.outages import FragileServers, fragile_servers
from tests.support.stack import Stack, running_stack


@pytest.fixture(scope="session")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileServers]:
    with fragile_servers(tmp_path_factory.mktemp("fragile")) as servers:
        yield servers


@pytest.fixture(scope="session")
def fragile_stack(fragile: FragileServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    directory = tmp_path_factory.mktemp("fragile-services")
    domains = '["tests.support.scripted:DOMAIN"]'
    with running_stack(fragile.servers, directory, domains=domains) as running:
        yield running


@pytest.fixture
async def client(fragile_stack: Stack) -> AsyncIterator[Client]:
    async with Client(fragile_stack.gateway.url) as client:
        yield client
