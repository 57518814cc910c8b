"""What the tables hold after events arrived, in whatever order and however often."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import NoneType
from uuid import uuid4

import pytest

from services.memory import handlers
from services.memory.reading import Awaited, MessagePage, Place
from services.memory.store import Session
from shared.errors import Reject, Retry
from shared.events.ids import TenantId
from shared.events.replies import Entity, Understood
from shared.events.turns import Command
from tests.integration.memory.conftest import Memory
from tests.support.turns import Conversation, now


async def session_of(memory: Memory, talk: Conversation) -> Session | None:
    return await memory.reader.session(Place(talk.tenant_id, talk.session_id), None)


async def read(memory: Memory, talk: Conversation) -> MessagePage:
    page = await memory.reader.messages(Place(talk.tenant_id, talk.session_id), after=None, limit=50, awaited=Awaited())
    assert page is not None
    return page


async def said(memory: Memory, talk: Conversation) -> list[tuple[int | None, str, str, str]]:
    page = await read(memory, talk)
    return [(each.turn_no, each.role, each.text, each.status) for each in page.items]


async def test_both_sides_of_a_turn_come_from_its_ending_alone(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_completed([conversation.completed(1, "Flats?", "Three.")], memory.transcripts)

    assert await said(memory, conversation) == [(1, "user", "Flats?", "final"), (1, "assistant", "Three.", "final")]
    session = await session_of(memory, conversation)
    assert session is not None
    assert (session.title, session.message_count, session.turn_no) == ("Flats?", 2, 1)
    assert (session.created_at, session.last_active_at) == (conversation.asked_at(1), conversation.ended_at(1))


async def test_duplicate_ending_applies_once(memory: Memory, conversation: Conversation) -> None:
    for _ in range(3):
        await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    await handlers.on_turns_completed([conversation.completed(2)], memory.transcripts)
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)

    session = await session_of(memory, conversation)
    assert session is not None
    assert (session.message_count, session.turn_no) == (4, 2)
    assert len(await said(memory, conversation)) == 4


async def test_duplicates_in_one_batch_apply_once(memory: Memory, conversation: Conversation) -> None:
    endings = [conversation.completed(turn_no) for turn_no in (1, 1, 2, 2, 3)]

    await handlers.on_turns_completed(endings, memory.transcripts)

    session = await session_of(memory, conversation)
    assert session is not None
    assert (session.message_count, session.turn_no) == (6, 3)


async def test_submitted_words_are_pending_until_the_ending(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_submitted([conversation.submitted(1, "Hello?", opens=True)], memory.transcripts)
    assert await said(memory, conversation) == [(None, "user", "Hello?", "pending")]

    await handlers.on_turns_completed([conversation.completed(1, "Hello?", "Hi.")], memory.transcripts)
    assert [each[3] for each in await said(memory, conversation)] == ["final", "final"]


async def test_submission_after_its_ending_leaves_nothing_pending(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    await handlers.on_turns_submitted([conversation.submitted(1, opens=True)], memory.transcripts)

    assert [each[3] for each in await said(memory, conversation)] == ["final", "final"]


async def test_message_keeps_its_id_from_pending_to_final(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_submitted([conversation.submitted(1, opens=True)], memory.transcripts)
    before = (await read(memory, conversation)).items[0].message_id
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)

    assert (await read(memory, conversation)).items[0].message_id == before


async def test_expired_submission_is_not_shown_and_is_forgotten(memory: Memory, conversation: Conversation) -> None:
    past = now() - timedelta(seconds=1)
    await handlers.on_turns_submitted([conversation.submitted(1, opens=True, expires_at=past)], memory.transcripts)
    await handlers.on_turns_submitted([conversation.submitted(2, "later")], memory.transcripts)
    assert await said(memory, conversation) == [(None, "user", "later", "pending")]

    await memory.transcripts.forget_expired(now())

    async with memory.database.tenant(conversation.tenant_id) as connection:
        kept = await connection.fetch("select text from memory.turns")
    assert [row["text"] for row in kept] == ["later"]


@pytest.mark.parametrize("outcome", ["failed", "cancelled"])
async def test_unanswered_turn_keeps_the_question_marked(
    memory: Memory, conversation: Conversation, outcome: str
) -> None:
    event = conversation.failed(1, "Flats?") if outcome == "failed" else conversation.cancelled(1, "Flats?")
    await handlers.on_turns_unanswered([event], memory.transcripts)

    assert await said(memory, conversation) == [(1, "user", "Flats?", outcome)]


async def test_turn_without_a_session_leaves_no_session(memory: Memory, conversation: Conversation) -> None:
    failed = conversation.failed(0, reason="unknown_session")
    await handlers.on_turns_unanswered([failed], memory.transcripts)
    late = conversation.submitted(0)
    await handlers.on_turns_submitted([late], memory.transcripts)

    assert await session_of(memory, conversation) is None
    status = await memory.reader.turn(Place(conversation.tenant_id, conversation.session_id), late.turn_id)
    assert status == "failed"


async def test_command_and_empty_reply_leave_no_messages(memory: Memory, conversation: Conversation) -> None:
    silent = conversation.completed(1, answer="", input=Command(name="apply"))
    await handlers.on_turns_completed([silent], memory.transcripts)

    session = await session_of(memory, conversation)
    assert session is not None
    assert (session.title, session.message_count, session.turn_no) == (None, 0, 1)


async def test_rating_lands_on_the_rated_answer_and_an_older_one_does_not_undo_it(
    memory: Memory, conversation: Conversation
) -> None:
    events = [conversation.completed(1), conversation.rated(2, rated=1, rating=2), conversation.rated(3, 1, 5)]
    for event in [*events, events[1]]:
        await handlers.on_turns_completed([event], memory.transcripts)

    asked, answered = (await read(memory, conversation)).items
    assert asked.feedback is None
    assert answered.feedback is not None
    assert (answered.feedback.rating, answered.feedback.comment) == (5, "thanks")


async def test_deleted_session_stays_deleted_whatever_arrives_late(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    await handlers.on_turns_submitted([conversation.submitted(2)], memory.transcripts)
    await handlers.on_session_deleted(conversation.deleted(), memory.transcripts)
    await handlers.on_turns_completed([conversation.completed(2)], memory.transcripts)
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    await handlers.on_turns_submitted([conversation.submitted(3, opens=True)], memory.transcripts)
    await handlers.on_sessions_opened([conversation.opened()], memory.transcripts)
    await handlers.on_session_deleted(conversation.deleted(), memory.transcripts)

    assert await session_of(memory, conversation) is None
    async with memory.database.tenant(conversation.tenant_id) as connection:
        assert await connection.fetchval("select count(*) from memory.messages") == 0
        assert await connection.fetchval("select count(*) from memory.turns") == 0


async def test_session_deleted_before_anything_else_arrived_stays_empty(
    memory: Memory, conversation: Conversation
) -> None:
    await handlers.on_session_deleted(conversation.deleted(), memory.transcripts)
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)

    assert await session_of(memory, conversation) is None
    async with memory.database.tenant(conversation.tenant_id) as connection:
        assert await connection.fetchval("select count(*) from memory.messages") == 0


async def test_deleting_while_turns_end_leaves_nothing(memory: Memory) -> None:
    talks = [Conversation(TenantId(uuid4())) for _ in range(20)]
    writes: list[Callable[[], Awaitable[None]]] = []
    for talk in talks:
        writes += [
            partial(handlers.on_turns_completed, [talk.completed(1)], memory.transcripts),
            partial(handlers.on_session_deleted, talk.deleted(), memory.transcripts),
            partial(handlers.on_turns_completed, [talk.completed(2)], memory.transcripts),
        ]
    while writes:
        outcomes = await asyncio.gather(*(write() for write in writes), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} <= {NoneType, Retry}
        writes = [write for write, outcome in zip(writes, outcomes, strict=True) if outcome is not None]

    for talk in talks:
        async with memory.database.tenant(talk.tenant_id) as connection:
            assert await connection.fetchval("select count(*) from memory.messages") == 0


async def test_ratings_in_one_batch_leave_the_last(memory: Memory, conversation: Conversation) -> None:
    events = [conversation.completed(1), conversation.rated(3, 1, 5), conversation.rated(2, rated=1, rating=2)]
    await handlers.on_turns_completed(events, memory.transcripts)

    _, answered = (await read(memory, conversation)).items
    assert answered.feedback is not None
    assert answered.feedback.rating == 5


async def test_row_that_postgres_refuses_is_rejected_and_spares_other_tenants(
    memory: Memory, conversation: Conversation
) -> None:
    nul = Entity(kind="place", value="a\x00b", text="x", start=0, end=1)
    poison = conversation.completed(1, understood=Understood(entities=(nul,)))
    neighbour, stranger = Conversation(conversation.tenant_id), Conversation(TenantId(uuid4()))
    events = [stranger.completed(1), neighbour.completed(1), poison]

    with pytest.raises(Reject) as refused:
        await handlers.on_turns_completed(events, memory.transcripts)

    assert "x" not in str(refused.value).split()
    assert len(await said(memory, stranger)) == 2
    assert await session_of(memory, neighbour) is None
    await handlers.on_turns_completed([neighbour.completed(1)], memory.transcripts)
    assert len(await said(memory, neighbour)) == 2


async def test_nul_in_words_is_stored_as_a_replacement(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_completed([conversation.completed(1, "a\x00b")], memory.transcripts)

    assert (await said(memory, conversation))[0][2] == "a\ufffdb"


async def test_message_of_a_week_without_partition_makes_it(memory: Memory, conversation: Conversation) -> None:
    old = Conversation(conversation.tenant_id, began=now() - timedelta(weeks=30))
    await handlers.on_turns_completed([old.completed(1)], memory.transcripts)

    assert len(await said(memory, old)) == 2


async def test_message_of_an_impossible_time_is_rejected(memory: Memory, conversation: Conversation) -> None:
    ancient = Conversation(conversation.tenant_id, began=datetime(1970, 1, 5, tzinfo=UTC))

    with pytest.raises(Reject):
        await handlers.on_turns_completed([ancient.completed(1)], memory.transcripts)


async def test_another_tenant_sees_nothing(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    stranger = TenantId(uuid4())

    assert await memory.history.session(stranger, conversation.session_id) is None
    assert await memory.history.sessions(stranger, conversation.user_id, limit=10) == []


async def test_partition_shows_no_rows_by_its_own_name(memory: Memory, conversation: Conversation) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    year, week, _ = conversation.asked_at(1).isocalendar()

    async with memory.database.tenant(conversation.tenant_id) as connection:
        partition = f"memory.messages_{year}w{week:02}"
        seen = await connection.fetchval(f"select count(*) from {partition}")  # noqa: S608 - made up of numbers
    assert seen == 0


async def test_read_of_a_turn_that_does_not_end_in_time_is_not_complete(
    memory: Memory, conversation: Conversation
) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)
    await handlers.on_turns_submitted([conversation.submitted(2)], memory.transcripts)
    place = Place(conversation.tenant_id, conversation.session_id)

    for awaited in (Awaited(turn_no=2), Awaited(turn_id=conversation.turn_id(2))):
        page = await memory.reader.messages(place, after=None, limit=50, awaited=awaited)
        assert page is not None
        assert (page.complete, len(page.items)) == (False, 3)


async def test_an_escalated_session_says_why_once_and_forgets_it_when_deleted(
    memory: Memory, conversation: Conversation
) -> None:
    escalated = conversation.completed(2, escalation="frustrated")
    for event in (conversation.completed(1), escalated, escalated, conversation.completed(3)):
        await handlers.on_turns_completed([event], memory.transcripts)

    assert await escalation(memory, conversation) == ("frustrated", conversation.ended_at(2))
    assert memory.metrics.escalations.labels("frustrated")._value.get() == 1

    await handlers.on_session_deleted(conversation.deleted(), memory.transcripts)
    assert await escalation(memory, conversation) == (None, None)


async def escalation(memory: Memory, talk: Conversation) -> tuple[str | None, datetime | None]:
    async with memory.database.tenant(talk.tenant_id) as connection:
        [row] = await connection.fetch("select escalation, escalated_at from memory.sessions")
    return row["escalation"], row["escalated_at"]
