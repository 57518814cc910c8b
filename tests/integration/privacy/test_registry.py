"""Nothing is kept that nobody declared: access and erasure know every table and column there is."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.agent import personal_data as agent
from services.gateway import personal_data as gateway
from services.memory import personal_data as memory
from services.profiles import personal_data as profiles
from shared.domains.registry import load_domains
from shared.privacy.registry import merged
from tests.support.servers import Servers

PACKS = merged(*(domain.personal for domain in load_domains().values()))
SERVICES = {
    "agent": merged(agent.PERSONAL, PACKS),
    "gateway": gateway.PERSONAL,
    "memory": memory.PERSONAL,
    "profiles": profiles.PERSONAL,
}
EVERYTHING = merged(*SERVICES.values())

_COLUMNS = """
select table_schema || '.' || table_name as name, array_agg(column_name::text) as columns
from information_schema.columns
join information_schema.tables using (table_schema, table_name)
join pg_class on pg_class.oid = format('%I.%I', table_schema, table_name)::regclass
where table_schema not in ('public', 'information_schema') and table_schema not like 'pg\\_%'
    and table_type = 'BASE TABLE' and not relispartition and table_name <> 'alembic_version'
group by 1
"""

_TYPES = """
select format('%I.%I', table_schema, table_name) as name, column_name, data_type from information_schema.columns
"""


@pytest.fixture
async def owner(servers: Servers) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(servers.postgres)
    yield connection
    await connection.close()


async def test_every_table_and_column_is_declared_and_nothing_else(owner: asyncpg.Connection) -> None:
    there = {row["name"]: frozenset(row["columns"]) for row in await owner.fetch(_COLUMNS)}
    assert EVERYTHING.columns() == there


async def test_whoever_is_named_in_a_table_that_is_kept_is_not_one_of_us() -> None:
    named = {kept.table for kept in EVERYTHING.kept if "user_id" in kept.columns}
    assert named == set()


@pytest.mark.parametrize("service", SERVICES)
async def test_time_since_when_is_a_time(owner: asyncpg.Connection, service: str) -> None:
    types = {(row["name"], row["column_name"]): row["data_type"] for row in await owner.fetch(_TYPES)}
    times = {(holding.table, holding.since) for holding in SERVICES[service].holdings if holding.since}
    assert {types[each] for each in times} == {"timestamp with time zone"}


@pytest.mark.parametrize("service", SERVICES)
async def test_a_persons_rows_are_found_by_an_index(owner: asyncpg.Connection, service: str) -> None:
    for holding in SERVICES[service].holdings:
        leading = await owner.fetch(
            "select pg_get_indexdef(indexrelid) as index from pg_index where indrelid = $1::text::regclass",
            holding.table,
        )
        assert any(f"(tenant_id, {holding.person}" in row["index"] for row in leading), holding.table
        for part in holding.parts:
            found = await owner.fetch(
                "select pg_get_indexdef(indexrelid) as index from pg_index where indrelid = $1::text::regclass",
                part.table,
            )
            assert any(f"(tenant_id, {part.of}" in row["index"] for row in found), part.table
