"""What the agent keeps of people's words loses their personal data, and goes when its time has come."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.agent.scrubbing import Upkeep
from services.agent.scrubbing.metrics import UpkeepMetrics
from services.agent.session import Ending, Loaded, Opening, Remembered, Session
from services.agent.store import Ledger, OldEndings
from shared.domains.base import Dialogue, Exchange, Question
from shared.events.envelope import Envelope
from shared.events.ids import TenantId
from shared.events.replies import Clarification, Contact, DataPart, Entity, Reply, TurnCompleted, Understood
from shared.events.signals import Signal, SignalsObserved
from shared.privacy.detection import Detector
from shared.privacy.scrubbing import Scrubber
from shared.privacy.tasks import Tasks
from shared.runtime.postgres import Database
from tests.integration.agent.conftest import NOW
from tests.support.turns import Conversation

DAY = timedelta(hours=24)
QUARTER = timedelta(days=90)
PHONE = "9876543210"
ASKED = f"harpreet here, call {PHONE} about Brigade Citrine"
LEFT = "[NAME] here, call [PHONE] about Brigade Citrine"


def upkeep(database: Database, now: Callable[[], datetime], **more: Any) -> Upkeep:
    given = {"scrub_after": DAY, "retain": QUARTER, "domains": {}, **more}
    return Upkeep(
        tasks=Tasks(database, "agent"),
        endings=OldEndings(database),
        scrubber=Scrubber(Detector()),
        now=now,
        metrics=UpkeepMetrics(CollectorRegistry()),
        **given,
    )


def entities() -> tuple[Entity, ...]:
    return tuple(
        Entity(kind=kind, value=text, text=text, start=ASKED.index(text), end=ASKED.index(text) + len(text))
        for kind, text in (("person_name", "harpreet"), ("phone", PHONE), ("project", "Brigade Citrine"))
    )


class Talk:
    """A session whose turns end as the agent ends them."""

    def __init__(self, tenant_id: TenantId, ledger: Ledger) -> None:
        self.events = Conversation(tenant_id=tenant_id, began=NOW)
        self.ledger = ledger
        self.recent: tuple[Exchange, ...] = ()

    async def open(self) -> None:
        events = self.events
        await self.ledger.open(Opening(events.tenant_id, events.session_id, events.user_id, events.domain, NOW))

    async def end(self, turn_no: int, at: datetime) -> None:
        """A turn in which somebody leaves a name and a number ends at this moment."""
        understood = Understood(intent="callback", entities=entities(), rewritten=ASKED)
        reply = Reply(
            text=f"Thanks, Harpreet, we call {PHONE}.", data=(DataPart(kind="callback", value={"phone": PHONE}),)
        )
        contact = Contact(name="Harpreet", phone=PHONE)
        completed = self.events.completed(turn_no, ASKED, understood=understood, reply=reply, contact=contact)
        exchange = Exchange(turn_no=turn_no, text=ASKED, intent="callback", entities=entities(), reply=reply.text)
        self.recent = (*self.recent, exchange)
        question = Question(about="number", clarification=Clarification(question=f"Is it {PHONE}?"), asked_in=turn_no)
        await self.ledger.commit(
            Ending(
                tenant_id=self.events.tenant_id,
                session_id=self.events.session_id,
                turn_id=self.events.turn_id(turn_no),
                turn_no=turn_no,
                outcome="completed",
                body_hash="0" * 64,
                ended_at=at,
                envelopes=(completed.envelope(), self.signals(turn_no).envelope()),
                remembered=Remembered(
                    dialogue=Dialogue(recent=self.recent, question=question),
                    pack={"note": f"ring {PHONE}", "listing_id": "P-1"},
                ),
            )
        )

    def signals(self, turn_no: int) -> SignalsObserved:
        observed = (Signal(kind="view", name="P-9876543210"),)
        turn = self.events.completed(turn_no)
        shared = turn.model_dump(
            include={"event_id", "occurred_at", "tenant_id", "request_id", "session_id", "turn_id"}
        )
        return SignalsObserved(**shared, user_id="ada", domain="property", session_no=1, turn_no=1, signals=observed)

    async def envelopes(self, turn_no: int) -> tuple[Envelope, ...]:
        ended = (await self._loaded(turn_no)).ended
        assert ended is not None
        assert ended.envelopes is not None
        return ended.envelopes

    async def session(self) -> Session:
        session = (await self._loaded(1)).session
        assert session is not None
        return session

    async def _loaded(self, turn_no: int) -> Loaded:
        events = self.events
        return await self.ledger.load(events.tenant_id, events.session_id, events.turn_id(turn_no))


@pytest.fixture
async def talk(tenant_id: TenantId, ledger: Ledger) -> Talk:
    talk = Talk(tenant_id, ledger)
    await talk.open()
    return talk


async def test_a_scrubbed_ending_is_the_same_valid_event_without_what_was_personal(
    talk: Talk, database: Database
) -> None:
    await talk.end(1, NOW)
    before, signals = await talk.envelopes(1)

    await upkeep(database, lambda: NOW + DAY).run()
    assert await talk.envelopes(1) == (before, signals)

    await upkeep(database, lambda: NOW + DAY + timedelta(minutes=1)).run()
    after, same = await talk.envelopes(1)
    assert same == signals
    assert (after.topic, after.key, after.headers) == (before.topic, before.key, before.headers)
    event = TurnCompleted.model_validate_json(after.value)
    assert event.envelope() == after
    assert PHONE not in after.value.decode()
    assert "harpreet" not in after.value.decode().lower()
    assert (event.input.model_dump()["text"], event.contact) == (LEFT, None)
    assert [LEFT[each.start : each.end] for each in event.understood.entities] == [
        "[NAME]",
        "[PHONE]",
        "Brigade Citrine",
    ]


async def test_what_an_idle_session_remembers_is_scrubbed_with_its_last_turn(talk: Talk, database: Database) -> None:
    await talk.end(1, NOW)

    await upkeep(database, lambda: NOW + 2 * DAY).run()

    remembered = (await talk.session()).remembered
    assert remembered.pack == {"note": "ring [PHONE]", "listing_id": "P-1"}
    (exchange,) = remembered.dialogue.recent
    assert (exchange.text, exchange.reply) == (LEFT, "Thanks, [NAME], we call [PHONE].")
    assert remembered.dialogue.question is not None
    assert remembered.dialogue.question.clarification.question == "Is it [PHONE]?"


async def test_a_session_that_goes_on_keeps_what_its_young_turns_need(talk: Talk, database: Database) -> None:
    await talk.end(1, NOW)
    await talk.end(2, NOW + DAY)

    await upkeep(database, lambda: NOW + DAY + timedelta(minutes=1)).run()

    remembered = (await talk.session()).remembered
    assert [each.text for each in remembered.dialogue.recent] == [LEFT, ASKED]
    assert remembered.pack["note"] == f"ring {PHONE}"
    await talk.end(3, NOW + DAY + timedelta(minutes=2))


async def test_without_a_delay_a_conversation_still_has_an_hour(talk: Talk, database: Database) -> None:
    await talk.end(1, NOW)

    await upkeep(database, lambda: NOW + timedelta(minutes=59), scrub_after=timedelta(0)).run()
    assert (await talk.session()).remembered.pack["note"] == f"ring {PHONE}"

    await upkeep(database, lambda: NOW + timedelta(minutes=61), scrub_after=timedelta(0)).run()
    assert (await talk.session()).remembered.pack["note"] == "ring [PHONE]"


async def test_two_replicas_scrub_every_ending_once(tenant_id: TenantId, ledger: Ledger, database: Database) -> None:
    talks = [Talk(tenant_id, ledger) for _ in range(30)]
    for talk in talks:
        await talk.open()
        for turn_no in (1, 2, 3):
            await talk.end(turn_no, NOW)

    jobs = [upkeep(database, lambda: NOW + 2 * DAY) for _ in range(2)]
    await asyncio.gather(*(job.run() for job in jobs))
    await jobs[0].run()

    scrubbed, deleted = (await jobs[0].standings(tenant_id)).items
    assert (scrubbed.task, scrubbed.due, scrubbed.oldest, scrubbed.done) == ("scrubbed_endings", 0, None, 90)
    assert (deleted.task, deleted.due, deleted.oldest, deleted.done) == ("deleted_endings", 0, NOW, 0)


async def test_endings_go_after_ninety_days_and_the_session_stays_with_its_number(
    talk: Talk, database: Database
) -> None:
    await talk.end(1, NOW)
    clock = [NOW + QUARTER]
    job = upkeep(database, lambda: clock[0])

    await job.run()
    assert await talk.envelopes(1)

    clock[0] += timedelta(minutes=1)
    await job.run()
    assert (await talk._loaded(1)).ended is None
    session = await talk.session()
    assert (session.session_no, session.turn_no, session.remembered) == (1, 1, Remembered())
    deleted = (await job.standings(talk.events.tenant_id)).items[1]
    assert (deleted.due, deleted.oldest, deleted.done, deleted.last_at) == (0, None, 1, clock[0])
    await talk.end(2, clock[0])


async def test_a_deleted_session_has_nothing_to_scrub_and_stays_deleted(talk: Talk, database: Database) -> None:
    await talk.end(1, NOW)
    await talk.ledger.delete(talk.events.tenant_id, talk.events.session_id, NOW)

    await upkeep(database, lambda: NOW + 2 * DAY).run()

    ended = (await talk._loaded(1)).ended
    assert ended is not None
    assert ended.envelopes is None
    assert (await talk.session()).deleted
