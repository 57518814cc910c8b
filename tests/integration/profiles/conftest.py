"""Profiles on a real Postgres, each test with a tenant of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.profiles.formulas import Formulas
from services.profiles.metrics import ProfilesMetrics
from services.profiles.reading import Reader, Stores
from services.profiles.scoring import interact
from services.profiles.store import Leads, People, Profiles
from shared.events.ids import TenantId
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from tests.support.servers import Servers
from tests.support.signals import simple_score

SUBJECTS = Subjects(SecretStr("of the tests"))
FORMULAS = Formulas({"property": {"simple.1": simple_score}})


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the profiles service under test, on one database."""

    database: Database
    profiles: Profiles
    people: People
    reader: Reader


@pytest.fixture
async def service(servers: Servers) -> AsyncIterator[Service]:
    database = await Database.open(servers.role_url("profiles"), name="test")
    metrics = ProfilesMetrics(CollectorRegistry())
    profiles = Profiles(database, SUBJECTS, partial(interact, formulas=FORMULAS), metrics)
    people = People(database)
    reader = Reader(Stores(people, Leads(database)), profiles, now=lambda: datetime.now(UTC), metrics=metrics)
    yield Service(database, profiles, people, reader)
    await database.close()


@pytest.fixture
def tenant_id() -> TenantId:
    return TenantId(uuid4())
