"""Finding again what people said, on a real Postgres."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.memory import transcript
from shared.errors import Unavailable
from shared.events.ids import SessionId, TenantId
from shared.events.replies import Understood
from tests.integration.memory.recalling import Bench, TopicEmbedder
from tests.support.turns import now


async def test_what_was_said_is_found_by_its_meaning(bench: Bench) -> None:
    await bench.said("Is there space for my car at the tower?", "Is there a pool?", "Good morning")
    await bench.embedded()

    [found] = await bench.find("parking")

    assert (found.said, found.found_by) == ("Is there space for my car at the tower?", ("meaning",))
    assert found.answered == "About Is there space for my car at the tower?"
    assert found.domain == "property"


async def test_what_is_not_embedded_yet_is_found_by_its_words(bench: Bench) -> None:
    await bench.said("Which towers have visitors' parking?", "Is there a pool?")

    [found] = await bench.find("did I mention the tower")

    assert (found.said, found.found_by) == ("Which towers have visitors' parking?", ("words",))


async def test_found_by_both_comes_before_found_by_one(bench: Bench) -> None:
    await bench.said("car at the tower", "parking please", "What does parking cost at the tower?", "loan")
    await bench.embedded()

    found = await bench.find("parking costs")

    assert [each.found_by for each in found[:2]] == [("words", "meaning"), ("words", "meaning")]
    assert found[0].said == "What does parking cost at the tower?"
    assert found[-1].found_by == ("meaning",)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("这套公寓有停车位吗？", "停车位"),
        ("我想推广新款手袋给VVIP客户", "手袋推广"),
        ("预算是五百万", "我的预算"),
        ("ＶＩＰ 客户有多少", "VIP客户"),
    ],
)
async def test_chinese_is_found_by_pairs_of_characters(bench: Bench, said: str, asked: str) -> None:
    await bench.said(said, "今天天气怎么样", "换一个颜色")

    assert await bench.texts(asked) == [said]


async def test_a_search_that_nothing_answers_finds_nothing(bench: Bench) -> None:
    await bench.said("Is there a pool?", "今天天气怎么样")
    await bench.embedded()

    assert await bench.texts("helicopter") == []
    assert await bench.texts("'; drop \\ table & | ! ( :*") == []


async def test_the_session_that_asks_can_be_left_out(bench: Bench) -> None:
    await bench.said("parking in the old days")
    running = await bench.said("parking now")
    await bench.embedded()

    assert set(await bench.texts("parking")) == {"parking now", "parking in the old days"}
    assert await bench.texts("parking", excluding=running.session_id) == ["parking in the old days"]


async def test_without_a_text_the_last_session_is_told_in_order(bench: Bench) -> None:
    earlier = replace(bench.talk, session_id=SessionId(uuid4()), began=now() - timedelta(days=9))
    await bench.said("Old question", talk=earlier)
    await bench.said("First", "Second", "Third")

    assert await bench.texts(None) == ["First", "Second", "Third"]
    assert await bench.texts(None, until=now() - timedelta(days=1)) == ["Old question"]
    assert await bench.texts(None, since=earlier.began, until=earlier.began + timedelta(days=1)) == ["Old question"]
    assert await bench.texts(None, until=earlier.began) == []


async def test_nobody_finds_what_another_said(bench: Bench) -> None:
    await bench.said("parking for ada")
    await bench.said("parking for bob", talk=replace(bench.talk, session_id=SessionId(uuid4()), user_id="bob"))
    foreign = replace(bench.talk, session_id=SessionId(uuid4()), tenant_id=TenantId(uuid4()))
    await bench.said("parking of another tenant", talk=foreign, note=False)
    await bench.embedded()

    assert await bench.texts("parking") == ["parking for ada"]
    assert await bench.texts("parking", user_id="bob") == ["parking for bob"]
    assert await bench.texts("parking", user_id="carol") == []


async def test_a_domain_of_its_own_can_be_asked_for(bench: Bench) -> None:
    await bench.said("parking of a shop", talk=replace(bench.talk, session_id=SessionId(uuid4()), domain="shop"))
    await bench.said("parking of a flat")

    assert await bench.texts("parking", domain="shop") == ["parking of a shop"]


async def test_questions_about_the_past_are_not_found_themselves(bench: Bench) -> None:
    asked = bench.talk.completed(1, "Did I mention parking?", understood=Understood(intent="recall"))
    await bench.memory.transcripts.end([transcript.completed(asked)])

    assert await bench.texts("parking") == []
    assert await bench.texts(None) == []


async def test_vectors_of_another_embedder_are_not_compared_and_made_anew(bench: Bench) -> None:
    await bench.said("space for my car at home")
    await bench.embedded()
    bench.embedder = TopicEmbedder(id="topics-2")
    assert await bench.texts("parking") == []

    await bench.embedded()

    assert await bench.texts("parking") == ["space for my car at home"]
    assert [embedder for _, embedder, _ in await bench.stored()] == ["topics-2"]


async def test_without_the_embedder_words_are_kept_and_vectors_follow(bench: Bench) -> None:
    await bench.said("space for my car at home")
    bench.embedder.down = True
    with pytest.raises(Unavailable):
        await bench.embedded()
    assert await bench.texts("home") == ["space for my car at home"]

    bench.embedder.down = False
    await bench.embedded()

    assert await bench.texts("parking") == ["space for my car at home"]


async def test_a_text_that_nothing_can_be_told_of_is_embedded_once(bench: Bench) -> None:
    await bench.said("Good morning")
    await bench.embedded()
    await bench.embedded()

    assert bench.embedder.seen == ["Good morning"]


async def test_what_nobody_noted_is_found_by_a_sweep(bench: Bench) -> None:
    await bench.said("space for my car at home", note=False)
    swept = bench.embedding()
    swept._sweep_at = bench.clock

    await swept.run()

    assert await bench.texts("parking") == ["space for my car at home"]


async def test_what_cannot_be_embedded_does_not_keep_the_job_busy(bench: Bench) -> None:
    session = await bench.said("pool")
    await bench.embedded()
    async with bench.memory.database.tenant(session.tenant_id) as connection:
        await connection.execute("update memory.passages set embedder = '', turn_no = turn_no + 7")

    async with asyncio.timeout(5):
        await bench.embedded()

    assert [embedder for _, embedder, _ in await bench.stored()] == [""]
