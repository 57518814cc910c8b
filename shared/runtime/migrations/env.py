"""Alembic's environment, the same for every schema: asyncpg, one transaction a revision, versions in the schema."""

import asyncio

from alembic import context
from sqlalchemy import Connection, make_url, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

_LOCK = 7_326_901_146


def _run(connection: Connection) -> None:
    schema = context.config.attributes["schema"]
    connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.commit()
    context.configure(
        connection=connection, version_table_schema=schema, transaction_per_migration=True, transactional_ddl=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def _upgrade() -> None:
    url = make_url(context.config.attributes["url"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_upgrade())
