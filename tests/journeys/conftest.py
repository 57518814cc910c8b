"""One running system for all journeys, with every installed pack and its data."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest

from shared.domains.registry import load_domains
from shared.events.ids import OPEN_TENANT
from shared.runtime.postgres import Database
from tests.support.client import Client
from tests.support.servers import Servers
from tests.support.stack import Stack, running_stack

INSTALLED = load_domains()
DOMAINS = json.dumps([*INSTALLED, "tests.support.scripted:DOMAIN"])


async def seed(servers: Servers) -> None:
    """Load the packs' own data as `parley seed` does."""
    database = await Database.open(servers.role_url("agent"), name="seed", size=1)
    for domain in INSTALLED.values():
        for each in domain.seeds:
            assert (await each.load(database, OPEN_TENANT, each.file)).rejected == ()
    await database.close()


@pytest.fixture(scope="session")
async def seeded(servers: Servers) -> None:
    await seed(servers)


@pytest.fixture(scope="session")
def stack(servers: Servers, seeded: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(servers, tmp_path_factory.mktemp("services"), domains=DOMAINS) as running:
        yield running


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[Client]:
    async with Client(stack.gateway.url) as client:
        yield client
