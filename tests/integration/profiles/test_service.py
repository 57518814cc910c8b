"""The profiles service as a process sees it: signals from Kafka in, scores to Kafka and profiles over HTTP out."""

import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.profiles.app import create_profiles
from services.profiles.settings import ProfilesSettings
from shared.events.envelope import ID_HEADER, TYPE_HEADER, Envelope
from shared.events.ids import TenantId
from shared.events.profiles import LeadBecameHot, ProfileScored
from shared.events.replies import Contact
from shared.events.signals import Signal, SignalsObserved
from shared.events.topics import PROFILES, SIGNALS
from shared.runtime.kafka import header
from shared.runtime.polling import read_until
from tests.support.servers import Servers
from tests.support.services import PATIENCE, Running, serving
from tests.support.signals import action, observed, view
from tests.support.turns import Conversation


@pytest.fixture(scope="module")
async def profiles(servers: Servers) -> AsyncIterator[Running]:
    settings = ProfilesSettings(
        kafka=servers.kafka,
        redis=SecretStr(servers.redis),
        postgres=SecretStr(servers.role_url("profiles")),
        longest_wait=PATIENCE,
    )
    app = create_profiles(settings, CollectorRegistry())
    async with serving(app, kafka=servers.kafka, listen=(PROFILES, SIGNALS.dead)) as running:
        yield running


@pytest.fixture
def tenant_id() -> TenantId:
    return TenantId(uuid4())


async def ask(profiles: Running, tenant_id: TenantId, path: str, **parameters: Any) -> httpx.Response:
    headers = {"x-parley-tenant": str(tenant_id)}
    return await profiles.http.get(f"/internal{path}", params=parameters, headers=headers)


async def known(profiles: Running, event: SignalsObserved) -> dict[str, Any]:
    """The profile once it includes the event."""

    async def read() -> httpx.Response:
        path = f"/users/{event.user_id}/profile"
        parameters = {"domain": event.domain, "sequence": event.sequence, "wait_ms": 30_000}
        return await ask(profiles, event.tenant_id, path, **parameters)

    response = await read_until(read, lambda answer: answer.is_success, within=PATIENCE)
    body: dict[str, Any] = response.json()
    assert body["complete"]
    return body


def serious(tenant_id: TenantId, count: int = 4) -> list[SignalsObserved]:
    """Sessions of somebody who is about to buy, by the formulas of the property pack."""
    views = (view("citrine"), view("orchard"), view("lakeside"))
    return [
        observed(
            *views,
            action("site_visit", "citrine"),
            action("callback", "citrine"),
            Signal(kind="sentiment", name="turn", value={"sentiment": 0.8, "frustration": 0}),
            tenant_id=tenant_id,
            session_no=number,
        )
        for number in range(1, count + 1)
    ]


async def test_buyer_is_scored_at_each_interaction_and_becomes_hot_once(profiles: Running, tenant_id: TenantId) -> None:
    events = serious(tenant_id, count=6)
    await profiles.publish(*events)

    body = await known(profiles, events[-1])
    assert body["scores"]["temperature"] == "hot"
    assert body["scores"]["stage"] == "decision"
    assert {factor["name"] for factor in body["scores"]["engagement"]["factors"]} >= {"sessions", "views"}
    told = [header(record, TYPE_HEADER) for record in await profiles.hear(PROFILES, events[0].key, count=7)]
    assert sorted(filter(None, told)) == sorted([ProfileScored.type] * 6 + [LeadBecameHot.type])


async def test_duplicate_record_is_published_again_and_changes_nothing(profiles: Running, tenant_id: TenantId) -> None:
    event = observed(view("citrine"), tenant_id=tenant_id)
    await profiles.publish(event, event, event)

    told = await profiles.hear(PROFILES, event.key, count=3)

    assert len({(header(record, ID_HEADER), record.value) for record in told}) == 1
    body = await known(profiles, event)
    assert (body["version"], body["profile"]["views"]["citrine"]["count"]) == (1, 1)


async def test_poison_record_is_a_dead_letter_and_its_person_goes_on(profiles: Running, tenant_id: TenantId) -> None:
    refused = observed(Signal(kind="preference", name="city", value="a\x00b"), tenant_id=tenant_id)
    fine = observed(view("citrine"), tenant_id=tenant_id, turn_no=3)
    broken = refused.envelope()
    await profiles.bus.publish(Envelope(broken.topic, broken.key, b'{"half":', broken.headers))
    await profiles.publish(refused, fine)

    assert (await known(profiles, fine))["profile"]["turns"] == 1
    dead = await profiles.hear(SIGNALS.dead, fine.key, count=2)
    assert [record.value for record in dead] == [b'{"half":', broken.value]


async def test_contact_told_in_a_reply_joins_the_profile(profiles: Running, tenant_id: TenantId) -> None:
    event = observed(view("citrine"), tenant_id=tenant_id)
    talk = Conversation(tenant_id)
    await profiles.publish(event, talk.failed(1), talk.cancelled(2), talk.completed(3))
    await profiles.publish(talk.completed(4, contact=Contact(name="Asha")))
    await known(profiles, event)

    async def name() -> str | None:
        found: str | None = (await ask(profiles, tenant_id, "/users/ada/profile")).json()["profile"]["name"]
        return found

    assert await read_until(name, lambda seen: seen is not None, within=PATIENCE) == "Asha"


async def test_correction_over_http_creates_sets_and_forgets(profiles: Running, tenant_id: TenantId) -> None:
    async def change(body: dict[str, Any], **parameters: str) -> httpx.Response:
        return await profiles.http.patch(
            "/internal/users/ada/profile", json=body, params=parameters, headers={"x-parley-tenant": str(tenant_id)}
        )

    nowhere = await change({"name": "Asha"})
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (422, "domain_required")
    created = (
        await change({"name": "Asha", "phone": "12345", "preferences": {"city": "Goa"}}, domain="property")
    ).json()
    assert (created["profile"]["name"], created["version"], created["scores"]) == ("Asha", 1, None)
    cleared = (await change({"phone": None, "preferences": {"city": None}})).json()
    assert (cleared["profile"]["name"], cleared["profile"]["phone"], cleared["profile"]["preferences"]) == (
        "Asha",
        None,
        {},
    )


async def test_leads_show_what_they_looked_at(profiles: Running, tenant_id: TenantId) -> None:
    events = serious(tenant_id)
    await profiles.publish(*events)
    await known(profiles, events[-1])

    [lead] = (await ask(profiles, tenant_id, "/leads", domain="property")).json()["items"]

    assert lead["user_id"] == "ada"
    assert lead["total"] == pytest.approx(lead["engagement"] + lead["intent"])
    assert {"id": "citrine", "views": 4, "interest": "high"} in lead["items"]
    assert (await ask(profiles, tenant_id, "/leads", temperature="cold")).json()["items"] == []


async def test_a_cursor_that_nobody_gave_out_or_of_another_order_is_refused(
    profiles: Running, tenant_id: TenantId
) -> None:
    made_up = base64.urlsafe_b64encode(b'{"place": 3, "user_id": "a\\u0000", "domain": "property"}').decode()
    by_total = base64.urlsafe_b64encode(b'{"place": 3, "user_id": "ada", "domain": "property"}').decode()

    for cursor, order in ((made_up, "total"), ("nonsense", "total"), (by_total, "last_active")):
        refused = await ask(profiles, tenant_id, "/leads", cursor=cursor, order=order)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid_cursor")
    assert (await ask(profiles, tenant_id, "/leads", cursor=by_total)).status_code == 200


async def test_nobody_is_404(profiles: Running, tenant_id: TenantId) -> None:
    assert (await ask(profiles, tenant_id, "/users/nobody/profile")).status_code == 404


async def test_process_reports_health_and_what_it_needs(profiles: Running) -> None:
    assert (await profiles.http.get("/healthz")).json() == {"status": "ok"}
    assert (await profiles.http.get("/readyz")).json() == {"checks": {"kafka": "ok", "postgres": "ok"}}
