"""What was kept long enough goes, after a copy of it has reached cold storage; the clock is the test's own."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.memory import handlers
from services.memory.metrics import MemoryMetrics
from services.memory.reading import Place
from services.memory.retention import Retention, Rule, archive_to
from services.memory.retention.storage import Folder
from services.memory.scrubbing import Scrubbing
from services.memory.standing import Overview
from services.memory.store import MESSAGES, SUMMARIES, Archive, Expiry, Part, Stored, Unscrubbed, Weeks
from shared.errors import Unavailable
from shared.events.ids import OPEN_TENANT
from shared.privacy.detection import Detector
from shared.privacy.scrubbing import Scrubber
from shared.privacy.subjects import Subjects
from shared.privacy.tasks import Tasks
from tests.integration.memory.conftest import Memory
from tests.support.turns import Conversation

BEGAN = datetime(2026, 6, 10, 12, tzinfo=UTC)
QUARTER = timedelta(days=90)
TWO_YEARS = timedelta(days=730)
SUBJECTS = Subjects(SecretStr("a key of the test"))
RULES = (Rule(MESSAGES, QUARTER), Rule(SUMMARIES, TWO_YEARS))


@pytest.fixture
def conversation(conversation: Conversation) -> Conversation:
    return Conversation(tenant_id=conversation.tenant_id, began=BEGAN)


def retention(memory: Memory, now: Callable[[], datetime], archive: Archive | None = None) -> Retention:
    return Retention(
        tasks=Tasks(memory.database, "memory"),
        expiry=Expiry(memory.database, SUBJECTS),
        weeks=Weeks(memory.database),
        rules=RULES,
        archive=archive,
        now=now,
        metrics=MemoryMetrics(CollectorRegistry()),
    )


def to_folder(folder: Path) -> Archive:
    return archive_to(Folder(folder), lambda: BEGAN + QUARTER)


async def remember(memory: Memory, talk: Conversation, turns: int = 3) -> None:
    endings = [talk.completed(turn_no, f"words {turn_no}") for turn_no in range(1, turns + 1)]
    await handlers.on_turns_completed(endings, memory.transcripts)
    scrubbing = Scrubbing(
        tasks=Tasks(memory.database, "memory"),
        unscrubbed=Unscrubbed(memory.database),
        scrubber=Scrubber(Detector()),
        after=timedelta(hours=24),
        now=lambda: BEGAN + timedelta(days=7),
        metrics=MemoryMetrics(CollectorRegistry()),
    )
    await scrubbing.run()


async def rows_of(memory: Memory, talk: Conversation, table: str) -> int:
    async with memory.database.tenant(talk.tenant_id) as connection:
        # Row-level security shows this tenant's rows only.
        counted = await connection.fetchval(f"select count(*) from memory.{table}")  # noqa: S608 -- a table's name
    return int(counted)


def archived(folder: Path, talk: Conversation, name: str = "messages") -> list[dict[str, Any]]:
    """The records of all parts that have a manifest, each proven whole."""
    records: list[dict[str, Any]] = []
    for manifest in sorted((folder / name / str(talk.tenant_id)).glob("*.manifest.json")):
        said = json.loads(manifest.read_bytes())
        content = (folder / said["name"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (said["sha256"], said["bytes"])
        lines = gzip.decompress(content).decode().splitlines()
        assert len(lines) == said["rows"]
        records += map(json.loads, lines)
    return records


async def test_messages_go_on_their_ninetieth_day_and_the_session_stays(
    memory: Memory, conversation: Conversation, tmp_path: Path
) -> None:
    await remember(memory, conversation)
    clock = [BEGAN + QUARTER]
    job = retention(memory, lambda: clock[0], to_folder(tmp_path))

    await job.run()
    assert await rows_of(memory, conversation, "messages") == 6

    clock[0] += timedelta(minutes=1)
    await job.run()
    assert [await rows_of(memory, conversation, each) for each in ("messages", "turns", "passages")] == [0, 0, 0]
    session = await memory.reader.session(Place(conversation.tenant_id, conversation.session_id), None)
    assert session is not None
    assert (session.title, session.turn_no, session.message_count) == (None, 3, 6)
    assert sorted(each["text"] for each in archived(tmp_path, conversation) if each["role"] == "user") == [
        "words 1",
        "words 2",
        "words 3",
    ]


async def test_summaries_go_after_two_years_into_an_archive_of_their_own(
    memory: Memory, conversation: Conversation, tmp_path: Path
) -> None:
    await remember(memory, conversation)
    clock = [BEGAN + TWO_YEARS]
    job = retention(memory, lambda: clock[0], to_folder(tmp_path))

    await job.run()
    assert await rows_of(memory, conversation, "user_interaction_summaries") == 1

    clock[0] += timedelta(minutes=1)
    await job.run()
    assert await rows_of(memory, conversation, "user_interaction_summaries") == 0
    (summary,) = archived(tmp_path, conversation, "summaries")
    assert summary["person"] == SUBJECTS.code(conversation.tenant_id, "ada").hex()
    assert "user_id" not in summary


async def test_killed_between_copy_and_deletion_every_record_is_archived_once(
    memory: Memory, conversation: Conversation, tmp_path: Path
) -> None:
    await remember(memory, conversation)
    whole = to_folder(tmp_path)

    async def killed(part: Part) -> Stored:
        await whole(part)
        raise Unavailable("killed after the copy")

    now = BEGAN + QUARTER + timedelta(days=1)
    expiry = Expiry(memory.database, SUBJECTS)
    given: dict[str, Any] = {"before": now - QUARTER, "now": now, "at_most": 4}
    for archive in (killed, whole, killed, whole):
        try:
            await expiry.expire(conversation.tenant_id, MESSAGES, archive=archive, **given)
        except Unavailable:
            continue

    assert await rows_of(memory, conversation, "messages") == 0
    records = archived(tmp_path, conversation)
    assert len(records) == len({each["message_id"] for each in records}) == 6
    assert await expiry.archived(conversation.tenant_id, MESSAGES) == 6
    assert (await Tasks(memory.database, "memory").done(conversation.tenant_id, MESSAGES.task)).rows == 6


async def test_without_cold_storage_nothing_is_deleted(memory: Memory, conversation: Conversation) -> None:
    await remember(memory, conversation)

    async def unreachable(_: Part) -> Stored:
        raise Unavailable("cold storage answers 503")

    with pytest.raises(Unavailable):
        await retention(memory, lambda: BEGAN + 2 * QUARTER, unreachable).run()

    assert await rows_of(memory, conversation, "messages") == 6


async def test_two_replicas_archive_every_record_once(
    memory: Memory, conversation: Conversation, tmp_path: Path
) -> None:
    for _ in range(20):
        await remember(memory, Conversation(tenant_id=conversation.tenant_id, began=BEGAN), turns=5)

    jobs = [retention(memory, lambda: BEGAN + 2 * QUARTER, to_folder(tmp_path)) for _ in range(2)]
    await asyncio.gather(*(job.run() for job in jobs))
    await jobs[0].run()

    assert await rows_of(memory, conversation, "messages") == 0
    records = archived(tmp_path, conversation)
    assert len(records) == len({each["message_id"] for each in records}) == 200


async def test_a_message_that_is_not_scrubbed_never_reaches_cold_storage(
    memory: Memory, conversation: Conversation, tmp_path: Path
) -> None:
    await handlers.on_turns_completed([conversation.completed(1)], memory.transcripts)

    await retention(memory, lambda: BEGAN + 2 * QUARTER, to_folder(tmp_path)).run()

    assert await rows_of(memory, conversation, "messages") == 2
    assert archived(tmp_path, conversation) == []


async def test_weeks_that_are_empty_are_dropped_and_made_again_when_needed(
    memory: Memory, conversation: Conversation
) -> None:
    old = Conversation(tenant_id=conversation.tenant_id, began=datetime(2025, 3, 5, tzinfo=UTC))
    kept = Conversation(tenant_id=conversation.tenant_id, began=datetime(2025, 3, 12, tzinfo=UTC))
    await remember(memory, old)
    await handlers.on_turns_completed([kept.completed(1)], memory.transcripts)

    weeks = Weeks(memory.database)
    await weeks.ensure([old.began])
    job = retention(memory, lambda: datetime(2025, 7, 1, tzinfo=UTC))
    await job.run()
    assert await partitions(memory, "messages_2025w1%") == ["messages_2025w11"]

    weeks.forget(datetime(2025, 4, 1, tzinfo=UTC))
    await weeks.ensure([old.began])
    assert await partitions(memory, "messages_2025w1%") == ["messages_2025w10", "messages_2025w11"]


async def test_a_week_that_somebody_reads_is_dropped_another_time(memory: Memory, conversation: Conversation) -> None:
    began = datetime(2025, 4, 2, tzinfo=UTC)
    await Weeks(memory.database).ensure([began])
    expiry, before = Expiry(memory.database, SUBJECTS), began + timedelta(weeks=2)

    async with memory.database.transaction(conversation.tenant_id) as reader:
        await reader.fetchval("select count(*) from memory.messages")
        await expiry.drop_empty_weeks(before)
        assert await partitions(memory, "messages_2025w14") == ["messages_2025w14"]

    assert await expiry.drop_empty_weeks(before) >= 1
    assert await partitions(memory, "messages_2025w14") == []


async def partitions(memory: Memory, like: str) -> list[str]:
    async with memory.database.tenant(OPEN_TENANT) as connection:
        rows = await connection.fetch(
            "select relname from pg_inherits join pg_class on pg_class.oid = inhrelid "
            "where inhparent = 'memory.messages'::regclass and relname like $1 order by 1",
            like,
        )
    return [row["relname"] for row in rows]


async def test_operators_see_what_is_due_what_was_done_and_how_old_the_oldest_is(
    memory: Memory, conversation: Conversation, tmp_path: Path
) -> None:
    await remember(memory, conversation)
    clock = [BEGAN + QUARTER + timedelta(days=1)]
    overview = Overview(
        tasks=Tasks(memory.database, "memory"),
        unscrubbed=Unscrubbed(memory.database),
        expiry=Expiry(memory.database, SUBJECTS),
        scrub_after=timedelta(hours=24),
        rules=RULES,
        archives=True,
        now=lambda: clock[0],
    )

    scrubbed, messages, summaries = (await overview.of(conversation.tenant_id)).items
    assert (scrubbed.task, scrubbed.due, scrubbed.oldest, scrubbed.done) == ("scrubbed_messages", 0, None, 6)
    assert (messages.due, messages.oldest, messages.done) == (6, conversation.asked_at(1), 0)
    assert (summaries.due, summaries.archived) == (0, 0)

    await retention(memory, lambda: clock[0], to_folder(tmp_path)).run()
    messages = (await overview.of(conversation.tenant_id)).items[1]
    assert (messages.due, messages.oldest, messages.done, messages.archived) == (0, None, 6, 6)
    assert messages.last_at == clock[0]
