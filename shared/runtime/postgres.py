"""Postgres: one pool a process, and every connection bound to the tenant it works for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import cast
from uuid import UUID

import asyncpg
import orjson

from shared.errors import Retry, Unavailable

_UNREACHABLE = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.DiskFullError,
)
_COMMAND_SECONDS = 10
_STATEMENT_SECONDS = 10
"""How long a connection keeps a prepared statement, and its plan where that is made once: a plan for tables that were
empty does not outlive them by much."""
_CONTENDED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class TenantConnection(asyncpg.Connection):
    """A connection that remembers which tenant it is bound to, so that binding it again costs nothing."""

    _bound_to: UUID | None = None

    async def bind(self, tenant_id: UUID) -> None:
        """Show this connection the rows of one tenant only."""
        if self._bound_to != tenant_id:
            await self.execute("select set_config('app.tenant', $1, false)", str(tenant_id))
            self._bound_to = tenant_id


@dataclass(frozen=True, slots=True)
class Connections:
    """Connections of a pool: at work, open, and how many may be."""

    in_use: int
    open: int
    limit: int


Timed = Callable[[str, float], None]
"""Told of each statement, failed ones too, and how many seconds it took."""


class Database:
    """A pool of connections under row-level security.

    Whatever runs on a connection sees the rows of its tenant only. A server that is down or too slow raises
    `Unavailable`; a deadlock raises `Retry`.
    """

    def __init__(self, pool: asyncpg.Pool, acquire_timeout: timedelta) -> None:
        self._pool = pool
        self._acquire_timeout = acquire_timeout.total_seconds()

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        name: str,
        size: int = 10,
        server_settings: Mapping[str, str] | None = None,
        timed: Timed | None = None,
    ) -> "Database":
        """A pool that connects when it is first used: a server that is down at start is its users' `Unavailable`.

        `name` shows in pg_stat_activity; `server_settings` hold for every connection.
        """
        pool = await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=size,
            command_timeout=_COMMAND_SECONDS,
            max_cached_statement_lifetime=_STATEMENT_SECONDS,
            timeout=5,
            connection_class=TenantConnection,
            init=_set_codecs if timed is None else partial(_set_up, timed),
            reset=_keep,
            server_settings={"application_name": name, "jit": "off", **(server_settings or {})},
        )
        return cls(pool, timedelta(seconds=5))

    async def close(self) -> None:
        """Close all connections, by force when they do not finish within seconds."""
        try:
            async with asyncio.timeout(5):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def tenant(self, tenant_id: UUID) -> AsyncIterator[TenantConnection]:
        """A connection bound to one tenant. Each statement is its own transaction."""
        with _Classified():
            async with self._pool.acquire(timeout=self._acquire_timeout) as lent:
                connection = cast(TenantConnection, lent)
                await connection.bind(tenant_id)
                yield connection

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID) -> AsyncIterator[TenantConnection]:
        """A transaction bound to one tenant."""
        async with self.tenant(tenant_id) as connection, connection.transaction():
            yield connection

    async def ping(self) -> None:
        """Raise `Unavailable` unless the server answers."""
        with _Classified():
            async with asyncio.timeout(2):
                await self._pool.fetchval("select 1")

    @property
    def connections(self) -> Connections:
        """How much of the pool is taken."""
        size = self._pool.get_size()
        return Connections(size - self._pool.get_idle_size(), size, self._pool.get_max_size())


async def _keep(connection: object) -> None:
    """Nothing to reset: the tenant is checked at each acquire and no code changes other session state."""


async def _set_up(timed: Timed, connection: asyncpg.Connection) -> None:
    await _set_codecs(connection)
    connection.add_query_logger(lambda query: timed(query.query, query.elapsed))


async def _set_codecs(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda stored: orjson.loads(stored[1:]),
    )


class _Classified:
    """Turns asyncpg's errors into what to do next."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, _CONTENDED):
            raise Retry(f"Postgres: {error}") from error
        if isinstance(error, _UNREACHABLE):
            raise Unavailable(f"Postgres: {type(error).__name__}: {error}") from error
