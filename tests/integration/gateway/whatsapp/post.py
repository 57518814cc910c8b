"""The channel's sending half, with a Graph API that fails as it is told and a clock that is set."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.gateway.store import Arrival, Arrived, Contacts, Deliveries, News, Outgoing, Settled
from services.gateway.whatsapp.documents import Documents
from services.gateway.whatsapp.graph import GraphClient
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.gateway.whatsapp.sending import Sender, Ways
from services.gateway.whatsapp.settings import WhatsAppSettings
from shared.events.ids import SessionId, TenantId, TurnId
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from tests.support import whatsapp
from tests.support.graph_server import GraphServer

DOUBT = timedelta(minutes=2)
SUBJECTS = Subjects(SecretStr("of the tests"))
SECOND = timedelta(seconds=1)


@dataclass
class Post:
    """The channel's sending half for one tenant, and what a test does to it."""

    tenant_id: TenantId
    settings: WhatsAppSettings
    database: Database
    graph: GraphServer
    client: GraphClient
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.contacts, self.deliveries = Contacts(self.database, SUBJECTS), Deliveries(self.database)
        self.metrics = WhatsAppMetrics(self.registry)
        self.pages = httpx.AsyncClient(transport=httpx.MockTransport(_page), base_url="http://gateway")
        documents = Documents(self.pages, self.client, within=SECOND)
        self.ways = Ways(self.deliveries, self.client, documents, self.metrics, lambda: self.now)
        self.sender = Sender(self.settings, self.ways)

    async def hear(self, phone: str) -> TurnId:
        """Somebody writes; the turn of it."""
        arrival = self.arrival(phone)
        assert not (await self.arrive(arrival)).is_accepted
        return arrival.turn_id

    def arrival(self, phone: str) -> Arrival:
        """A message of somebody, sent now."""
        return Arrival(
            tenant_id=self.tenant_id,
            turn_id=TurnId(uuid4()),
            user_id=f"whatsapp-of-{phone}",
            number_id=whatsapp.NUMBER,
            phone=phone,
            new_session_id=SessionId(uuid4()),
            sent_at=self.now,
        )

    async def arrive(self, arrival: Arrival) -> Arrived:
        """A message arrives."""
        return await self.contacts.arrive(arrival, idle=timedelta(days=1))

    async def answer(self, turn_id: TurnId, *texts: str) -> list[UUID]:
        """A turn is answered; the deliveries of it."""
        outgoing = [
            Outgoing(self.tenant_id, uuid4(), turn_id, {"type": "text", "text": {"body": text}}) for text in texts
        ]
        assert await self.deliveries.add(self.tenant_id, outgoing, self.now) == len(texts)
        return [each.delivery_id for each in outgoing]

    async def send(self, sender: Sender | None = None) -> None:
        """Send what is due, and what becomes due by that."""
        sender = sender or self.sender
        for _ in range(3):
            sender.wake()
            await sender.round()
            await sender.finish()

    async def learn(self, state: Settled, delivery_id: UUID, message_id: str) -> Any:
        """News arrive."""
        news = News(tenant_id=self.tenant_id, state=state, at=self.now, delivery_id=delivery_id, message_id=message_id)
        return await self.deliveries.learn(news)

    async def rows(self) -> list[dict[str, Any]]:
        """All deliveries, in order."""
        async with self.database.tenant(self.tenant_id) as connection:
            rows = await connection.fetch(
                "select * from gateway.deliveries where tenant_id = $1 order by position", self.tenant_id
            )
        return [dict(row) for row in rows]

    async def states(self) -> list[tuple[str, str | None]]:
        """State and reason of all deliveries, in order."""
        return [(row["state"], row["reason"]) for row in await self.rows()]

    def count(self, name: str, **labels: str) -> float:
        """A metric."""
        return self.registry.get_sample_value(name, labels) or 0.0


def _page(request: httpx.Request) -> httpx.Response:
    """The gateway's own API: one invoice, for its person."""
    if (request.url.path, request.headers["x-parley-user"]) == (
        "/api/orders/invoices/7.pdf",
        "whatsapp-of-919600000001",
    ):
        return httpx.Response(200, content=b"%PDF-1.7 seven", headers={"content-type": "application/pdf"})
    return httpx.Response(404)
