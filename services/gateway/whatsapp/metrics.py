"""What operators see of the WhatsApp channel."""

from collections.abc import Callable, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.gateway.store import OPEN, Deliveries
from shared.events.ids import TenantId


class WhatsAppMetrics:
    """The channel's metrics in one registry. Gauges show the tables, so every gateway shows the same."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.webhooks = Counter(
            "parley_whatsapp_webhook_items",
            "What webhooks said: messages by what was made of them, news, and what was ignored by what it was.",
            ["kind"],
            registry=registry,
        )
        self.attempts = Counter(
            "parley_whatsapp_attempts",
            "Calls of the Graph API by how they ended.",
            ["answer"],
            registry=registry,
        )
        self.resends = Counter(
            "parley_whatsapp_resends", "Uncertain deliveries that were sent again for want of news.", registry=registry
        )
        self.copies = Counter(
            "parley_whatsapp_copies", "Deliveries of which a person is known to have got a copy.", registry=registry
        )
        self._deliveries = Gauge(
            "parley_whatsapp_deliveries", "Deliveries of the last weeks by state.", ["state"], registry=registry
        )
        self._oldest = Gauge(
            "parley_whatsapp_oldest_unsent_seconds", "The age of the oldest delivery not settled.", registry=registry
        )
        for state in (*OPEN, "dead"):
            self._deliveries.labels(state).set(0)

    async def measure(
        self, deliveries: Deliveries, tenant_ids: Sequence[TenantId], clock: Callable[[], datetime]
    ) -> None:
        """Show what the tables hold now."""
        backlog = await deliveries.backlog(tenant_ids)
        for state in (*OPEN, "dead", *backlog.counts):
            self._deliveries.labels(state).set(backlog.counts.get(state, 0))
        age = 0.0 if backlog.oldest is None else (clock() - backlog.oldest).total_seconds()
        self._oldest.set(max(age, 0.0))
