"""Puts the agent together: pools, stores, packs, and one table that binds each event to its handler."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
from fastapi import FastAPI
from prometheus_client import REGISTRY

from services.agent.answer import Answering
from services.agent.cancellation import Cancellations
from services.agent.erasure import Sessions, on_erasure_requested
from services.agent.handlers import on_session_deleted, on_session_opened, on_turn_cancel_requested
from services.agent.llm.metrics import ModelMetrics
from services.agent.llm.model import Model
from services.agent.llm.prompts import Prompts
from services.agent.minds import Minds
from services.agent.people import People
from services.agent.personal_data import PERSONAL
from services.agent.recall import Recall
from services.agent.routes import internal_routes, pack_routes, record_routes_of, usage_routes
from services.agent.scrubbing import Upkeep
from services.agent.scrubbing.metrics import UpkeepMetrics
from services.agent.settings import AgentSettings
from services.agent.store import FrameStore, Ledger, OldEndings, Traces, UsageBook
from services.agent.turn import Agent, give_up, run_turn
from shared.domains.base import AnyDomain, Scope
from shared.domains.registry import load_domains
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.topics import PRIVACY, TURNS
from shared.events.turns import SessionDeleted, SessionOpened, TurnCancelRequested, TurnSubmitted
from shared.privacy.detection import create_detector
from shared.privacy.erasure import Eraser
from shared.privacy.registry import Registry, merged
from shared.privacy.routes import personal_data_routes
from shared.privacy.scrubbing import Scrubber
from shared.privacy.store import PersonalData
from shared.privacy.subjects import Subjects
from shared.privacy.tasks import Tasks
from shared.privacy.upkeep import upkeep_routes
from shared.runtime.jobs import Job, running
from shared.runtime.kafka import Handler, Subscription
from shared.runtime.postgres import Database
from shared.runtime.process import utc_now
from shared.runtime.redis import PipelinedConnection
from shared.runtime.service import Identity, Service, create_service

_PLANS = {
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""Every statement of the ledger looks rows up by key, a batch at a time: a plan that scans is never right, and the one
that looks up is right for any batch, so it is made once."""
_UPKEEP_EVERY = timedelta(minutes=1)


def create_agent(settings: AgentSettings) -> FastAPI:
    """The agent as an application: internal HTTP API, and its Kafka consumer in the lifespan."""

    async def compose(service: Service) -> None:
        subjects = Subjects(settings.erasure_key)
        ledger, packs = Ledger(service.database, subjects), await _packs(settings, service)
        data = PersonalData(packs.database, "agent", packs.personal, subjects)
        service.app.include_router(internal_routes(ledger))
        service.app.include_router(usage_routes(UsageBook(service.database)))
        service.app.include_router(pack_routes(packs.domains, packs.tools))
        service.app.include_router(record_routes_of(packs.domains.values(), packs.database))
        service.app.include_router(personal_data_routes(data))
        upkeep = _upkeep(settings, service, packs)
        service.app.include_router(upkeep_routes(upkeep.standings))
        agent = await _agent(settings, service, ledger, packs)
        service.bus.subscribe(_subscription(settings, agent, ledger, _eraser(settings, service, packs, data)))
        await service.stack.enter_async_context(running(Job("upkeep", _UPKEEP_EVERY, upkeep.run)))

    return create_service(Identity("agent", _PLANS), settings, compose)


@dataclass(frozen=True, slots=True)
class _Packs:
    """The packs that answer here, and the database their tools read."""

    domains: Mapping[str, AnyDomain]
    database: Database

    def tools(self, domain: AnyDomain, scope: Scope) -> Any:
        return domain.tools(self.database, scope)

    @property
    def personal(self) -> Registry:
        """What the agent and its packs keep of people."""
        return merged(PERSONAL, *(domain.personal for domain in self.domains.values()))


async def _packs(settings: AgentSettings, service: Service) -> _Packs:
    # Packs query as they like: in a pool of their own, they neither hold up turns nor inherit the ledger's plans.
    database = await Database.open(
        settings.postgres.get_secret_value(), size=settings.postgres_connections, name="parley-packs"
    )
    service.stack.push_async_callback(database.close)
    service.pools.watch("packs", database)
    return _Packs(load_domains(settings.domains), database)


def _upkeep(settings: AgentSettings, service: Service, packs: _Packs) -> Upkeep:
    return Upkeep(
        tasks=Tasks(service.database, "agent"),
        endings=OldEndings(service.database),
        scrubber=Scrubber(create_detector(presidio=settings.scrub_presidio)),
        domains=packs.domains,
        scrub_after=settings.scrub_after,
        retain=settings.retain_messages,
        now=utc_now,
        metrics=UpkeepMetrics(REGISTRY),
    )


async def _agent(settings: AgentSettings, service: Service, ledger: Ledger, packs: _Packs) -> Agent:
    profiles = await service.stack.enter_async_context(_client(settings.profiles_url))
    memory = await service.stack.enter_async_context(_client(settings.memory_url))
    marks = PipelinedConnection(settings.redis.get_secret_value())
    service.stack.push_async_callback(marks.close)
    minds = Minds(packs.domains, packs.database, utc_now)
    await minds.train()
    people = People(profiles, ledger.last_signalled, settings.profile_deadline)
    talk = Recall(memory, settings.recall_deadline)
    model = await _model(settings, service, packs)
    return Agent(
        ledger=ledger,
        marks=FrameStore(marks),
        answer=Answering(packs.domains, packs.tools, minds, people, utc_now, model, talk),
        publish=service.bus.publish_all,
        cancellations=Cancellations(),
        clock=utc_now,
        deadline=settings.turn_deadline,
    )


def _client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, trust_env=False)


async def _model(settings: AgentSettings, service: Service, packs: _Packs) -> Model | None:
    """The models that are configured, if any."""
    if not settings.llm:
        return None
    from services.agent.llm.client import Client  # noqa: PLC0415 -- costs seconds and 80 MB, and may not be installed

    metrics = ModelMetrics(REGISTRY)
    client = Client(settings.llm, settings.llm_limits, metrics, at_once=settings.llm_at_once)
    service.stack.push_async_callback(client.close)
    return Model(client, Prompts.load(packs.domains), settings.llm_limits, metrics)


def _eraser(settings: AgentSettings, service: Service, packs: _Packs, data: PersonalData) -> Eraser:
    traces = Traces(packs.database, settings.redis.get_secret_value())
    sessions = Sessions(traces, service.bus.publish_all)
    return Eraser(service="agent", data=data, publish=service.bus.publish_all, clock=utc_now, beside=sessions.end)


def _subscription(settings: AgentSettings, agent: Agent, ledger: Ledger, eraser: Eraser) -> Subscription:
    cancellations = agent.cancellations
    forget_session = partial(on_session_deleted, ledger=ledger, cancellations=cancellations, clock=utc_now)
    return Subscription(
        topics=(TURNS.name, PRIVACY.name),
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
            Handler(ErasureRequested, partial(on_erasure_requested, eraser=eraser)),
        ),
        ignores=(ErasureCompleted,),
        concurrency=settings.concurrency,
        pending=2 * settings.concurrency,
    )
