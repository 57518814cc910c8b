"""Puts the profiles service together: pools, stores, formulas, and one table that binds each event to its handler."""

from datetime import timedelta
from functools import partial

from fastapi import FastAPI
from prometheus_client import REGISTRY, CollectorRegistry

from services.profiles import handlers
from services.profiles.formulas import Formulas
from services.profiles.metrics import ProfilesMetrics
from services.profiles.personal_data import PERSONAL
from services.profiles.reading import Reader, Stores
from services.profiles.rescoring import Rescorer
from services.profiles.rescoring_routes import rescoring_routes
from services.profiles.retention import Retention
from services.profiles.routes import internal_routes
from services.profiles.scoring import interact, refold
from services.profiles.settings import ProfilesSettings
from services.profiles.store import Fades, Leads, People, Profiles, Rescorings
from services.profiles.store.expiry import Expiry
from shared.domains.registry import load_domains
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.signals import SignalsObserved
from shared.events.topics import PRIVACY, REPLIES, SIGNALS
from shared.privacy.erasure import Eraser
from shared.privacy.handlers import on_erasure_completed, on_erasure_requested
from shared.privacy.routes import personal_data_routes
from shared.privacy.store import PersonalData
from shared.privacy.subjects import Subjects
from shared.privacy.tasks import Tasks
from shared.privacy.upkeep import upkeep_routes
from shared.runtime.jobs import Job, running
from shared.runtime.kafka import BatchHandler, Bus, Handler, Subscription
from shared.runtime.process import utc_now
from shared.runtime.service import Identity, Service, create_service

_PLANS = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
"""Every statement looks rows up by key; a plan that reads a whole table is only ever made from old statistics."""


def create_profiles(settings: ProfilesSettings, registry: CollectorRegistry = REGISTRY) -> FastAPI:
    """The service as an application: internal HTTP API, with its consumers in the lifespan."""

    async def compose(service: Service) -> None:
        metrics = ProfilesMetrics(registry)
        domains = load_domains(settings.domains)
        formulas = Formulas.of(domains.values(), settings.score_half_life)
        subjects = Subjects(settings.erasure_key)
        profiles = Profiles(service.database, subjects, partial(interact, formulas=formulas), metrics)
        stores = Stores(People(service.database), Leads(service.database))
        reader = Reader(stores, profiles, now=utc_now, metrics=metrics)
        service.app.include_router(internal_routes(reader, settings.longest_wait))
        rescorings = Rescorings(service.database, partial(refold, formulas=formulas))
        rescorer = Rescorer(rescorings, formulas, tuple(domains), utc_now)
        service.app.include_router(rescoring_routes(rescorer))
        data = PersonalData(service.database, "profiles", PERSONAL, subjects)
        service.app.include_router(personal_data_routes(data))
        eraser = Eraser(service="profiles", data=data, publish=service.bus.publish_all, clock=utc_now)
        service.bus.subscribe(_subscription(settings, profiles, eraser, service.bus))
        retention = _retention(settings, service, metrics)
        service.app.include_router(upkeep_routes(retention.standings))
        jobs = [
            Job("rescoring", timedelta(seconds=2), rescorer.work),
            Job("retention", timedelta(hours=1), retention.run),
        ]
        if settings.score_half_life is not None:
            fades = Fades(service.database, formulas)
            jobs.append(Job("fading", timedelta(hours=1), lambda: fades.refresh(utc_now())))
        await service.stack.enter_async_context(running(*jobs))

    return create_service(Identity("profiles", _PLANS), settings, compose, registry)


def _retention(settings: ProfilesSettings, service: Service, metrics: ProfilesMetrics) -> Retention:
    return Retention(
        tasks=Tasks(service.database, "profiles"),
        expiry=Expiry(service.database),
        keep=settings.retain_signals,
        now=utc_now,
        metrics=metrics,
    )


def _subscription(settings: ProfilesSettings, profiles: Profiles, eraser: Eraser, bus: Bus) -> Subscription:
    observed = partial(handlers.on_signals_observed, profiles=profiles, publish=bus.publish_all)
    return Subscription(
        topics=(SIGNALS.name, REPLIES.name, PRIVACY.name),
        group="profiles",
        handlers=(
            BatchHandler(SignalsObserved, observed),
            BatchHandler(TurnCompleted, partial(handlers.on_turns_completed, profiles=profiles)),
            Handler(ErasureRequested, partial(on_erasure_requested, eraser=eraser)),
            Handler(ErasureCompleted, partial(on_erasure_completed, eraser=eraser)),
        ),
        ignores=(TurnFailed, TurnCancelled),
        batch=True,
        concurrency=settings.concurrency,
        pending=4 * settings.concurrency,
    )
