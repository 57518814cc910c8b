"""The pack's tables on a real Postgres, with the rights of the agent, each test as a tenant of its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.domains.base import Scope
from shared.domains.property.loading import load_listings
from shared.domains.property.tools import PropertyTools
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from tests.support.property import LISTINGS_FILE
from tests.support.servers import Servers


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("agent"), name="test", size=2)
    yield database
    await database.close()


@pytest.fixture
def tenant_id() -> TenantId:
    return TenantId(uuid4())


@pytest.fixture
async def tools(database: Database, tenant_id: TenantId) -> PropertyTools:
    """The tools of one user, over the pack's own listings."""
    seeded = await load_listings(database, tenant_id, LISTINGS_FILE)
    assert seeded.rejected == ()
    return PropertyTools(database, Scope(tenant_id, "asha"))
