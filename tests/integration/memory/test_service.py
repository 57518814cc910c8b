"""Memory as a process sees it: events from Kafka in, history over HTTP out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.memory.app import create_memory
from services.memory.settings import MemorySettings
from shared.events.envelope import Envelope
from shared.events.ids import TenantId
from shared.events.replies import Entity, Understood
from shared.events.topics import REPLIES
from shared.runtime.polling import read_until
from tests.support.servers import Servers
from tests.support.services import PATIENCE, Running, serving
from tests.support.turns import Conversation, now


@pytest.fixture(scope="module")
async def memory(servers: Servers) -> AsyncIterator[Running]:
    settings = MemorySettings(
        kafka=servers.kafka,
        redis=SecretStr(servers.redis),
        postgres=SecretStr(servers.role_url("memory")),
        read_wait=timedelta(seconds=10),
    )
    app = create_memory(settings, CollectorRegistry())
    async with serving(app, kafka=servers.kafka, listen=(REPLIES.dead,)) as running:
        yield running


@pytest.fixture
def talk() -> Conversation:
    return Conversation(TenantId(uuid4()))


async def ask(memory: Running, talk: Conversation, path: str, **parameters: Any) -> httpx.Response:
    headers = {"x-parley-tenant": str(talk.tenant_id)}
    return await memory.http.get(f"/internal{path}", params=parameters, headers=headers)


async def history(memory: Running, talk: Conversation, **parameters: Any) -> dict[str, Any]:
    response = await ask(memory, talk, f"/sessions/{talk.session_id}/messages", **parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def answered(memory: Running, talk: Conversation, path: str, status: int) -> None:
    """Wait until a path answers with this status."""
    response = await read_until(
        lambda: ask(memory, talk, path), lambda seen: seen.status_code == status, within=PATIENCE
    )
    assert response.status_code == status


async def test_history_includes_the_turn_it_is_asked_to_wait_for(memory: Running, talk: Conversation) -> None:
    await memory.publish(talk.opened(), talk.submitted(1, "Flats?"), talk.completed(1, "Flats?", "Three."))

    page = await history(memory, talk, turn_id=talk.turn_id(1))

    assert [(each["role"], each["text"], each["status"]) for each in page["items"]] == [
        ("user", "Flats?", "final"),
        ("assistant", "Three.", "final"),
    ]
    assert page["complete"]
    assert page["next_cursor"] is None


async def test_duplicate_records_count_once(memory: Running, talk: Conversation) -> None:
    first, second = talk.completed(1), talk.completed(2)
    await memory.publish(talk.opened(), first, first, second, first, second)
    await history(memory, talk, turn_no=2)
    await memory.publish(talk.completed(3))

    session = (await ask(memory, talk, f"/sessions/{talk.session_id}", turn_no=3)).json()
    assert (session["message_count"], session["turn_no"], session["user_id"]) == (6, 3, talk.user_id)


async def test_poison_record_is_a_dead_letter_and_its_session_goes_on(memory: Running, talk: Conversation) -> None:
    nul = Entity(kind="place", value="a\x00b", text="x", start=0, end=1)
    refused = talk.completed(2, understood=Understood(entities=(nul,)))
    broken = talk.completed(1).envelope()
    await memory.bus.publish(Envelope(broken.topic, broken.key, b'{"half":', broken.headers))
    await memory.publish(refused, talk.completed(3, "And now?"))

    page = await history(memory, talk, turn_no=3)

    assert [each["text"] for each in page["items"]] == ["And now?", "Here are three."]
    dead = await memory.hear(REPLIES.dead, talk.opened().key, count=2)
    assert [record.value for record in dead] == [b'{"half":', refused.envelope().value]


async def test_pending_words_follow_the_history_beyond_its_limit(memory: Running, talk: Conversation) -> None:
    await memory.publish(talk.completed(1), talk.completed(2), talk.submitted(3, "Wait"))
    await history(memory, talk, turn_no=2)
    status = f"/sessions/{talk.session_id}/turns/{talk.turn_id(3)}"
    await memory.publish(talk.submitted(4, "Later"))
    await answered(memory, talk, status, 200)

    pages, cursor = [], None
    while True:
        page = await history(memory, talk, limit=3, **({"cursor": cursor} if cursor else {}))
        pages.append([(each["turn_no"], each["role"]) for each in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert pages[0] == [(1, "user"), (1, "assistant"), (2, "user")]
    assert pages[1][0] == (2, "assistant")
    assert (None, "user") in pages[1]
    assert (await ask(memory, talk, status)).json() == {"status": "pending"}


async def test_sessions_are_listed_last_active_first(memory: Running, talk: Conversation) -> None:
    talks = [Conversation(talk.tenant_id, began=talk.began + timedelta(hours=hour)) for hour in range(3)]
    await memory.publish(*(each.completed(1) for each in talks))
    for each in talks:
        await history(memory, each, turn_no=1)

    path = f"/users/{talk.user_id}/sessions"
    first = (await ask(memory, talk, path, limit=2, seen=talks[2].session_id)).json()
    rest = (await ask(memory, talk, path, limit=2, cursor=first["next_cursor"])).json()

    listed = [each["session_id"] for each in first["items"] + rest["items"]]
    assert listed == [str(each.session_id) for each in reversed(talks)]
    assert rest["next_cursor"] is None


async def test_list_waits_for_a_session_just_opened(memory: Running, talk: Conversation) -> None:
    await memory.publish(talk.opened())

    page = (await ask(memory, talk, f"/users/{talk.user_id}/sessions", seen=talk.session_id)).json()

    assert [each["session_id"] for each in page["items"]] == [str(talk.session_id)]


async def test_deleted_session_is_gone(memory: Running, talk: Conversation) -> None:
    await memory.publish(talk.opened(), talk.completed(1))
    await history(memory, talk, turn_no=1)
    await memory.publish(talk.deleted())
    path = f"/sessions/{talk.session_id}"
    await answered(memory, talk, path, 404)

    assert (await ask(memory, talk, f"{path}/messages")).status_code == 404
    listed = (await ask(memory, talk, f"/users/{talk.user_id}/sessions")).json()
    assert listed["items"] == []


@pytest.mark.parametrize("cursor", ["x", "e30", "%00", "W10"])
async def test_cursor_that_is_not_ours_is_refused(memory: Running, talk: Conversation, cursor: str) -> None:
    response = await ask(memory, talk, f"/users/{talk.user_id}/sessions", cursor=cursor)

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid_cursor"


async def test_user_ids_may_hold_slashes(memory: Running, talk: Conversation) -> None:
    odd = Conversation(talk.tenant_id, user_id="acme/ada ?")
    await memory.publish(odd.opened())

    page = (await ask(memory, odd, "/users/acme%2Fada%20%3F/sessions", seen=odd.session_id)).json()

    assert len(page["items"]) == 1


async def test_process_reports_health_and_what_it_needs(memory: Running) -> None:
    assert (await memory.http.get("/healthz")).json() == {"status": "ok"}
    assert (await memory.http.get("/readyz")).json() == {"checks": {"kafka": "ok", "postgres": "ok"}}


async def test_operators_are_told_of_conversations_and_of_the_store(memory: Running, talk: Conversation) -> None:
    talk = Conversation(talk.tenant_id, began=now() - timedelta(hours=1))
    angry = Understood(intent="order", confidence=0.9, sentiment=-0.5, frustration=0.6)
    await memory.publish(talk.completed(1), talk.completed(2, understood=angry, escalation="frustrated"))
    session = (await ask(memory, talk, f"/sessions/{talk.session_id}", turn_no=2)).json()

    report = (await ask(memory, talk, "/monitoring", days=1, domain=talk.domain)).json()

    assert session["experience"]["escalation"] == "frustrated"
    assert session["experience"]["satisfaction"] == pytest.approx(4 - 0.25 - 2 * 0.45)
    assert (report["activity"]["messages"], report["active_users"]["day"]) == (4, 1)
    assert report["escalations"] == [{"reason": "frustrated", "conversations": 1}]
    assert report["store"]["pool"]["limit"] == 10
    timed = {each["statement"]: each["count"] for each in report["store"]["statements"]}
    assert timed["end"] >= 1
    assert timed["experience"] >= 1
    assert (await ask(memory, talk, "/monitoring", days=32)).status_code == 422
