"""The order desk's tables as its own files fill them, for a tenant of the test."""

from collections.abc import Callable

import pytest

from shared.domains.base import Scope
from shared.domains.orders.store import Shelf
from shared.domains.orders.tools import OrderTools
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from tests.support.orders import OUTLETS, PRODUCTS


@pytest.fixture
async def loaded(database: Database, tenant_id: TenantId) -> TenantId:
    """The tenant, with its products and outlets."""
    shelf = Shelf(database, tenant_id)
    await shelf.replace(PRODUCTS)
    await shelf.replace_outlets(OUTLETS)
    return tenant_id


@pytest.fixture
def tools_of(database: Database, loaded: TenantId) -> Callable[[str], OrderTools]:
    """The tools of a user."""
    return lambda user: OrderTools(database, Scope(loaded, user))
