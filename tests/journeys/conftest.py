"""One running system for all journeys."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.client import Client
from tests.support.servers import Servers
from tests.support.stack import Stack, running_stack

DOMAINS = '["property", "tests.support.scripted:DOMAIN"]'


@pytest.fixture(scope="session")
def stack(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(servers, tmp_path_factory.mktemp("services"), domains=DOMAINS) as running:
        yield running


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[Client]:
    async with Client(stack.gateway.url) as client:
        yield client
