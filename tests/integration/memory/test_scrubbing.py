"""Personal data goes out of what is remembered when its time has come, and not before."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from services.memory import handlers
from services.memory.metrics import MemoryMetrics
from services.memory.reading import Awaited, MessagePage, Place
from services.memory.scrubbing import ScrubbedTranscripts, Scrubbing
from services.memory.store import SCRUBBED, Unscrubbed
from services.memory.store.scrubs import Said
from shared.events.ids import TenantId
from shared.events.replies import Clarification, DataPart, Entity, Feedback, Reply, Understood
from shared.events.turns import Command
from shared.privacy.detection import Detector
from shared.privacy.scrubbing import Scrubber
from shared.privacy.tasks import Tasks
from tests.integration.memory.conftest import Memory
from tests.support.turns import Conversation

BEGAN = datetime.now(UTC) - timedelta(hours=2)
DAY = timedelta(hours=24)
SCRUBBER = Scrubber(Detector())
PHONE = "9876543210"
ASKED = f"This is harpreet, call {PHONE} about Brigade Citrine"


@pytest.fixture
def conversation(conversation: Conversation) -> Conversation:
    return Conversation(tenant_id=conversation.tenant_id, began=BEGAN)


def scrubbing(memory: Memory, now: Callable[[], datetime], **more: Any) -> Scrubbing:
    given = {"after": DAY, "metrics": MemoryMetrics(CollectorRegistry()), "now": now, "scrubber": SCRUBBER, **more}
    return Scrubbing(tasks=Tasks(memory.database, "memory"), unscrubbed=Unscrubbed(memory.database), **given)


async def remember(memory: Memory, talk: Conversation, transcripts: handlers.Transcripts | None = None) -> None:
    transcripts = transcripts or memory.transcripts
    entities = (entity("person_name", "harpreet"), entity("phone", PHONE), entity("project", "Brigade Citrine"))
    reply = Reply(
        text=f"Thanks, Harpreet, we call {PHONE}.",
        data=(DataPart(kind="callback", value={"phone": PHONE, "listing_id": "P-1"}),),
        clarification=Clarification(question="Is a@example.com still right?", options=("a@example.com",)),
    )
    understood = Understood(intent="callback", confidence=0.9, entities=entities)
    completed = talk.completed(1, ASKED, understood=understood, reply=reply)
    await handlers.on_turns_completed([completed], transcripts)
    feedback = Feedback(turn_id=talk.turn_id(1), rating=5, comment=f"my wife has {PHONE}")
    rated = talk.completed(2, answer="", input=Command(name="feedback"), feedback=feedback)
    await handlers.on_turns_completed([rated], transcripts)


def entity(kind: str, text: str) -> Entity:
    return Entity(kind=kind, value=text, text=text, start=ASKED.index(text), end=ASKED.index(text) + len(text))


async def read(memory: Memory, talk: Conversation) -> MessagePage:
    page = await memory.reader.messages(Place(talk.tenant_id, talk.session_id), after=None, limit=50, awaited=Awaited())
    assert page is not None
    return page


async def stored(memory: Memory, talk: Conversation) -> list[dict[str, Any]]:
    async with memory.database.tenant(talk.tenant_id) as connection:
        rows = await connection.fetch(
            "select * from memory.messages where tenant_id = $1 order by role", talk.tenant_id
        )
    return [dict(row) for row in rows]


async def test_before_its_time_everything_is_as_it_was_said(memory: Memory, conversation: Conversation) -> None:
    await remember(memory, conversation)

    await scrubbing(memory, lambda: BEGAN + DAY).run()

    assert (await read(memory, conversation)).items[0].text == ASKED
    assert [row["pii_scrubbed"] for row in await stored(memory, conversation)] == [False, False]


async def test_after_a_day_nothing_personal_is_left_anywhere(memory: Memory, conversation: Conversation) -> None:
    await remember(memory, conversation)
    at = BEGAN + DAY + timedelta(minutes=1)

    await scrubbing(memory, lambda: at).run()

    asked, answered = (await read(memory, conversation)).items
    assert asked.text == "This is [NAME], call [PHONE] about Brigade Citrine"
    assert [(each.value, asked.text[each.start : each.end]) for each in asked.entities] == [
        ("[NAME]", "[NAME]"),
        ("[PHONE]", "[PHONE]"),
        ("Brigade Citrine", "Brigade Citrine"),
    ]
    assert answered.text == "Thanks, [NAME], we call [PHONE]."
    assert answered.data[0].value == {"phone": "[PHONE]", "listing_id": "P-1"}
    assert answered.clarification == Clarification(question="Is [EMAIL] still right?", options=("[EMAIL]",))
    assert answered.feedback is not None
    assert answered.feedback.comment == "my wife has [PHONE]"
    session = await memory.reader.session(Place(conversation.tenant_id, conversation.session_id), None)
    assert session is not None
    assert session.title == "This is [NAME], call [PHONE] about Brigade Citrine"
    assert [(row["pii_scrubbed"], row["context"]) for row in await stored(memory, conversation)] == [
        (True, {"pii_scrubbed": {"at": at.isoformat(), "taken": {"NAME": 1, "PHONE": 1}}}),
        (True, {"pii_scrubbed": {"at": at.isoformat(), "taken": {"NAME": 1, "PHONE": 1}}}),
    ]


async def test_two_replicas_scrub_every_message_once(memory: Memory, conversation: Conversation) -> None:
    talks = [Conversation(tenant_id=conversation.tenant_id, began=BEGAN) for _ in range(60)]
    endings = [talk.completed(turn_no, f"call {PHONE}") for talk in talks for turn_no in range(1, 5)]
    await handlers.on_turns_completed(endings, memory.transcripts)

    jobs = [scrubbing(memory, lambda: BEGAN + 2 * DAY) for _ in range(2)]
    await asyncio.gather(*(job.run() for job in jobs))
    await jobs[0].run()

    assert {row["pii_scrubbed"] for row in await stored(memory, conversation)} == {True}
    assert (await Tasks(memory.database, "memory").done(conversation.tenant_id, SCRUBBED)).rows == 60 * 4 * 2
    backlog = await Unscrubbed(memory.database).backlog(conversation.tenant_id, before=BEGAN + DAY)
    assert (backlog.due, backlog.oldest) == (0, None)


async def test_what_fails_halfway_is_done_whole_by_the_next_run(memory: Memory, conversation: Conversation) -> None:
    await remember(memory, conversation)
    unscrubbed = Unscrubbed(memory.database)
    at = BEGAN + 2 * DAY

    async def die(_: object) -> list[tuple[Said, dict[str, int]]]:
        raise OSError("killed")

    with pytest.raises(Exception, match="killed"):
        await unscrubbed.scrub(conversation.tenant_id, die, before=at - DAY, now=at, at_most=100)
    assert (await unscrubbed.backlog(conversation.tenant_id, before=at - DAY)).due == 2
    assert (await Tasks(memory.database, "memory").done(conversation.tenant_id, SCRUBBED)).rows == 0

    await scrubbing(memory, lambda: at).run()
    await scrubbing(memory, lambda: at).run()
    assert (await unscrubbed.backlog(conversation.tenant_id, before=at - DAY)).due == 0
    assert (await Tasks(memory.database, "memory").done(conversation.tenant_id, SCRUBBED)).rows == 2


async def test_a_title_that_ends_within_a_number_keeps_none_of_it(memory: Memory, conversation: Conversation) -> None:
    words = "I would like somebody to ring me about the flats on 98765 43210 please"
    await handlers.on_turns_completed([conversation.completed(1, words)], memory.transcripts)

    await scrubbing(memory, lambda: BEGAN + 2 * DAY).run()

    session = await memory.reader.session(Place(conversation.tenant_id, conversation.session_id), None)
    assert session is not None
    assert session.title == "I would like somebody to ring me about the flats on [PHONE]…"


async def test_without_a_delay_nothing_personal_is_ever_stored(memory: Memory, conversation: Conversation) -> None:
    early = ScrubbedTranscripts(memory.transcripts, SCRUBBER)
    await handlers.on_turns_submitted([conversation.submitted(1, ASKED, opens=True)], early)
    assert [each.text for each in (await read(memory, conversation)).items] == [
        "This is harpreet, call [PHONE] about Brigade Citrine"
    ]

    await remember(memory, conversation, early)
    texts = [str(row["text"]) + str(row["data"]) + str(row["entities"]) for row in await stored(memory, conversation)]
    assert not any(PHONE in text or "harpreet" in text.lower() for text in texts)

    await scrubbing(memory, lambda: BEGAN + timedelta(minutes=1), after=timedelta(0)).run()
    assert [row["context"]["pii_scrubbed"]["taken"] for row in await stored(memory, conversation)] == [
        {"NAME": 1, "PHONE": 1},
        {"NAME": 1, "PHONE": 1},
    ]


async def test_another_tenants_messages_are_scrubbed_too(memory: Memory, conversation: Conversation) -> None:
    other = Conversation(tenant_id=TenantId(uuid4()), began=BEGAN)
    for talk in (conversation, other):
        await remember(memory, talk)

    await scrubbing(memory, lambda: BEGAN + 2 * DAY).run()

    for talk in (conversation, other):
        assert {row["pii_scrubbed"] for row in await stored(memory, talk)} == {True}
