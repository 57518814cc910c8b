"""What becomes of deliveries, on a real Postgres, with a Graph API that fails as it is told and a clock that is set."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.gateway.personal_data import PERSONAL
from services.gateway.store import Arrival, Arrived, Contacts, Deliveries, News, Outgoing, Settled
from services.gateway.whatsapp.documents import Documents
from services.gateway.whatsapp.graph import GraphClient
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.gateway.whatsapp.sending import Sender, Ways
from services.gateway.whatsapp.settings import WhatsAppSettings
from shared.errors import Reject
from shared.events.ids import SessionId, TenantId, TurnId
from shared.privacy.erasure import Eraser
from shared.privacy.store import Person, PersonalData
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from tests.support import whatsapp
from tests.support.graph_server import GraphServer, hangs_up, refuses
from tests.support.http_server import served
from tests.support.servers import Servers

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


@pytest.fixture(scope="module")
async def graph() -> GraphServer:
    return GraphServer()


@pytest.fixture(scope="module")
async def graph_url(graph: GraphServer) -> AsyncIterator[str]:
    async with served(graph.app()) as url:
        yield url


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("gateway"), name="test")
    yield database
    await database.close()


@pytest.fixture
async def post(database: Database, graph: GraphServer, graph_url: str) -> AsyncIterator[Post]:
    tenant_id = TenantId(uuid4())
    number = {"phone_number_id": whatsapp.NUMBER, "domain": "painted", "access_token": "t", "tenant_id": tenant_id}
    settings = whatsapp.settings(graph_url, numbers=[number], send_within="PT2S")
    async with GraphClient(graph_url, "v23.0", within=2 * SECOND, at_once=32) as client:
        yield Post(tenant_id, settings, database, graph, client)


@pytest.fixture
def phone() -> str:
    return f"9198{uuid4().int % 10**8:08}"


async def test_what_is_sent_is_forgotten_and_its_id_is_kept(post: Post, phone: str) -> None:
    await post.answer(await post.hear(phone), "One.", "Two.")
    await post.send()

    assert [each.text for each in post.graph.got(phone)] == ["One.", "Two."]
    rows = await post.rows()
    assert [(row["state"], row["message"], row["attempts"]) for row in rows] == [("sent", None, 1)] * 2
    assert [row["message_id"] for row in rows] == [each.message_id for each in post.graph.got(phone)]
    assert [str(row["delivery_id"]) for row in rows] == [each.reference for each in post.graph.got(phone)]


@pytest.mark.parametrize(
    "trouble",
    [
        refuses(429, 130429, retry_after=30),
        refuses(503, 131016, retry_after=30),
        refuses(400, 131056, retry_after=30),
        refuses(500, retry_after=30),
    ],
    ids=["rate limit", "down", "pair limit", "error"],
)
async def test_trouble_that_passes_is_waited_out_as_long_as_it_says(post: Post, phone: str, trouble: Any) -> None:
    post.graph.then(phone, trouble)
    await post.answer(await post.hear(phone), "One.", "Two.")
    await post.send()
    post.now += 29 * SECOND
    await post.send()
    assert len(post.graph.asked(phone)) == 1
    post.now += 2 * SECOND
    await post.send()

    assert [each.text for each in post.graph.got(phone)] == ["One.", "Two."]


async def test_delays_grow(post: Post, phone: str) -> None:
    post.graph.then(phone, *[refuses(500) for _ in range(5)])
    await post.answer(await post.hear(phone), "One.")
    delays = []
    for _ in range(5):
        await post.send()
        (row,) = await post.rows()
        delays.append((row["due_at"] - post.now).total_seconds())
        post.now = row["due_at"]
    await post.send()

    assert all(later > earlier for earlier, later in pairwise(delays))
    assert [each.text for each in post.graph.got(phone)] == ["One."]


async def test_what_can_never_be_sent_is_dead_with_its_reason_and_holds_up_nothing(post: Post, phone: str) -> None:
    post.graph.then(phone, refuses(400, 131047, "Re-engagement message"))
    await post.answer(await post.hear(phone), "Too late.", "Next.")
    await post.send()

    assert await post.states() == [("dead", "131047 Re-engagement message"), ("sent", None)]
    assert post.count("parley_whatsapp_attempts_total", answer="rejected") == 1


async def test_after_the_window_nothing_is_sent(post: Post, phone: str) -> None:
    await post.answer(await post.hear(phone), "Too late.")
    post.now += timedelta(hours=24)
    await post.send()

    assert await post.states() == [("dead", "window closed: the person last wrote too long ago")]
    assert post.graph.asked(phone) == []


async def test_unanswered_is_settled_by_news_and_never_sent_again(post: Post, phone: str) -> None:
    post.graph.then(phone, post.graph.takes_and_hangs_up())
    first, _ = await post.answer(await post.hear(phone), "One.", "Two.")
    await post.send()
    assert await post.states() == [("uncertain", "RemoteProtocolError"), ("waiting", None)]
    (received,) = post.graph.got(phone)
    await post.learn("sent", first, received.message_id)
    await post.send()
    post.now += 2 * DOUBT
    await post.send()

    assert [each.text for each in post.graph.got(phone)] == ["One.", "Two."]
    assert [state for state, _ in await post.states()] == ["sent", "sent"]


async def test_unanswered_without_news_is_sent_again_after_a_while(post: Post, phone: str) -> None:
    post.graph.then(phone, hangs_up())
    await post.answer(await post.hear(phone), "One.", "Two.")
    await post.send()
    post.now += DOUBT - SECOND
    await post.send()
    assert post.graph.got(phone) == []
    post.now += 2 * SECOND
    await post.send()

    assert [each.text for each in post.graph.got(phone)] == ["One.", "Two."]
    assert post.count("parley_whatsapp_resends_total") == 1


async def test_stalled_call_is_unanswered_after_its_time(post: Post, phone: str) -> None:
    post.graph.then(phone, post.graph.stalls(5))
    await post.answer(await post.hear(phone), "One.")
    await post.send()

    assert [state for state, _ in await post.states()] == ["uncertain"]


async def test_call_that_reached_nobody_is_simply_tried_again(post: Post, phone: str) -> None:
    async with GraphClient("http://127.0.0.1:9", "v23.0", within=2 * SECOND, at_once=1) as unreachable:
        ways = replace(post.ways, graph=unreachable)
        await post.answer(await post.hear(phone), "One.")
        await post.send(Sender(post.settings, ways))
    assert await post.states() == [("waiting", "ConnectError")]
    post.now += 2 * SECOND
    await post.send()

    assert [each.text for each in post.graph.got(phone)] == ["One."]


async def test_sender_that_died_leaves_what_it_sent_in_doubt(post: Post, phone: str) -> None:
    (delivery_id,) = await post.answer(await post.hear(phone), "One.")
    (claimed,) = await post.deliveries.claim(post.tenant_id, post.now, lost_at=post.now + 7 * SECOND, most=10)
    assert claimed.delivery_id == delivery_id
    post.now += 6 * SECOND
    await post.send()
    assert await post.states() == [("sending", None)]
    post.now += 2 * SECOND
    await post.send()
    assert await post.states() == [("uncertain", "its sender died")]
    await post.learn("delivered", delivery_id, "wamid.by-the-dead")
    post.now += 2 * DOUBT
    await post.send()

    assert await post.states() == [("delivered", None)]
    assert post.graph.asked(phone) == []


async def test_answer_of_a_sender_that_counted_as_dead_settles_what_it_sent(post: Post, phone: str) -> None:
    (delivery_id,) = await post.answer(await post.hear(phone), "One.")
    (slow,) = await post.deliveries.claim(post.tenant_id, post.now, lost_at=post.now, most=10)
    await post.deliveries.doubt_lost(post.tenant_id, post.now, until=post.now + DOUBT)
    await post.deliveries.postpone(slow, until=post.now, reason="too late to say so")
    assert await post.states() == [("uncertain", "its sender died")]
    await post.learn("sent", delivery_id, "wamid.after-all")

    assert await post.states() == [("sent", None)]


async def test_many_senders_send_each_once_and_each_persons_in_order(post: Post) -> None:
    people = [f"9197{uuid4().int % 10**8:08}" for _ in range(20)]
    for person in people:
        await post.answer(await post.hear(person), *[f"{number}" for number in range(5)])
    senders = [Sender(post.settings, post.ways) for _ in range(4)]
    while any(state == "waiting" for state, _ in await post.states()):
        await asyncio.gather(*(post.send(sender) for sender in senders))

    for person in people:
        assert [each.text for each in post.graph.asked(person)] == ["0", "1", "2", "3", "4"]


async def test_turn_that_arrived_over_no_channel_is_delivered_to_nobody(post: Post) -> None:
    elsewhere = Outgoing(post.tenant_id, uuid4(), TurnId(uuid4()), {"type": "text", "text": {"body": "No."}})

    assert await post.deliveries.add(post.tenant_id, [elsewhere], post.now) == 0


async def test_the_same_delivery_is_noted_once(post: Post, phone: str) -> None:
    turn_id = await post.hear(phone)
    outgoing = Outgoing(post.tenant_id, uuid4(), turn_id, {"type": "text", "text": {"body": "One."}})
    counts = [await post.deliveries.add(post.tenant_id, [outgoing], post.now) for _ in range(2)]
    await post.send()
    counts.append(await post.deliveries.add(post.tenant_id, [outgoing], post.now))
    await post.send()

    assert counts == [1, 0, 0]
    assert len(post.graph.got(phone)) == 1


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (("read", "delivered", "sent"), "read"),
        (("delivered", "dead"), "delivered"),
        (("dead", "sent"), "dead"),
        (("dead", "delivered"), "delivered"),
        (("sent", "dead"), "dead"),
    ],
)
async def test_news_in_any_order_gives_what_is_known_last(
    post: Post, phone: str, news: tuple[Settled, ...], expected: str
) -> None:
    (delivery_id,) = await post.answer(await post.hear(phone), "One.")
    await post.send()
    (received,) = post.graph.got(phone)
    for state in news:
        assert (await post.learn(state, delivery_id, received.message_id)).is_copy is False

    assert [state for state, _ in await post.states()] == [expected]


async def test_news_under_another_id_shows_a_copy(post: Post, phone: str) -> None:
    (delivery_id,) = await post.answer(await post.hear(phone), "One.")
    await post.send()

    assert (await post.learn("delivered", delivery_id, "wamid.another")).is_copy is True
    assert await post.learn("delivered", uuid4(), "wamid.of-somebody-else") is None


async def test_another_tenant_sees_nothing(post: Post, phone: str) -> None:
    (delivery_id,) = await post.answer(await post.hear(phone), "One.")
    other = TenantId(uuid4())
    lost_at = post.now + timedelta(minutes=1)

    assert await post.deliveries.claim(other, post.now, lost_at=lost_at, most=10) == []
    assert (
        await post.deliveries.learn(News(tenant_id=other, state="sent", at=post.now, delivery_id=delivery_id)) is None
    )
    assert (await post.deliveries.backlog([other])).counts == {}


async def test_backlog_is_shown(post: Post, phone: str) -> None:
    post.graph.then(phone, refuses(500))
    await post.answer(await post.hear(phone), "One.", "Two.")
    await post.send()
    post.now += 90 * SECOND
    await post.metrics.measure(post.deliveries, [post.tenant_id], lambda: post.now)

    assert post.count("parley_whatsapp_deliveries", state="waiting") == 2
    assert post.count("parley_whatsapp_oldest_unsent_seconds") == 90
    await post.send()
    await post.metrics.measure(post.deliveries, [post.tenant_id], lambda: post.now)
    assert post.count("parley_whatsapp_deliveries", state="waiting") == 0
    assert post.count("parley_whatsapp_oldest_unsent_seconds") == 0


async def test_phone_numbers_are_forgotten_when_nothing_may_be_sent_to_them_any_more(post: Post) -> None:
    silent, awaiting = "919700000001", "919700000002"
    await post.hear(silent)
    await post.answer(await post.hear(awaiting), "One.")
    post.now += timedelta(days=1, seconds=1)
    await post.contacts.forget([post.tenant_id], silent_since=post.now - timedelta(days=1), arrived_before=post.now)

    async with post.database.tenant(post.tenant_id) as connection:
        kept = await connection.fetch("select phone from gateway.contacts")
        arrivals = await connection.fetchval("select count(*) from gateway.arrivals")
    assert [row["phone"] for row in kept] == [awaiting]
    assert arrivals == 0


INVOICE = {"type": "document", "document": {"path": "/api/orders/invoices/7.pdf", "filename": "invoice-7.pdf"}}


@pytest.mark.parametrize("trouble", [[], [refuses(503)], [hangs_up()]], ids=["none", "down", "unanswered"])
async def test_document_of_ours_is_handed_over_and_sent_by_its_id(post: Post, trouble: list[Any]) -> None:
    post.graph.then("media", *trouble)
    turn_id = await post.hear("919600000001")
    await post.deliveries.add(post.tenant_id, [Outgoing(post.tenant_id, uuid4(), turn_id, INVOICE)], post.now)
    for _ in range(2):
        await post.send()
        post.now += 2 * SECOND

    sent = post.graph.got("919600000001")[-1].body
    assert (sent["type"], sent["document"]["filename"]) == ("document", "invoice-7.pdf")
    assert post.graph.files[sent["document"]["id"]] == ("invoice-7.pdf", "application/pdf", b"%PDF-1.7 seven")
    assert await post.states() == [("sent", None)]


async def test_document_that_its_person_may_not_read_is_dead(post: Post, phone: str) -> None:
    turn_id = await post.hear(phone)
    await post.deliveries.add(post.tenant_id, [Outgoing(post.tenant_id, uuid4(), turn_id, INVOICE)], post.now)
    await post.send()

    assert await post.states() == [("dead", "the document answered HTTP 404")]
    assert post.graph.asked(phone) == []


async def test_what_is_settled_is_forgotten_in_time_and_what_is_open_is_not(post: Post, phone: str) -> None:
    post.graph.then(phone, post.graph.accepts(), refuses(500))
    await post.answer(await post.hear(phone), "Sent.", "Waiting.")
    await post.send()
    for before in (post.now, post.now + SECOND):
        await post.deliveries.forget([post.tenant_id], settled_before=before)
        states = [state for state, _ in await post.states()]
        assert states == (["sent", "waiting"] if before == post.now else ["waiting"])


async def test_what_cannot_be_stored_is_rejected(post: Post, phone: str) -> None:
    poison = Outgoing(post.tenant_id, uuid4(), await post.hear(phone), {"document": {"filename": "a\x00b"}})

    with pytest.raises(Reject):
        await post.deliveries.add(post.tenant_id, [poison], post.now)


async def test_erased_person_is_gone_and_what_they_sent_before_does_not_bring_them_back(post: Post, phone: str) -> None:
    data = PersonalData(post.database, "gateway", PERSONAL, SUBJECTS)
    person = Person(post.tenant_id, f"whatsapp-of-{phone}")
    eraser = Eraser(service="gateway", data=data, publish=_nowhere, clock=lambda: post.now)
    earlier = post.arrival(phone)
    await post.answer(await post.hear(phone), "Sent.")
    await post.send()
    turn_id = await post.hear(phone)
    await post.answer(turn_id, "Waiting.")
    held = [each.table async for each in data.export(person)]
    await eraser.finish(person, uuid4(), lambda: post.now, "request-1")

    assert sorted(held) == ["gateway.arrivals"] * 2 + ["gateway.contacts"] + ["gateway.deliveries"] * 2
    assert [each async for each in data.export(person)] == []
    assert (await post.arrive(earlier)).is_accepted
    late = Outgoing(post.tenant_id, uuid4(), turn_id, {"type": "text", "text": {"body": "Late."}})
    assert await post.deliveries.add(post.tenant_id, [late], post.now) == 0
    post.now += SECOND
    await post.answer(await post.hear(phone), "Back.")
    await post.send()
    assert [each.text for each in post.graph.got(phone)] == ["Sent.", "Back."]


async def _nowhere(envelopes: object) -> None:
    return None
