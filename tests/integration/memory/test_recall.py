"""Finding again what people said, on a real Postgres."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from prometheus_client import CollectorRegistry

from services.memory import transcript
from services.memory.metrics import MemoryMetrics
from services.memory.recall.backlog import Backlog
from services.memory.recall.embedding import Embedding
from services.memory.recall.faq import FrequentQuestions, Question
from services.memory.recall.recall import Recall
from services.memory.store import Found, Passages, Scope
from shared.errors import Unavailable
from shared.events.ids import SessionId, TenantId
from shared.events.replies import Understood
from shared.runtime.embedding import Vectors
from shared.runtime.embedding.embedder import unit
from shared.runtime.embedding.lexical import LexicalEmbedder
from shared.runtime.polling import read_until
from tests.integration.memory.conftest import Memory
from tests.support.turns import PATIENCE, Conversation, now

TOPICS = ("parking", "pool", "loan")
"""What the embedder of these tests understands; "car" and the like stand for the first."""


@dataclass
class TopicEmbedder:
    """Knows which of three topics a text is about."""

    id: str = "topics"
    floor: float = 0.5
    down: bool = False
    seen: list[str] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if self.down:
            raise Unavailable("embeddings")
        self.seen += texts
        meant = [text.lower().replace("car ", "parking ") for text in texts]
        return unit(np.array([[topic in text for topic in TOPICS] for text in meant], dtype=np.float32))

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Bench:
    """One person, what they said, and the parts that find it again."""

    memory: Memory
    talk: Conversation
    embedder: TopicEmbedder = field(default_factory=TopicEmbedder)
    backlog: Backlog = field(default_factory=Backlog)
    clock: float = 1e9

    @property
    def passages(self) -> Passages:
        return Passages(self.memory.database)

    @property
    def recall(self) -> Recall:
        return Recall(self.passages, self.embedder, within=timedelta(seconds=2))

    def embedding(self) -> Embedding:
        """As a process has it that began just now, without having looked around yet."""
        metrics = MemoryMetrics(CollectorRegistry())
        made = Embedding(self.passages, self.embedder, self.backlog, metrics, lambda: self.clock)
        made._sweep_at = self.clock + 1
        return made

    async def said(self, *texts: str, talk: Conversation | None = None, note: bool = True) -> Conversation:
        """Say these in a session of their own, or this one."""
        session = talk or replace(self.talk, session_id=SessionId(uuid4()))
        answers = [session.completed(turn_no, text, f"About {text}") for turn_no, text in enumerate(texts, start=1)]
        await self.memory.transcripts.end(list(map(transcript.completed, answers)))
        if note:
            self.backlog.note(session.tenant_id, session.session_id)
        return session

    async def embedded(self) -> None:
        await self.embedding().run()

    def scope(self, **more: object) -> Scope:
        return replace(Scope(tenant_id=self.talk.tenant_id, user_id=self.talk.user_id), **more)  # type: ignore[arg-type]

    async def find(self, text: str | None, **more: object) -> list[Found]:
        return list(await self.recall.find(self.scope(**more), text, limit=10))

    async def texts(self, text: str | None, **more: object) -> list[str]:
        return [each.said for each in await self.find(text, **more)]

    async def scrub(self) -> None:
        """Call all there is free of personal data."""
        async with self.memory.database.tenant(self.talk.tenant_id) as connection:
            await connection.execute("update memory.messages set pii_scrubbed = true")

    async def questions(self, text: str | None, domain: str | None = None) -> list[Question]:
        found = FrequentQuestions(self.passages, self.recall).find(self.talk.tenant_id, text, domain=domain, limit=10)
        return await found

    async def waits_for_a_lock(self) -> None:
        """Wait until a statement on passages waits for another transaction."""
        waiting = (
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%memory.passages%'"
        )

        async def count() -> int:
            async with self.memory.database.tenant(self.talk.tenant_id) as connection:
                found: int = await connection.fetchval(waiting)
                return found

        assert await read_until(count, bool, within=PATIENCE)

    async def stored(self) -> list[tuple[str, str, bool]]:
        """Words, embedder and whether there is a vector, of each passage of the tenant."""
        async with self.memory.database.tenant(self.talk.tenant_id) as connection:
            rows = await connection.fetch("select words::text, embedder, embedding is not null from memory.passages")
        return sorted(map(tuple, rows))


@pytest.fixture
async def bench(memory: Memory) -> AsyncIterator[Bench]:
    bench = Bench(memory, Conversation(TenantId(uuid4())))
    yield bench
    async with memory.database.tenant(bench.talk.tenant_id) as connection:
        await connection.execute("delete from memory.passages")  # other tests' embedders need not make up for them


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
