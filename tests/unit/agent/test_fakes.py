"""The fake ledger keeps the promises of the real one."""

from uuid import uuid4

import pytest

from shared.events.ids import TenantId
from tests.support.ledgers import LedgerPromises
from tests.unit.agent.fakes import LedgerInMemory


class TestLedgerInMemory(LedgerPromises):
    """In memory."""

    @pytest.fixture
    def ledger(self) -> LedgerInMemory:
        return LedgerInMemory()

    @pytest.fixture
    def tenant_id(self) -> TenantId:
        return TenantId(uuid4())
