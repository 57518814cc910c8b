"""The agent's stores on real servers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import SecretStr

from services.agent.store import FrameStore, Ledger
from shared.events.ids import TenantId
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from shared.runtime.redis import PipelinedConnection
from tests.support.servers import Servers

SUBJECTS = Subjects(SecretStr("of the tests"))
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def tenant_id() -> TenantId:
    return TenantId(uuid4())


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("agent"), name="test", size=4)
    yield database
    await database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, SUBJECTS)


@pytest.fixture
async def frame_store(servers: Servers) -> AsyncIterator[FrameStore]:
    connection = PipelinedConnection(servers.redis)
    yield FrameStore(connection)
    await connection.close()
