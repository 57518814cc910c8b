"""A service with tables of its own: a process that consumes Kafka, keeps Postgres and answers internal HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from prometheus_client import REGISTRY, CollectorRegistry
from redis.asyncio import Redis

from shared.errors import Unavailable
from shared.runtime.http import create_app
from shared.runtime.kafka import Bus, Options, RedisAttempts
from shared.runtime.postgres import Database
from shared.runtime.postgres_metrics import PoolMetrics, StatementMetrics
from shared.runtime.redis import command_client
from shared.runtime.settings import StoreSettings


@dataclass(frozen=True, slots=True)
class Service:
    """What every such process has while it runs; `stack` closes what a service opens beside, in reverse order."""

    app: FastAPI
    bus: Bus
    database: Database
    redis: Redis
    stack: AsyncExitStack
    pools: PoolMetrics
    timings: StatementMetrics | None
    """None: nobody times the statements of this service."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a service is called, and how Postgres is to plan its statements."""

    name: str
    plans: Mapping[str, str]
    statements: Mapping[str, str] | None = None
    """Statement -> name: they are timed. Where people wait for every statement, none are."""


def create_service(
    identity: Identity,
    settings: StoreSettings,
    compose: Callable[[Service], Awaitable[None]],
    registry: CollectorRegistry = REGISTRY,
) -> FastAPI:
    """An application whose lifespan opens the pools, has `compose` add routes and subscriptions, and starts the bus."""
    running: list[Service] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            service = await _open(identity, settings, registry, app, stack)
            await compose(service)
            await service.bus.start()
            stack.push_async_callback(service.bus.stop)
            running.append(service)
            yield
            running.clear()

    def alive() -> str | None:
        return None if not running or running[0].bus.health().alive else "Kafka consumption has stalled"

    async def kafka() -> None:
        health = running[0].bus.health() if running else None
        if health is None or not health.ready:
            raise Unavailable("not yet consuming")

    async def postgres() -> None:
        if running:
            await running[0].database.ping()

    ready = {"kafka": kafka, "postgres": postgres}
    title = f"Parley {identity.name}"
    return create_app(alive=alive, ready=ready, title=title, lifespan=lifespan, docs_url=None, redoc_url=None)


async def _open(
    identity: Identity, settings: StoreSettings, registry: CollectorRegistry, app: FastAPI, stack: AsyncExitStack
) -> Service:
    timings = None if identity.statements is None else StatementMetrics(registry, identity.statements)
    database = await Database.open(
        settings.postgres.get_secret_value(),
        name=f"parley-{identity.name}",
        size=settings.postgres_connections,
        server_settings=identity.plans,
        timed=timings,
    )
    stack.push_async_callback(database.close)
    pools = PoolMetrics(registry)
    pools.watch(identity.name, database)
    redis = command_client(settings.redis.get_secret_value())
    stack.push_async_callback(redis.aclose)
    options = Options(attempts=RedisAttempts(redis), registry=registry)
    bus = Bus(settings.kafka, client_id=identity.name, options=options)
    return Service(app, bus, database, redis, stack, pools, timings)
