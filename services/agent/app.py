"""Puts the agent together: pools, stores, packs, and one table that binds each event to its handler."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis

from services.agent.answer import Answering
from services.agent.cancellation import Cancellations
from services.agent.handlers import on_session_deleted, on_session_opened, on_turn_cancel_requested
from services.agent.minds import Minds
from services.agent.people import People
from services.agent.routes import internal_routes
from services.agent.settings import AgentSettings
from services.agent.store import FrameStore, Ledger
from services.agent.turn import Agent, give_up, run_turn
from shared.domains.base import AnyDomain, Scope
from shared.domains.registry import load_domains
from shared.errors import Unavailable
from shared.events.topics import TURNS
from shared.events.turns import SessionDeleted, SessionOpened, TurnCancelRequested, TurnSubmitted
from shared.runtime.http import create_app
from shared.runtime.kafka import Bus, Handler, Options, RedisAttempts, Subscription
from shared.runtime.postgres import Database
from shared.runtime.redis import command_client

_LEDGER_PLANS = {"enable_hashjoin": "off", "enable_mergejoin": "off"}
"""Every statement of the ledger looks rows up by key, a batch at a time; a plan that scans is never right."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What lives as long as the process."""

    bus: Bus
    ledger_database: Database
    packs_database: Database
    redis: Redis


def create_agent(settings: AgentSettings) -> FastAPI:
    """The agent as an application: internal HTTP API, and its Kafka consumer in the lifespan."""
    parts: list[_Parts] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = await _open(settings, stack)
            ledger = Ledger(opened.ledger_database)
            app.include_router(internal_routes(ledger))
            await _consume(settings, opened, ledger, stack)
            parts.append(opened)
            yield
            parts.clear()

    def alive() -> str | None:
        return None if not parts or parts[0].bus.health().alive else "Kafka consumption has stalled"

    async def kafka() -> None:
        if not parts or not parts[0].bus.health().ready:
            raise Unavailable("not yet consuming")

    async def postgres() -> None:
        if parts:
            await parts[0].ledger_database.ping()

    ready = {"kafka": kafka, "postgres": postgres}
    return create_app(alive=alive, ready=ready, title="Parley agent", lifespan=lifespan, docs_url=None)


async def _open(settings: AgentSettings, stack: AsyncExitStack) -> _Parts:
    url, size = settings.postgres.get_secret_value(), settings.postgres_connections
    ledger = await Database.open(url, size=size, name="parley-agent", server_settings=_LEDGER_PLANS)
    stack.push_async_callback(ledger.close)
    packs = await Database.open(url, size=size, name="parley-agent-packs")
    stack.push_async_callback(packs.close)
    redis = command_client(settings.redis.get_secret_value())
    stack.push_async_callback(redis.aclose)
    bus = Bus(settings.kafka, client_id="agent", options=Options(attempts=RedisAttempts(redis)))
    return _Parts(bus, ledger, packs, redis)


async def _consume(settings: AgentSettings, parts: _Parts, ledger: Ledger, stack: AsyncExitStack) -> None:
    domains = load_domains(settings.domains)
    minds = Minds(domains, parts.packs_database, _now)
    await minds.train()
    profiles = await stack.enter_async_context(httpx.AsyncClient(base_url=settings.profiles_url, trust_env=False))

    def tools(domain: AnyDomain, scope: Scope) -> Any:
        return domain.tools(parts.packs_database, scope)

    people = People(profiles, ledger.last_signalled, settings.profile_deadline)
    cancellations = Cancellations()
    agent = Agent(
        ledger=ledger,
        marks=FrameStore(parts.redis),
        answer=Answering(domains, tools, minds, people, _now),
        publish=parts.bus.publish_all,
        cancellations=cancellations,
        clock=_now,
        deadline=settings.turn_deadline,
    )
    parts.bus.subscribe(_subscription(settings, agent, ledger))
    await parts.bus.start()
    stack.push_async_callback(parts.bus.stop)


def _subscription(settings: AgentSettings, agent: Agent, ledger: Ledger) -> Subscription:
    cancellations = agent.cancellations
    forget_session = partial(on_session_deleted, ledger=ledger, cancellations=cancellations, clock=_now)
    return Subscription(
        topics=(TURNS.name,),
        group="agent",
        handlers=(
            Handler(SessionOpened, partial(on_session_opened, ledger=ledger)),
            Handler(TurnSubmitted, partial(run_turn, agent=agent), exhausted=lambda turn, _: give_up(turn, agent)),
            Handler(
                TurnCancelRequested,
                partial(on_turn_cancel_requested, cancellations=cancellations),
                on_read=cancellations.cancel,
            ),
            Handler(SessionDeleted, forget_session, on_read=cancellations.delete),
        ),
        concurrency=settings.concurrency,
        pending=2 * settings.concurrency,
    )


def _now() -> datetime:
    return datetime.now(UTC)
