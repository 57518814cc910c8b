"""Brings schemas up to date: roles, schemas, and each schema's alembic revisions with plain SQL.

Run as the database owner. Services connect with a role that owns nothing, so that row-level security binds them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from alembic import command, op
from alembic.config import Config

_LOCK = 7_326_901_145


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, who uses it, and the revisions that make it."""

    name: str
    role: str
    revisions: Path


def run_sql(script: str) -> None:
    """Run a script of several statements inside the revision's transaction."""
    adapted = op.get_bind().connection.dbapi_connection
    if adapted is None:
        raise RuntimeError("a revision runs on an open connection")
    adapted.run_async(lambda connection: connection.execute(script))


def migrate(url: str, role_password: str, schemas: Sequence[Schema]) -> None:
    """Create roles and schemas and apply the revisions that are missing. Safe to run twice or at the same time."""
    asyncio.run(_prepare(url, role_password, schemas))
    for schema in schemas:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("version_locations", str(schema.revisions))
        config.set_main_option("path_separator", "os")
        config.attributes["url"] = url
        config.attributes["schema"] = schema.name
        command.upgrade(config, "heads")


async def _prepare(url: str, role_password: str, wanted: Sequence[Schema]) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute("create extension if not exists vector")
            for role in sorted({schema.role for schema in wanted}):
                await _ensure_role(connection, role, role_password)
            for schema in wanted:
                await _ensure_schema(connection, schema)
    finally:
        await connection.close()


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    exists = await connection.fetchval("select true from pg_roles where rolname = $1", role)
    verb = "alter" if exists else "create"
    quoted = await connection.fetchval("select quote_literal($1::text)", password)
    await connection.execute(f"{verb} role {role} login nosuperuser nobypassrls password {quoted}")


async def _ensure_schema(connection: asyncpg.Connection, schema: Schema) -> None:
    await connection.execute(f"create schema if not exists {schema.name}")
    await connection.execute(f"grant usage on schema {schema.name} to {schema.role}")
    await connection.execute(
        f"alter default privileges in schema {schema.name} "
        f"grant select, insert, update, delete on tables to {schema.role}"
    )
