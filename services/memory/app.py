"""Puts memory together: pools, stores, upkeep, and one table that binds each event to its handler."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI
from prometheus_client import REGISTRY, CollectorRegistry

from services.memory import handlers
from services.memory.metrics import MemoryMetrics
from services.memory.reading import Reader
from services.memory.routes import internal_routes
from services.memory.settings import MemorySettings
from services.memory.store import History, Transcripts, Weeks
from shared.errors import Unavailable
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.topics import REPLIES, TURNS
from shared.events.turns import SessionDeleted, SessionOpened, TurnCancelRequested, TurnSubmitted
from shared.runtime.http import create_app
from shared.runtime.jobs import Job, running
from shared.runtime.kafka import Bus, Handler, Options, RedisAttempts, Subscription
from shared.runtime.postgres import Database
from shared.runtime.redis import command_client

_PLANS = {"enable_seqscan": "off"}
"""Every statement looks rows up by key; a plan that reads a whole table is only ever made from old statistics."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What lives as long as the process."""

    bus: Bus
    database: Database


def create_memory(settings: MemorySettings, registry: CollectorRegistry = REGISTRY) -> FastAPI:
    """Memory as an application: internal HTTP API, with its consumer and its upkeep in the lifespan."""
    parts: list[_Parts] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = await _open(settings, registry, stack)
            await _run(app, settings, opened, MemoryMetrics(registry), stack)
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
    return create_app(alive=alive, ready=ready, title="Parley memory", lifespan=lifespan, docs_url=None)


async def _open(settings: MemorySettings, registry: CollectorRegistry, stack: AsyncExitStack) -> _Parts:
    url, size = settings.postgres.get_secret_value(), settings.postgres_connections
    database = await Database.open(url, size=size, name="parley-memory", server_settings=_PLANS)
    stack.push_async_callback(database.close)
    redis = command_client(settings.redis.get_secret_value())
    stack.push_async_callback(redis.aclose)
    bus = Bus(settings.kafka, client_id="memory", options=Options(attempts=RedisAttempts(redis), registry=registry))
    return _Parts(bus, database)


async def _run(
    app: FastAPI, settings: MemorySettings, parts: _Parts, metrics: MemoryMetrics, stack: AsyncExitStack
) -> None:
    weeks = Weeks(parts.database)
    transcripts = Transcripts(parts.database, weeks, metrics)
    reader = Reader(History(parts.database), wait=settings.read_wait, now=_now, metrics=metrics)
    app.include_router(internal_routes(reader))
    await stack.enter_async_context(running(*_jobs(settings, weeks, transcripts)))
    parts.bus.subscribe(_subscription(settings, transcripts))
    await parts.bus.start()
    stack.push_async_callback(parts.bus.stop)


def _subscription(settings: MemorySettings, transcripts: Transcripts) -> Subscription:
    return Subscription(
        topics=(TURNS.name, REPLIES.name),
        group="memory",
        handlers=(
            Handler(SessionOpened, partial(handlers.on_session_opened, transcripts=transcripts)),
            Handler(TurnSubmitted, partial(handlers.on_turn_submitted, transcripts=transcripts)),
            Handler(SessionDeleted, partial(handlers.on_session_deleted, transcripts=transcripts)),
            Handler(TurnCompleted, partial(handlers.on_turn_completed, transcripts=transcripts)),
            Handler(TurnFailed, partial(handlers.on_turn_unanswered, transcripts=transcripts)),
            Handler(TurnCancelled, partial(handlers.on_turn_unanswered, transcripts=transcripts)),
        ),
        ignores=(TurnCancelRequested,),
        batch=True,
        concurrency=settings.concurrency,
        pending=4 * settings.concurrency,
    )


def _jobs(settings: MemorySettings, weeks: Weeks, transcripts: Transcripts) -> tuple[Job, ...]:
    return (
        Job("weeks", timedelta(hours=6), lambda: weeks.ensure_ahead(_now(), weeks=settings.weeks_ahead)),
        Job("expiry", timedelta(minutes=1), lambda: transcripts.forget_expired(_now())),
    )


def _now() -> datetime:
    return datetime.now(UTC)
