"""Memory on a real Postgres, each test with a tenant of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.memory.metrics import MemoryMetrics
from services.memory.reading import Reader
from services.memory.store import History, Transcripts, Weeks
from shared.events.ids import TenantId
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from tests.integration.memory.recalling import Bench
from tests.support.servers import Servers
from tests.support.turns import Conversation, now

SUBJECTS = Subjects(SecretStr("of the tests"))


@dataclass(frozen=True, slots=True)
class Memory:
    """The parts of memory under test, on one database."""

    database: Database
    transcripts: Transcripts
    history: History
    reader: Reader
    metrics: MemoryMetrics


@pytest.fixture
async def memory(servers: Servers) -> AsyncIterator[Memory]:
    database = await Database.open(servers.role_url("memory"), name="test")
    metrics = MemoryMetrics(CollectorRegistry())
    history = History(database)
    reader = Reader(history, wait=timedelta(milliseconds=300), now=now, metrics=metrics)
    yield Memory(database, Transcripts(database, Weeks(database), metrics, SUBJECTS), history, reader, metrics)
    await database.close()


@pytest.fixture
def conversation() -> Conversation:
    return Conversation(tenant_id=TenantId(uuid4()))


@pytest.fixture
async def bench(memory: Memory) -> AsyncIterator[Bench]:
    bench = Bench(memory, Conversation(TenantId(uuid4())))
    yield bench
    async with memory.database.tenant(bench.talk.tenant_id) as connection:
        await connection.execute("delete from memory.passages")  # other tests' embedders need not make up for them
