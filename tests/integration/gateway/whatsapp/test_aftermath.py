"""What becomes of deliveries that were sent, on a real Postgres: news, documents, forgetting, erasure."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.personal_data import PERSONAL
from services.gateway.store import News, Outgoing, Settled
from shared.errors import Reject
from shared.events.ids import TenantId
from shared.privacy.erasure import Eraser
from shared.privacy.store import Person, PersonalData
from tests.integration.gateway.whatsapp.post import SECOND, SUBJECTS, Post
from tests.support.graph_server import hangs_up, refuses


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
