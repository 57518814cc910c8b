"""The pack's tools over its own listings."""

import pytest

from shared.domains.base import Scope
from shared.domains.property.loading import load_listings
from shared.domains.property.tools import PropertyTools
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from tests.support.property import LISTINGS_FILE


@pytest.fixture
async def tools(database: Database, tenant_id: TenantId) -> PropertyTools:
    """The tools of one user, over the pack's own listings."""
    seeded = await load_listings(database, tenant_id, LISTINGS_FILE)
    assert seeded.rejected == ()
    return PropertyTools(database, Scope(tenant_id, "asha"))
