"""What is stored and told after signals arrived, however often."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import uuid4

import orjson
import pytest

from services.profiles.facts import Facts
from services.profiles.folding import correct
from services.profiles.handlers import on_signals_observed, on_turns_completed
from services.profiles.reading import Correction, Person
from services.profiles.store import Portrait
from shared.domains.leads import LeadQuery
from shared.errors import Reject
from shared.events.envelope import Envelope
from shared.events.ids import TenantId
from shared.events.profiles import LeadBecameHot, ProfileScored, Temperature
from shared.events.replies import Contact
from shared.events.signals import Signal, SignalsObserved
from tests.integration.profiles.conftest import Service
from tests.support.signals import action, observed, view
from tests.support.turns import Conversation


class Published:
    """Remembers what was published."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def __call__(self, envelopes: tuple[Envelope, ...]) -> None:
        self.envelopes.extend(envelopes)

    def types(self) -> list[str | None]:
        return [envelope.header("ce_type") for envelope in self.envelopes]


async def portrait(service: Service, tenant_id: TenantId, user_id: str = "ada", domain: str = "property") -> Portrait:
    found = await service.people.portrait(tenant_id, user_id, domain)
    assert found is not None
    return found


async def count(service: Service, tenant_id: TenantId, table: str) -> int:
    async with service.database.tenant(tenant_id) as connection:
        return int(await connection.fetchval(f"select count(*) from profiles.{table}"))  # noqa: S608 - names of ours


async def test_signals_become_a_scored_profile(service: Service, tenant_id: TenantId) -> None:
    await service.profiles.observe([observed(view("citrine"), tenant_id=tenant_id)])

    known = await portrait(service, tenant_id)
    assert known.profile.interests == {"citrine": "low"}
    assert known.scores is not None
    assert (known.scores.engagement.value, known.version) == (1, 1)
    assert await count(service, tenant_id, "score_history") == 1


async def test_duplicate_signals_score_once_and_publish_the_same_bytes(service: Service, tenant_id: TenantId) -> None:
    event, published = observed(view("citrine"), action("site_visit"), tenant_id=tenant_id), Published()
    for _ in range(3):
        await on_signals_observed([event], service.profiles, published)

    known = await portrait(service, tenant_id)
    assert (known.version, known.profile.turns, known.profile.total_views) == (1, 1, 1)
    assert published.types() == [ProfileScored.type, LeadBecameHot.type] * 3
    assert len(set(published.envelopes)) == 2
    assert await count(service, tenant_id, "score_history") == 1


async def test_duplicates_in_one_batch_score_once(service: Service, tenant_id: TenantId) -> None:
    event, other = (observed(view("citrine"), tenant_id=tenant_id, turn_no=turn_no) for turn_no in (1, 2))

    told = await service.profiles.observe([event, other, event, other, event])

    assert told[0] == told[2] == told[4] != told[1]
    assert (await portrait(service, tenant_id)).profile.total_views == 2


async def test_interactions_of_many_people_at_once_each_count(service: Service, tenant_id: TenantId) -> None:
    events = [
        observed(view("citrine"), tenant_id=tenant_id, user_id=f"user {number}", turn_no=turn_no)
        for turn_no in (1, 2, 3)
        for number in range(40)
    ]
    await asyncio.gather(service.profiles.observe(events[:60]), service.profiles.observe(events[60:]))

    found = (await service.reader.leads(tenant_id, LeadQuery(domain="property"), after=None, limit=100)).items
    assert {(each.version, each.profile.turns) for each in found} == {(3, 3)}
    assert len(found) == 40
    assert await count(service, tenant_id, "score_history") == 120


async def test_lead_becomes_hot_once_while_it_stays_hot(service: Service, tenant_id: TenantId) -> None:
    published = Published()
    for turn_no, signal in enumerate((view("a"), action("site_visit"), view("a")), start=1):
        event = observed(signal, tenant_id=tenant_id, turn_no=turn_no)
        await on_signals_observed([event], service.profiles, published)

    assert published.types() == [ProfileScored.type, ProfileScored.type, LeadBecameHot.type, ProfileScored.type]
    assert orjson.loads(published.envelopes[2].value)["total"] == 11


async def test_domain_without_a_pack_is_folded_without_scores(service: Service, tenant_id: TenantId) -> None:
    told = await service.profiles.observe([observed(view("bag"), tenant_id=tenant_id, domain="luxury")])

    assert told == ()
    known = await portrait(service, tenant_id, domain="luxury")
    assert (known.scores, known.profile.total_views) == (None, 1)
    assert (await service.reader.leads(tenant_id, LeadQuery(), after=None, limit=10)).items == []


async def test_event_that_postgres_refuses_is_rejected_and_stores_nothing(
    service: Service, tenant_id: TenantId
) -> None:
    poison = observed(Signal(kind="preference", name="city", value="a\x00b"), tenant_id=tenant_id, user_id="eve")

    with pytest.raises(Reject):
        await service.profiles.observe([observed(view("a"), tenant_id=tenant_id), poison])

    assert await service.people.portrait(tenant_id, "eve", "property") is None
    assert await service.people.portrait(tenant_id, "ada", "property") is None


async def test_contact_told_in_a_turn_is_kept_and_repeats_change_nothing(service: Service, tenant_id: TenantId) -> None:
    talk = Conversation(tenant_id)
    event = talk.completed(1, contact=Contact(name="Asha", phone="+91 98450 12345"))
    for _ in range(2):
        await on_turns_completed([event], service.profiles)
    await on_turns_completed([talk.completed(2)], service.profiles)

    known = await portrait(service, tenant_id)
    assert (known.profile.name, known.profile.phone, known.profile.email) == ("Asha", "+91 98450 12345", None)
    assert known.version == 1


async def test_older_turn_does_not_undo_what_was_put_right_by_hand(service: Service, tenant_id: TenantId) -> None:
    person = Person(tenant_id, "ada", "property")
    await service.reader.correct(person, Correction({"name": "Asha Rao", "phone": None}))
    past = Conversation(tenant_id, began=Conversation(tenant_id).began - timedelta(days=1))
    await on_turns_completed([past.completed(1, contact=Contact(name="Asah", phone="12345"))], service.profiles)

    known = await portrait(service, tenant_id)
    assert (known.profile.name, known.profile.phone) == ("Asha Rao", None)


async def test_correction_of_a_preference_holds_until_a_later_turn(service: Service, tenant_id: TenantId) -> None:
    def wish(turn_no: int, city: str) -> SignalsObserved:
        return observed(Signal(kind="preference", name="city", value=city), tenant_id=tenant_id, turn_no=turn_no)

    await service.profiles.observe([wish(1, "Pune")])
    await service.profiles.revise(tenant_id, "ada", "property", partial(correct, preferences={"city": "Goa"}))
    assert (await portrait(service, tenant_id)).profile.preferences["city"].value == "Goa"

    await service.profiles.observe([wish(2, "Kochi")])
    assert (await portrait(service, tenant_id)).profile.preferences["city"].value == "Kochi"


async def test_correction_without_a_domain_goes_to_the_latest_one(service: Service, tenant_id: TenantId) -> None:
    assert await service.reader.correct(Person(tenant_id, "ada", None), Correction({"name": "Asha"})) is None
    await service.profiles.observe([observed(tenant_id=tenant_id, domain="luxury")])
    await service.profiles.observe([observed(tenant_id=tenant_id, domain="property", session_no=2)])

    seen = await service.reader.correct(Person(tenant_id, "ada", None), Correction({"name": "Asha"}))
    assert seen is not None
    assert (seen.portrait.profile.domain, seen.portrait.profile.name) == ("property", "Asha")


async def test_correction_at_the_same_time_as_signals_loses_neither(service: Service, tenant_id: TenantId) -> None:
    person = Person(tenant_id, "ada", "property")
    events = [observed(view("a"), tenant_id=tenant_id, turn_no=turn_no) for turn_no in range(1, 21)]
    await asyncio.gather(
        *(service.profiles.observe([event]) for event in events),
        *(service.reader.correct(person, Correction(preferences={f"p{number}": number})) for number in range(10)),
    )

    profile = (await portrait(service, tenant_id)).profile
    assert profile.total_views == 20
    assert len(profile.preferences) == 10


async def test_read_waits_for_the_signals_it_must_include(service: Service, tenant_id: TenantId) -> None:
    event = observed(view("a"), tenant_id=tenant_id)
    person = Person(tenant_id, "ada", "property")
    reading = asyncio.create_task(service.reader.person(person, sequence=event.sequence, wait=timedelta(seconds=5)))
    await service.profiles.observe([event])

    seen = await reading
    assert seen is not None
    assert seen.complete
    late = await service.reader.person(person, sequence=event.sequence + 1, wait=timedelta(milliseconds=50))
    assert late is not None
    assert not late.complete


@pytest.mark.parametrize("temperature", ["hot", None])
async def test_leads_come_highest_first_page_by_page(
    service: Service, tenant_id: TenantId, temperature: Temperature | None
) -> None:
    for number in range(6):
        signals = (action("site_visit"), *(view(f"item {item}") for item in range(number // 2)))
        await service.profiles.observe([observed(*signals, tenant_id=tenant_id, user_id=f"user {number}")])
    await service.profiles.observe([observed(view("a"), tenant_id=tenant_id, user_id="cold one")])
    wanted = LeadQuery(domain="property", temperature=temperature)

    pages, after = [], None
    while True:
        page = await service.reader.leads(tenant_id, wanted, after=after, limit=2)
        pages.append([each.profile.user_id for each in page.items])
        after = page.following
        if after is None:
            break

    hot = [["user 5", "user 4"], ["user 3", "user 2"], ["user 1", "user 0"]]
    assert pages == (hot if temperature else [*hot, ["cold one"]])


async def test_another_tenant_sees_nobody(service: Service, tenant_id: TenantId) -> None:
    await service.profiles.observe([observed(action("site_visit"), tenant_id=tenant_id)])
    stranger = TenantId(uuid4())

    assert await service.people.portrait(stranger, "ada", "property") is None
    assert (await service.reader.leads(stranger, LeadQuery(), after=None, limit=10)).items == []


async def test_revision_that_changes_nothing_counts_nothing(service: Service, tenant_id: TenantId) -> None:
    await service.profiles.observe([observed(view("a"), tenant_id=tenant_id)])

    def same(facts: Facts) -> Facts:
        return facts

    await service.profiles.revise(tenant_id, "ada", "property", same)
    assert (await portrait(service, tenant_id)).version == 1
