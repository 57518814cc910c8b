"""Puts the gateway together. It consumes the endings of all turns and emits what was asked of sessions.

Where a channel is set up, it is a member of a group too, which delivers endings over the channel.
"""

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Response
from prometheus_client import REGISTRY, CollectorRegistry
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp
from uuid_utils.compat import uuid7

from services.gateway.acceptance import TurnAcceptance
from services.gateway.admissions import Admissions
from services.gateway.bodies import LARGEST, BodyLimit
from services.gateway.clients import AgentClient, MemoryClient
from services.gateway.erasures import Erasures
from services.gateway.gateway import Gateway
from services.gateway.handlers import on_turn_ended
from services.gateway.holders import Holder, OwnHolder, RemoteHolder
from services.gateway.hotpath import HotPath
from services.gateway.limits import LocalQueue, StreamSlots
from services.gateway.metrics import Metrics
from services.gateway.openapi import DESCRIPTION, TITLE, document, operation_id
from services.gateway.people import ProfilesClient
from services.gateway.personal_data import PERSONAL
from services.gateway.publishing import Publisher
from services.gateway.records import Records, bulk_paths, shelves
from services.gateway.routes import router
from services.gateway.routes.common import PROBLEMS
from services.gateway.routes.submission import submit
from services.gateway.sessions import Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.store import Accepts, Commands, Frames, InboxReader, SessionStore
from services.gateway.streams import Streams
from services.gateway.surfaces import PackSurface
from services.gateway.switchboard import Switchboard
from services.gateway.tails import Tails
from services.gateway.turns import Turns
from services.gateway.whatsapp.channel import Channel
from services.gateway.whatsapp.routes import LARGEST as LARGEST_WEBHOOK
from services.gateway.whatsapp.routes import WEBHOOK, webhook
from services.gateway.whatsapp.settings import WhatsAppSettings
from shared.domains.base import AnyDomain
from shared.errors import Unavailable
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.topics import PRIVACY, REPLIES
from shared.privacy.erasure import Eraser
from shared.privacy.handlers import on_erasure_completed, on_erasure_requested
from shared.privacy.store import PersonalData
from shared.privacy.subjects import Subjects
from shared.runtime.http import Check, Direct, DirectRequest, create_app
from shared.runtime.kafka import Bus, Handler, Options, RedisAttempts, Subscription
from shared.runtime.postgres import Database
from shared.runtime.postgres_metrics import PoolMetrics
from shared.runtime.process import utc_now
from shared.runtime.redis import PipelinedConnection, command_client

_EXPOSED = (
    "Location",
    "Content-Location",
    "X-Pagination-Next",
    "X-Request-Id",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
)


class GatewayProcess:
    """The gateway as a process runs it: the application, and how to end its streams when it stops."""

    def __init__(
        self,
        settings: GatewaySettings,
        domains: Mapping[str, AnyDomain],
        *,
        whatsapp: WhatsAppSettings | None = None,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._settings = settings
        self._domains = domains
        self._whatsapp = whatsapp if whatsapp is not None and whatsapp.numbers else None
        self._database: Database | None = None
        self._subjects = Subjects(settings.erasure_key)
        self._registry = registry
        self._slots = StreamSlots(per_user=settings.streams_per_user, in_all=settings.streams)
        self._metrics = Metrics(registry, open_streams=lambda: self._slots.taken)
        self._queue = LocalQueue(waiting_turns=settings.waiting_turns)
        self._switchboard = Switchboard()
        self._bus: Bus | None = None
        self._tails: Tails | None = None
        self._api = self._create_api()
        self.app = self._create_app()

    def end_streams(self) -> None:
        """End all open streams at once: clients resume at another gateway, or here after the restart."""
        self._switchboard.close()

    def _create_app(self) -> ASGIApp:
        def submit_turn(request: DirectRequest) -> Awaitable[Response]:
            return submit(self._api.state.gateway, request)

        hot: ASGIApp = Direct(submit_turn, largest_body=LARGEST)
        for cors, arguments, options in self._cors():
            hot = cors(hot, *arguments, **options)
        return HotPath(self._api, hot)

    def _create_api(self) -> FastAPI:
        larger = {WEBHOOK: LARGEST_WEBHOOK, **bulk_paths(self._domains.values())}
        api = create_app(
            alive=self._stalled,
            ready=self._checks(),
            title=TITLE,
            version="1",
            description=DESCRIPTION,
            lifespan=self._lifespan,
            middleware=[*self._cors(), Middleware(BodyLimit, larger=larger)],
            generate_unique_id_function=operation_id,
        )
        api.include_router(router)
        for domain in self._domains.values():
            if domain.api is not None:
                surface = PackSurface(domain.name, lambda: api.state.gateway)
                api.include_router(domain.api(surface), responses=PROBLEMS)
        if self._whatsapp is not None:
            api.include_router(webhook(self._whatsapp, lambda: api.state.whatsapp), responses=PROBLEMS)
        document(api)
        return api

    def _cors(self) -> list[Middleware]:
        origins = self._settings.cors_origins
        if not origins:
            return []
        anything: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"], "expose_headers": _EXPOSED}
        return [Middleware(CORSMiddleware, allow_origins=origins, **anything)]

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.gateway = await self._open(stack)
            yield

    async def _open(self, stack: AsyncExitStack) -> Gateway:
        settings, gateway_id = self._settings, str(uuid7())
        asking, waiting = self._redis_connections(stack)
        commands = Commands(asking)
        agent, memory, profiles = self._clients(stack)
        bus = self._bus = Bus(settings.kafka, client_id="gateway", options=self._options(stack))
        bus.read_all(REPLIES.name, partial(on_turn_ended, switchboard=self._switchboard, queue=self._queue))
        holders = await self._holders(stack, bus)
        publisher = Publisher(bus, settings.publish_within)
        accepts = Accepts(commands, waiting_turns=settings.waiting_turns)
        admissions = Admissions(accepts, self._queue)
        tails = self._tails = Tails(InboxReader(waiting, commands, gateway_id), self._switchboard.frame)
        sessions = Sessions(SessionStore(commands), accepts, agent, memory, publisher)
        gateway = Gateway(
            id=gateway_id,
            settings=settings,
            domains=self._domains,
            sessions=sessions,
            acceptance=TurnAcceptance(
                admissions,
                agent,
                publisher,
                self._metrics,
                turn_ttl=settings.turn_ttl,
                clock=utc_now,
            ),
            turns=Turns(admissions, agent, memory, publisher, utc_now),
            streams=Streams(
                switchboard=self._switchboard,
                tails=tails,
                frames=Frames(commands),
                slots=self._slots,
                metrics=self._metrics,
                heartbeat=settings.heartbeat,
            ),
            agent=agent,
            memory=memory,
            profiles=profiles,
            records=Records(shelves(self._domains.values(), agent, memory), sessions, utc_now),
            holders=holders,
            erasures=Erasures(holders, accepts, publisher, self._domains, utc_now),
            clock=utc_now,
        )
        channel = self._open_channel(bus, gateway.acceptance)
        await bus.start()
        stack.push_async_callback(bus.stop)
        tails.start()
        stack.push_async_callback(tails.stop)
        if channel is not None:
            await channel.start(stack)
        return gateway

    async def _holders(self, stack: AsyncExitStack, bus: Bus) -> tuple[Holder, ...]:
        """Who holds something of people; the gateway does where it has tables of its own."""
        settings = self._settings
        urls = {"agent": settings.agent_url, "memory": settings.memory_url, "profiles": settings.profiles_url}
        services = [RemoteHolder(name, url) for name, url in urls.items()]
        for service in services:
            stack.push_async_callback(service.close)
        if self._whatsapp is None or settings.postgres is None:
            return tuple(services)
        self._database = await Database.open(
            settings.postgres.get_secret_value(), name="parley-gateway", size=settings.postgres_connections
        )
        stack.push_async_callback(self._database.close)
        PoolMetrics(self._registry).watch("gateway", self._database)
        data = PersonalData(self._database, "gateway", PERSONAL, self._subjects)
        self._subscribe_erasure(bus, data)
        return (*services, OwnHolder(data))

    def _open_channel(self, bus: Bus, acceptance: TurnAcceptance) -> Channel | None:
        if self._whatsapp is None or self._database is None:
            return None
        channel = Channel(self._whatsapp, self._database, self._api, self._subjects, self._registry, utc_now)
        self._api.state.whatsapp = channel.receiver(acceptance)
        channel.subscribe(bus)
        return channel

    def _subscribe_erasure(self, bus: Bus, data: PersonalData) -> None:
        eraser = Eraser(service="gateway", data=data, publish=bus.publish_all, clock=utc_now)
        handlers = (
            Handler(ErasureRequested, partial(on_erasure_requested, eraser=eraser)),
            Handler(ErasureCompleted, partial(on_erasure_completed, eraser=eraser)),
        )
        bus.subscribe(Subscription((PRIVACY.name,), group="gateway-erasures", handlers=handlers, concurrency=8))

    def _options(self, stack: AsyncExitStack) -> Options:
        """Attempts are counted where the gateway is a member of a group, as it is for a channel."""
        if self._whatsapp is None:
            return Options(registry=self._registry)
        redis = command_client(self._settings.redis.get_secret_value())
        stack.push_async_callback(redis.aclose)
        return Options(attempts=RedisAttempts(redis), registry=self._registry)

    def _redis_connections(self, stack: AsyncExitStack) -> tuple[PipelinedConnection, PipelinedConnection]:
        url = self._settings.redis.get_secret_value()
        connections = PipelinedConnection(url), PipelinedConnection(url)
        for connection in connections:
            stack.push_async_callback(connection.close)
        return connections

    def _clients(self, stack: AsyncExitStack) -> tuple[AgentClient, MemoryClient, ProfilesClient]:
        settings = self._settings
        clients = (
            AgentClient("agent", settings.agent_url),
            MemoryClient("memory", settings.memory_url),
            ProfilesClient("profiles", settings.profiles_url),
        )
        for client in clients:
            stack.push_async_callback(client.close)
        return clients

    def _stalled(self) -> str | None:
        if self._bus is not None and not self._bus.health().alive:
            return "Kafka is not read any more"
        if self._tails is not None and self._tails.broken:
            return "live frames are not read any more"
        return None

    def _checks(self) -> dict[str, Check]:
        checks: dict[str, Check] = {"kafka": self._check_kafka}
        if self._whatsapp is not None:
            checks["postgres"] = self._check_postgres
        return checks

    async def _check_postgres(self) -> None:
        if self._database is not None:
            await self._database.ping()

    async def _check_kafka(self) -> None:
        if self._bus is None or not self._bus.health().ready:
            raise Unavailable("Kafka does not answer")
