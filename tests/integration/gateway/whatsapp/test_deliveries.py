"""How deliveries are sent, on a real Postgres."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.store import Outgoing
from services.gateway.whatsapp.graph import GraphClient
from services.gateway.whatsapp.sending import Sender
from shared.events.ids import TurnId
from tests.integration.gateway.whatsapp.post import DOUBT, SECOND, Post
from tests.support.graph_server import hangs_up, refuses


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
