"""Summaries of users' interactions, in step with their sessions whatever happens to these."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from services.memory import handlers
from shared.errors import Retry
from shared.events.replies import DataPart, Reply, TurnCompleted, Understood
from tests.integration.memory.conftest import Memory
from tests.support.turns import Conversation

_KEPT = """
select user_id, total_conversations, total_messages, common_intents, languages, rating_sum, rating_count,
    first_interaction, last_interaction
from memory.user_interaction_summaries order by user_id
"""
_REAL = """
with conversations as (select * from memory.sessions where deleted_at is null and message_count > 0)
select user_id, count(*) as total_conversations, sum(message_count) as total_messages, (
        select jsonb_object_agg(intent, number) from (
            select intent, count(*) as number from conversations own, unnest(own.intents) as intent
            where own.user_id = c.user_id group by intent
        ) t
    ) as common_intents, (
        select jsonb_object_agg(language, number) from (
            select language, count(*) as number from conversations own
            where own.user_id = c.user_id and language is not null group by language
        ) t
    ) as languages, sum(rating_sum) as rating_sum, sum(rating_count) as rating_count,
    min(created_at) as first_interaction, max(last_active_at) as last_interaction
from conversations c group by user_id order by user_id
"""


def said(talk: Conversation, turn_no: int, intent: str = "order", language: str = "en", **more: Any) -> TurnCompleted:
    understood = Understood(intent=intent, confidence=0.9, language=language)
    return talk.completed(turn_no, understood=understood, **more)


async def rows(memory: Memory, talk: Conversation, statement: str) -> list[asyncpg.Record]:
    async with memory.database.tenant(talk.tenant_id) as connection:
        found: list[asyncpg.Record] = await connection.fetch(statement)
    return found


async def summary(memory: Memory, talk: Conversation) -> dict[str, Any]:
    [row] = await rows(memory, talk, "select * from memory.user_interaction_summaries")
    return dict(row)


async def test_a_conversation_is_summed_up_with_what_it_was_about(memory: Memory, conversation: Conversation) -> None:
    order = Reply(text="Done.", data=(DataPart(kind="order", value={"outlet_id": "north"}),))
    for event in (
        said(conversation, 1, "greet"),
        said(conversation, 2, reply=order),
        said(conversation, 3),
        conversation.rated(4, rated=2, rating=2),
        conversation.rated(5, rated=3, rating=5),
    ):
        await handlers.on_turns_completed([event], memory.transcripts)

    kept = await summary(memory, conversation)
    assert (kept["total_conversations"], kept["total_messages"], kept["outlet_id"]) == (1, 6, "north")
    assert (kept["common_intents"], kept["preferred_language"]) == ({"greet": 1, "order": 1}, "en")
    assert kept["avg_satisfaction"] == 3.5
    assert kept["first_interaction"] == conversation.asked_at(1)
    assert kept["last_interaction"] == conversation.ended_at(5)


async def test_a_later_rating_of_the_same_answer_replaces_the_earlier(
    memory: Memory, conversation: Conversation
) -> None:
    events = [said(conversation, 1), conversation.rated(2, rated=1, rating=1), conversation.rated(3, rated=1, rating=4)]
    for event in [*events, *events]:
        await handlers.on_turns_completed([event], memory.transcripts)

    kept = await summary(memory, conversation)
    assert (kept["rating_count"], kept["avg_satisfaction"]) == (1, 4.0)


async def test_a_deleted_session_is_taken_out_of_the_summary_and_the_last_one_with_it(
    memory: Memory, conversation: Conversation
) -> None:
    other = Conversation(conversation.tenant_id, began=conversation.began + timedelta(hours=1))
    await handlers.on_turns_completed(
        [said(conversation, 1, "order", "zh"), said(other, 1, "track"), said(other, 2)], memory.transcripts
    )
    for _ in range(2):
        await handlers.on_session_deleted(conversation.deleted(), memory.transcripts)

    kept = await summary(memory, other)
    assert (kept["total_conversations"], kept["total_messages"]) == (1, 4)
    assert (kept["common_intents"], kept["preferred_language"]) == ({"track": 1, "order": 1}, "en")
    assert kept["first_interaction"] == other.asked_at(1)

    await handlers.on_session_deleted(other.deleted(), memory.transcripts)
    assert await rows(memory, conversation, _KEPT) == []


async def test_a_summary_that_was_removed_begins_again_with_what_is_said_next(
    memory: Memory, conversation: Conversation
) -> None:
    await handlers.on_turns_completed([said(conversation, 1)], memory.transcripts)
    async with memory.database.tenant(conversation.tenant_id) as connection:
        await connection.execute("delete from memory.user_interaction_summaries")
    await handlers.on_turns_completed([said(conversation, 2)], memory.transcripts)
    await handlers.on_turns_completed([said(Conversation(conversation.tenant_id), 1)], memory.transcripts)

    kept = await summary(memory, conversation)
    assert (kept["total_conversations"], kept["total_messages"]) == (1, 4)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_comes_however_often_and_in_whatever_order_summaries_say_what_sessions_do(
    memory: Memory, conversation: Conversation, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - a load, not a secret
    talks = [Conversation(conversation.tenant_id, user_id=chance.choice(["ada", "bo"])) for _ in range(6)]
    steps: list[tuple[str, Conversation, Sequence[TurnCompleted]]] = []
    for talk in talks:
        turns = [
            said(talk, no, chance.choice(["greet", "order", "track"]), chance.choice(["en", "zh", "und"]))
            for no in range(1, 5)
        ]
        ratings = [talk.rated(no, rated=no - 4, rating=chance.randint(1, 5)) for no in (5, 6)]
        steps += [("opened", talk, ())] * 2
        steps += [("end", talk, chance.sample([*turns, *ratings], chance.randint(1, 6))) for _ in range(5)]
    steps += [("delete", talk, ()) for talk in talks[:2]] * 2
    chance.shuffle(steps)

    while steps:
        batch, steps = steps[:4], steps[4:]
        outcomes = await asyncio.gather(*(take(memory, *step) for step in batch), return_exceptions=True)
        for step, outcome in zip(batch, outcomes, strict=True):
            assert outcome is None or isinstance(outcome, Retry), outcome
            steps += [step] if outcome is not None else []

    kept = [dict(row) for row in await rows(memory, conversation, _KEPT)]
    assert kept == [dict(row) for row in await rows(memory, conversation, _REAL)]
    assert kept


async def take(memory: Memory, step: str, talk: Conversation, events: Sequence[TurnCompleted]) -> None:
    if step == "opened":
        await handlers.on_sessions_opened([talk.opened()], memory.transcripts)
    elif step == "delete":
        await handlers.on_session_deleted(talk.deleted(), memory.transcripts)
    else:
        await handlers.on_turns_completed(events, memory.transcripts)
