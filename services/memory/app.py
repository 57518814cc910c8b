"""Puts memory together: pools, stores, upkeep, and one table that binds each event to its handler."""

import time
from datetime import timedelta
from functools import partial

from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY, CollectorRegistry

from services.memory import handlers
from services.memory.metrics import MemoryMetrics
from services.memory.monitoring.job import Measuring
from services.memory.monitoring.metrics import MonitoringMetrics
from services.memory.monitoring.report import Reporting
from services.memory.monitoring.routes import monitoring_routes
from services.memory.personal_data import PERSONAL
from services.memory.privacy import create_privacy
from services.memory.reading import Reader
from services.memory.recall.backlog import Backlog
from services.memory.recall.embedding import Embedding
from services.memory.recall.faq import FrequentQuestions
from services.memory.recall.recall import Recall
from services.memory.recall.routes import recall_routes
from services.memory.records.messages import ConversationMessages
from services.memory.records.routes import memory_records
from services.memory.records.sessions import ConversationSessions
from services.memory.records.summaries import InteractionSummaries
from services.memory.routes import internal_routes
from services.memory.settings import MemorySettings
from services.memory.store import STATEMENTS, History, Monitoring, Passages, Transcripts, Weeks
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.topics import PRIVACY, REPLIES, TURNS
from shared.events.turns import SessionDeleted, SessionOpened, TurnCancelRequested, TurnSubmitted
from shared.privacy.erasure import Eraser
from shared.privacy.handlers import on_erasure_completed, on_erasure_requested
from shared.privacy.routes import personal_data_routes
from shared.privacy.store import PersonalData
from shared.privacy.subjects import Subjects
from shared.privacy.tasks import Tasks
from shared.privacy.upkeep import upkeep_routes
from shared.runtime.embedding import open_embedder
from shared.runtime.jobs import Job, running
from shared.runtime.kafka import BatchHandler, Handler, Subscription
from shared.runtime.process import utc_now
from shared.runtime.service import Identity, Service, create_service

_PLANS = {"enable_seqscan": "off"}
"""Every statement looks rows up by key; a plan that reads a whole table is only ever made from old statistics."""
_EMBED_EVERY = timedelta(seconds=1)
_MEASURE_EVERY = timedelta(minutes=5)


def create_memory(settings: MemorySettings, registry: CollectorRegistry = REGISTRY) -> FastAPI:
    """Memory as an application: internal HTTP API, with its consumer and its upkeep in the lifespan."""

    async def compose(service: Service) -> None:
        metrics, weeks = MemoryMetrics(registry), Weeks(service.database)
        backlog, subjects = Backlog(), Subjects(settings.erasure_key)
        transcripts = Transcripts(service.database, weeks, metrics, subjects, noted=backlog.note)
        history = History(service.database)
        reader = Reader(history, wait=settings.read_wait, now=utc_now, metrics=metrics)
        monitoring = Monitoring(service.database)
        service.app.include_router(internal_routes(reader, monitoring))
        service.app.include_router(_records(service, history, transcripts))
        embedding = await _recall(settings, service, backlog, metrics)
        privacy = await create_privacy(settings, service, transcripts, weeks, metrics)
        service.app.include_router(upkeep_routes(privacy.overview.of))
        service.bus.subscribe(_subscription(settings, privacy.transcripts, _erasure(service, subjects)))
        measuring = _monitoring(service, monitoring, registry)
        jobs = (*_jobs(settings, weeks, transcripts), embedding, *privacy.jobs, measuring)
        await service.stack.enter_async_context(running(*jobs))

    return create_service(Identity("memory", _PLANS, STATEMENTS), settings, compose, registry)


async def _recall(settings: MemorySettings, service: Service, backlog: Backlog, metrics: MemoryMetrics) -> Job:
    """Adds the search over what people said; the job embeds it."""
    passages, embedder = Passages(service.database), await open_embedder(settings)
    service.stack.push_async_callback(embedder.close)
    recall = Recall(passages, embedder, within=settings.recall_embed_within)
    service.app.include_router(recall_routes(recall, FrequentQuestions(passages, recall)))
    return Job("embedding", _EMBED_EVERY, Embedding(passages, embedder, backlog, metrics, time.monotonic).run)


def _monitoring(service: Service, monitoring: Monitoring, registry: CollectorRegistry) -> Job:
    """Adds what operators see; the job measures it for whoever scrapes."""
    reporting = Reporting(monitoring=monitoring, database=service.database, timings=service.timings, now=utc_now)
    service.app.include_router(monitoring_routes(reporting, monitoring))
    metrics, tasks = MonitoringMetrics(registry), Tasks(service.database, "memory")
    measuring = Measuring(tasks=tasks, monitoring=monitoring, metrics=metrics, now=utc_now)
    return Job("monitoring", _MEASURE_EVERY, measuring.run)


def _records(service: Service, history: History, transcripts: Transcripts) -> APIRouter:
    return memory_records(
        ConversationSessions(service.database, transcripts, utc_now),
        ConversationMessages(service.database, history, transcripts),
        InteractionSummaries(service.database),
    )


def _erasure(service: Service, subjects: Subjects) -> Eraser:
    """Adds what is held of people; what is returned removes it."""
    data = PersonalData(service.database, "memory", PERSONAL, subjects)
    service.app.include_router(personal_data_routes(data))
    return Eraser(service="memory", data=data, publish=service.bus.publish_all, clock=utc_now)


def _subscription(settings: MemorySettings, transcripts: handlers.Transcripts, eraser: Eraser) -> Subscription:
    return Subscription(
        topics=(TURNS.name, REPLIES.name, PRIVACY.name),
        group="memory",
        handlers=(
            BatchHandler(SessionOpened, partial(handlers.on_sessions_opened, transcripts=transcripts)),
            BatchHandler(TurnSubmitted, partial(handlers.on_turns_submitted, transcripts=transcripts)),
            Handler(SessionDeleted, partial(handlers.on_session_deleted, transcripts=transcripts)),
            BatchHandler(TurnCompleted, partial(handlers.on_turns_completed, transcripts=transcripts)),
            BatchHandler(TurnFailed, partial(handlers.on_turns_unanswered, transcripts=transcripts)),
            BatchHandler(TurnCancelled, partial(handlers.on_turns_unanswered, transcripts=transcripts)),
            Handler(ErasureRequested, partial(on_erasure_requested, eraser=eraser)),
            Handler(ErasureCompleted, partial(on_erasure_completed, eraser=eraser)),
        ),
        ignores=(TurnCancelRequested,),
        batch=True,
        concurrency=settings.concurrency,
        pending=4 * settings.concurrency,
    )


def _jobs(settings: MemorySettings, weeks: Weeks, transcripts: Transcripts) -> tuple[Job, ...]:
    return (
        Job("weeks", timedelta(hours=6), lambda: weeks.ensure_ahead(utc_now(), weeks=settings.weeks_ahead)),
        Job("expiry", timedelta(minutes=1), lambda: transcripts.forget_expired(utc_now())),
    )
