"""Puts the channel together: its tables, its Graph client, its sender, its upkeep, and what it does about events."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import httpx
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from services.gateway.acceptance import TurnAcceptance
from services.gateway.store import Contacts, Deliveries
from services.gateway.whatsapp.documents import Documents
from services.gateway.whatsapp.graph import GraphClient
from services.gateway.whatsapp.handlers import on_turn_ended
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.gateway.whatsapp.receiving import Desk, Receiver
from services.gateway.whatsapp.sending import AT_ONCE, Sender, Ways
from services.gateway.whatsapp.settings import WhatsAppSettings
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.topics import REPLIES
from shared.privacy.subjects import Subjects
from shared.runtime.jobs import Job, running
from shared.runtime.kafka import Bus, Handler, Subscription
from shared.runtime.postgres import Database

_ARRIVALS_KEPT: Final = timedelta(days=8)
"""Longer than endings stay on their topic, so that one that is read again finds what it answers."""
_DELIVERIES_KEPT: Final = timedelta(days=30)
"""Longer than arrivals: an ending that is read again delivers nothing twice."""


class Channel:
    """WhatsApp as a running gateway has it."""

    def __init__(
        self,
        settings: WhatsAppSettings,
        database: Database,
        pages: ASGIApp,
        subjects: Subjects,
        registry: CollectorRegistry,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._metrics = WhatsAppMetrics(registry)
        self._contacts, self._deliveries = Contacts(database, subjects), Deliveries(database)
        self._tenants = tuple({number.tenant_id for number in settings.numbers})
        self._graph = GraphClient(
            str(settings.graph_url), settings.graph_version, within=settings.send_within, at_once=AT_ONCE
        )
        self._pages = httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://gateway")
        documents = Documents(self._pages, self._graph, within=settings.send_within)
        self._sender = Sender(settings, Ways(self._deliveries, self._graph, documents, self._metrics, clock))

    def receiver(self, acceptance: TurnAcceptance) -> Receiver:
        """What takes webhooks."""
        desk = Desk(
            contacts=self._contacts,
            deliveries=self._deliveries,
            acceptance=acceptance,
            metrics=self._metrics,
            clock=self._clock,
            wake=self._sender.wake,
        )
        return Receiver(self._settings, desk)

    def subscribe(self, bus: Bus) -> None:
        """Have endings delivered; each by one gateway."""
        handle = partial(on_turn_ended, deliveries=self._deliveries, clock=self._clock, wake=self._sender.wake)
        handlers = (Handler(TurnCompleted, handle), Handler(TurnFailed, handle))
        bus.subscribe(
            Subscription((REPLIES.name,), group="gateway-deliveries", handlers=handlers, ignores=(TurnCancelled,))
        )

    async def start(self, stack: AsyncExitStack) -> None:
        """Send until the stack closes; what is being sent then is finished."""
        await stack.enter_async_context(self._graph)
        await stack.enter_async_context(self._pages)
        stack.push_async_callback(self._sender.finish)
        await stack.enter_async_context(running(*self._jobs()))

    def _jobs(self) -> tuple[Job, ...]:
        return (
            Job("whatsapp_sending", timedelta(), self._sender.round),
            Job("whatsapp_metrics", timedelta(seconds=15), self._measure),
            Job("whatsapp_upkeep", timedelta(hours=1), self._forget),
        )

    async def _measure(self) -> None:
        await self._metrics.measure(self._deliveries, self._tenants, self._clock)

    async def _forget(self) -> None:
        """Forget phone numbers that nothing may be sent to any more, and what is settled long since."""
        now, useful = self._clock(), max(self._settings.window, self._settings.session_idle)
        await self._contacts.forget(self._tenants, silent_since=now - useful, arrived_before=now - _ARRIVALS_KEPT)
        await self._deliveries.forget(self._tenants, settled_before=now - _DELIVERIES_KEPT)
