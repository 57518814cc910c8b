"""Puts the profiles service together: pools, stores, formulas, and one table that binds each event to its handler."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI
from prometheus_client import REGISTRY, CollectorRegistry

from services.profiles import handlers
from services.profiles.metrics import ProfilesMetrics
from services.profiles.reading import Reader
from services.profiles.routes import internal_routes
from services.profiles.scoring import formulas_of, interact
from services.profiles.settings import ProfilesSettings
from services.profiles.store import People, Profiles
from shared.domains.registry import load_domains
from shared.errors import Unavailable
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.signals import SignalsObserved
from shared.events.topics import REPLIES, SIGNALS
from shared.runtime.http import create_app
from shared.runtime.kafka import Bus, Handler, Options, RedisAttempts, Subscription
from shared.runtime.postgres import Database
from shared.runtime.redis import command_client

_PLANS = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
"""Every statement looks rows up by key; a plan that reads a whole table is only ever made from old statistics."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What lives as long as the process."""

    bus: Bus
    database: Database


def create_profiles(settings: ProfilesSettings, registry: CollectorRegistry = REGISTRY) -> FastAPI:
    """The service as an application: internal HTTP API, with its consumers in the lifespan."""
    parts: list[_Parts] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = await _open(settings, registry, stack)
            await _run(app, settings, opened, ProfilesMetrics(registry), stack)
            parts.append(opened)
            yield
            parts.clear()

    def alive() -> str | None:
        return None if not parts or parts[0].bus.health().alive else "Kafka consumption has stalled"

    async def kafka() -> None:
        health = parts[0].bus.health() if parts else None
        if health is None or not health.ready or not all(group.assigned for group in health.groups):
            raise Unavailable("not yet consuming")

    async def postgres() -> None:
        if parts:
            await parts[0].database.ping()

    ready = {"kafka": kafka, "postgres": postgres}
    return create_app(alive=alive, ready=ready, title="Parley profiles", lifespan=lifespan, docs_url=None)


async def _open(settings: ProfilesSettings, registry: CollectorRegistry, stack: AsyncExitStack) -> _Parts:
    url, size = settings.postgres.get_secret_value(), settings.postgres_connections
    database = await Database.open(url, size=size, name="parley-profiles", server_settings=_PLANS)
    stack.push_async_callback(database.close)
    redis = command_client(settings.redis.get_secret_value())
    stack.push_async_callback(redis.aclose)
    bus = Bus(settings.kafka, client_id="profiles", options=Options(attempts=RedisAttempts(redis), registry=registry))
    return _Parts(bus, database)


async def _run(
    app: FastAPI, settings: ProfilesSettings, parts: _Parts, metrics: ProfilesMetrics, stack: AsyncExitStack
) -> None:
    formulas = formulas_of(load_domains(settings.domains).values())
    profiles = Profiles(parts.database, partial(interact, formulas=formulas), metrics)
    reader = Reader(People(parts.database), profiles, now=_now, metrics=metrics)
    app.include_router(internal_routes(reader, settings.longest_wait))
    parts.bus.subscribe(_subscription(settings, profiles, parts.bus))
    await parts.bus.start()
    stack.push_async_callback(parts.bus.stop)


def _subscription(settings: ProfilesSettings, profiles: Profiles, bus: Bus) -> Subscription:
    observed = partial(handlers.on_signals_observed, profiles=profiles, publish=bus.publish_all)
    return Subscription(
        topics=(SIGNALS.name, REPLIES.name),
        group="profiles",
        handlers=(
            Handler(SignalsObserved, observed),
            Handler(TurnCompleted, partial(handlers.on_turn_completed, profiles=profiles)),
        ),
        ignores=(TurnFailed, TurnCancelled),
        batch=True,
        concurrency=settings.concurrency,
        pending=4 * settings.concurrency,
    )


def _now() -> datetime:
    return datetime.now(UTC)
