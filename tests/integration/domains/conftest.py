"""Packs' tables on a real Postgres, with the rights of the agent, each test as a tenant of its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from tests.support.servers import Servers


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("agent"), name="test", size=2)
    yield database
    await database.close()


@pytest.fixture
def tenant_id() -> TenantId:
    return TenantId(uuid4())
