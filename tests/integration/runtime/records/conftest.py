"""A record over a table of its own, served over HTTP."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from pydantic import BaseModel, Field
from uuid_utils.compat import uuid7

from shared.runtime.http import create_app
from shared.runtime.postgres import Database
from shared.runtime.records import EQUAL, RANGE, Record, RecordTable, record_routes
from tests.support.servers import Servers

_TABLE = """
create schema if not exists crates;
create table if not exists crates.crates (
    tenant_id uuid not null,
    id uuid not null,
    label text not null check (label <> 'cursed'),
    kind text not null,
    weight numeric(8, 2) not null,
    packed date not null,
    tags text[] not null,
    notes jsonb not null,
    owner text,
    sealed boolean not null default false,
    primary key (tenant_id, id)
);
alter table crates.crates enable row level security;
alter table crates.crates force row level security;
drop policy if exists tenant on crates.crates;
create policy tenant on crates.crates using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant usage on schema crates to parley_memory;
grant select, insert, update, delete on crates.crates to parley_memory;
"""


class Crate(BaseModel):
    """One row."""

    id: UUID
    label: Annotated[str, Field(min_length=1, max_length=20)]
    kind: Literal["box", "pallet"] = "box"
    weight: Annotated[Decimal, Field(ge=0)]
    packed: date
    tags: tuple[str, ...] = ()
    notes: dict[str, int] = {}
    owner: str | None
    sealed: bool


CRATES = Record(
    name="crates",
    table="crates.crates",
    model=Crate,
    key="id",
    new_key=uuid7,
    writable=frozenset({"label", "kind", "weight", "tags", "notes", "owner"}),
    initial=frozenset({"packed"}),
    filters={"kind": EQUAL, "weight": RANGE, "packed": RANGE, "owner": EQUAL},
    orders=("packed", "weight", "id"),
)


@pytest.fixture(scope="session")
async def table(servers: Servers) -> None:
    connection = await asyncpg.connect(servers.postgres)
    await connection.execute(_TABLE)
    await connection.close()


@pytest.fixture
async def crates(servers: Servers, table: None) -> AsyncIterator[httpx.AsyncClient]:
    """The records' API as one tenant of its own sees it."""
    database = await Database.open(servers.role_url("memory"), name="test")
    app = create_app(alive=lambda: None, ready={})
    app.include_router(record_routes(RecordTable(database, CRATES)))
    headers = {"x-parley-tenant": str(uuid4())}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://records", headers=headers) as client:
        yield client
    await database.close()
