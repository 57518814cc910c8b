"""What is kept of messages for being found: added, rewritten, deleted, raced for, and counted for operators."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from services.memory import transcript
from shared.errors import Unavailable
from shared.events.ids import SessionId
from shared.runtime.embedding.lexical import LexicalEmbedder
from tests.integration.memory.recalling import Bench
from tests.support.turns import now


async def test_later_turns_of_a_session_are_added(bench: Bench) -> None:
    session = await bench.said("pool")
    await bench.embedded()
    await bench.said("pool", "parking", talk=session)
    await bench.embedded()

    assert bench.embedder.seen == ["pool", "parking"]


async def test_nothing_is_left_of_a_session_that_is_deleted(bench: Bench) -> None:
    session = await bench.said("parking")
    await bench.embedded()

    await bench.memory.transcripts.delete(session.tenant_id, session.session_id, session.user_id, now())
    bench.backlog.note(session.tenant_id, session.session_id)
    await bench.embedded()

    assert await bench.stored() == []
    assert await bench.texts("parking") == []


async def test_a_message_that_is_rewritten_is_found_by_its_new_words_only(bench: Bench) -> None:
    await bench.said("parking for 0171 2345678")
    await bench.embedded()

    async with bench.memory.database.tenant(bench.talk.tenant_id) as connection:
        await connection.execute("update memory.messages set text = 'pool for [phone]' where role = 'user'")

    assert await bench.stored() == [("'phone':3 'pool':1", "", False)]
    await bench.embedded()
    assert [(embedder, embedded) for _, embedder, embedded in await bench.stored()] == [("topics", True)]
    assert await bench.texts("parking") == []
    assert await bench.texts("0171") == []


async def test_a_vector_of_words_that_were_rewritten_meanwhile_is_not_kept(bench: Bench) -> None:
    session = await bench.said("parking for 0171 2345678")
    [passage] = await bench.passages.missing(session.tenant_id, [session.session_id], limit=9)
    async with bench.memory.database.tenant(session.tenant_id) as connection:
        await connection.execute("update memory.messages set text = 'pool for [phone]' where role = 'user'")

    await bench.passages.keep(session.tenant_id, [passage], "topics", await bench.embedder.embed([passage.text]))

    assert await bench.stored() == [("'phone':3 'pool':1", "", False)]


async def test_the_lexical_embedder_fits_the_table(bench: Bench) -> None:
    bench.embedder = LexicalEmbedder()  # type: ignore[assignment]
    await bench.said("Which towers have visitors' parking?", "Good evening to you")
    await bench.embedded()

    [found] = await bench.find("parkings of towerblocks")

    assert found.found_by == ("words", "meaning")


async def test_frequent_questions_are_grouped_by_their_meaning_from_scrubbed_messages_only(bench: Bench) -> None:
    for user, texts in {
        "ada": ("Is parking included?", "Where can my car stay?"),
        "bob": ("How much is parking?", "Is there a heated pool?"),
        "eve": ("Is parking included?", "Thanks"),
    }.items():
        await bench.said(*texts, talk=replace(bench.talk, session_id=SessionId(uuid4()), user_id=user))
    await bench.scrub()
    await bench.said("My parking is at 12 Rose Lane", "parking of ada@example.com")
    await bench.embedded()

    parking, pool = await bench.questions(None)

    assert (parking.text, parking.count, parking.people) == ("Is parking included?", 4, 3)
    assert set(parking.examples) == {"Where can my car stay?", "How much is parking?"}
    assert (pool.text, pool.count, pool.domains) == ("Is there a heated pool?", 1, ("property",))
    assert [each.text for each in await bench.questions("pool heating")] == ["Is there a heated pool?"]
    assert await bench.questions("helicopter") == []
    assert await bench.questions(None, domain="shop") == []


async def test_frequent_questions_need_no_vectors_to_be_found_and_counted(bench: Bench) -> None:
    bench.embedder.down = True
    for user in ("ada", "bob"):
        await bench.said("Is parking included?", talk=replace(bench.talk, session_id=SessionId(uuid4()), user_id=user))
    await bench.scrub()
    with pytest.raises(Unavailable):
        await bench.embedded()

    [parking] = await bench.questions("parking")

    assert parking.count == 2


@pytest.mark.parametrize(
    "change",
    [
        "delete from memory.messages where tenant_id = $1",
        "update memory.messages set text = 'gone' where tenant_id = $1",
    ],
    ids=["deleted", "rewritten"],
)
async def test_nothing_is_kept_of_a_message_that_is_being_changed(bench: Bench, change: str) -> None:
    await bench.said("parking for 0171 2345678")
    async with bench.memory.database.transaction(bench.talk.tenant_id) as connection:
        await connection.execute(change, bench.talk.tenant_id)
        preparing = asyncio.create_task(bench.passages.prepare(bench.talk.tenant_id, bench.talk.user_id))
        await bench.waits_for_a_lock()

    await preparing
    assert not [words for words, _, _ in await bench.stored() if "0171" in words]


async def test_two_messages_in_one_place_are_one_passage(bench: Bench) -> None:
    talk = await bench.said("parking")
    elsewhere = replace(transcript.completed(talk.completed(2, "pool")), turn_no=1)
    moved = tuple(replace(message, turn_no=1) for message in elsewhere.messages)
    await bench.memory.transcripts.end([replace(elsewhere, messages=moved)])
    bench.backlog.note(talk.tenant_id, talk.session_id)

    await bench.embedded()

    assert len(await bench.texts(None)) == 1
