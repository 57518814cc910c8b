"""What the executor does with records, one behaviour at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

import pytest
from aiokafka.errors import CommitFailedError

from shared.errors import Reject, Retry, Unavailable
from shared.runtime.kafka.offsets import decode_finished
from shared.runtime.kafka.records import Partition, Record
from tests.unit.runtime.kafka.fakes import FakeLog
from tests.unit.runtime.kafka.members import PARTITION, Member, MemoryAttempts, settled

OTHER = Partition("topic", 1)


def log_of(*keys: str, partition: Partition = PARTITION) -> FakeLog:
    log = FakeLog()
    for key in keys:
        log.append(partition, key.encode())
    return log


class Join(Protocol):
    async def __call__(self, log: FakeLog, *, join: bool = True, **options: Any) -> Member: ...


@pytest.fixture
async def joined() -> AsyncIterator[Join]:
    """Makes members that are closed after the test."""
    members: list[Member] = []

    async def make(log: FakeLog, *, join: bool = True, **options: Any) -> Member:
        members.append(Member(log, **options))
        if join:
            await members[-1].join(*log.records)
        return members[-1]

    yield make
    for member in members:
        await member.executor.close()
        assert member.failures == []


async def test_keys_run_together_and_each_key_in_order(joined: Join) -> None:
    member = await joined(log_of("a", "b", "a", "a", "c"))
    await member.read()
    assert member.running == [0, 1, 4]
    await member.end(0)
    assert member.running == [1, 4, 2]


async def test_records_without_a_key_wait_for_nobody(joined: Join) -> None:
    log = FakeLog()
    log.append(PARTITION, None)
    log.append(PARTITION, None)
    member = await joined(log)
    await member.read()
    assert member.running == [0, 1]


async def test_concurrency_is_bounded_and_lanes_take_turns(joined: Join) -> None:
    member = await joined(log_of("a", "a", "b", "c"), concurrency=1)
    await member.read()
    order = []
    while member.running:
        order += member.running
        await member.end(member.running[0])
    assert order == [0, 2, 3, 1]


async def test_only_the_lowest_unfinished_offset_is_committed_and_the_rest_in_metadata(joined: Join) -> None:
    member = await joined(log_of("a", "b", "c", "d"))
    await member.read()
    await member.end(1)
    await member.end(3)
    await member.executor.tick()
    offset, metadata = member.log.commits[PARTITION]
    assert offset == 0
    assert decode_finished(offset, metadata) == {1, 3}


async def test_next_owner_does_not_repeat_what_the_metadata_says(joined: Join) -> None:
    first = await joined(log_of("a", "b", "c"))
    await first.read()
    await first.end(1)
    await first.executor.revoked([PARTITION])
    second = await joined(first.log)
    await second.read()
    assert second.running == [0, 2]


async def test_refused_commit_is_repeated(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    await member.end(0)
    member.consumer.refuse = CommitFailedError("rebalanced")
    await member.executor.tick()
    assert member.log.commits == {}
    member.consumer.refuse = None
    await member.executor.tick()
    assert member.log.commits[PARTITION][0] == 1


async def test_running_handlers_may_finish_before_a_hand_over(joined: Join) -> None:
    member = await joined(log_of("a", "a"), drain=timedelta(seconds=5))
    await member.read()
    handing_over = asyncio.create_task(member.executor.revoked([PARTITION]))
    await settled()
    await member.end(0)
    await handing_over
    assert member.log.commits[PARTITION][0] == 1
    assert member.running == []


async def test_handlers_that_do_not_finish_are_cancelled_and_not_counted(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    await member.executor.revoked([PARTITION])
    assert member.running == []
    assert member.attempts.starts == {}
    assert PARTITION not in member.log.commits or member.log.commits[PARTITION][0] == 0


async def test_records_read_before_a_hand_over_do_not_enter_the_next_assignment(joined: Join) -> None:
    member = await joined(log_of("a", "b", "c"))
    in_hand = member.consumer.poll(2)
    await member.executor.revoked([PARTITION])
    await member.join(PARTITION)
    await member.executor.accept(in_hand)
    await member.executor.tick()
    assert PARTITION not in member.log.commits
    assert [record.offset for record in await member.read()] == [0, 1, 2]
    assert member.running == [0, 1, 2]


async def test_records_that_come_before_the_assignment_is_complete_wait_for_it(joined: Join) -> None:
    log = log_of("a")
    member = await joined(log, join=False)
    member.consumer.assign([PARTITION])
    early = asyncio.create_task(member.read())
    await settled()
    assert not early.done()
    await member.executor.assigned([PARTITION])
    await early
    assert member.running == [0]


async def test_closing_releases_records_that_wait_for_an_assignment(joined: Join) -> None:
    member = await joined(log_of("a"), join=False)
    member.consumer.assign([PARTITION])
    early = asyncio.create_task(member.read())
    await settled()
    await member.executor.close()
    await early
    assert member.running == []


async def test_nothing_starts_after_closing_even_if_partitions_come_then(joined: Join) -> None:
    member = await joined(log_of("a"), join=False)
    await member.executor.close()
    await member.join(PARTITION)
    await member.read()
    assert member.running == []


async def test_log_that_begins_anew_is_read_from_its_beginning(joined: Join) -> None:
    log = log_of("a", "b", "c")
    member = await joined(log)
    await member.read()
    for offset in (0, 1, 2):
        await member.end(offset)
    await member.executor.tick()
    log.records[PARTITION] = log_of("d").records[PARTITION]
    member.consumer.positions[PARTITION] = 0
    await member.read()
    assert member.running == [0]
    await member.end(0)
    await member.executor.tick()
    assert log.commits[PARTITION] == (1, "")


async def test_reading_pauses_at_the_limit_and_resumes_at_half_of_it(joined: Join) -> None:
    member = await joined(log_of(*"abcd"), pending=4)
    await member.read()
    assert member.consumer.paused == {PARTITION}
    await member.end(0)
    assert member.consumer.paused == {PARTITION}
    await member.end(1)
    assert member.consumer.paused == set()


async def test_a_new_assignment_is_paused_while_too_much_is_unfinished(joined: Join) -> None:
    log = log_of(*"abcd")
    for key in "abcd":
        log.append(OTHER, key.encode())
    member = await joined(log, join=False, pending=4)
    await member.join(PARTITION)
    await member.read()
    member.consumer.assign([PARTITION, OTHER])
    await member.executor.assigned([OTHER])
    assert member.consumer.paused == {PARTITION, OTHER}


async def test_failing_record_is_tried_five_times_then_the_service_is_told_then_it_is_buried(joined: Join) -> None:
    member = await joined(log_of("a", "a"))
    await member.read()
    for _ in range(5):
        assert member.route.told == []
        await member.end(0, Retry("not yet"))
    assert member.route.told == [(0, "Retry")]
    assert member.graveyard.offsets == {0}
    assert member.running == [1]


async def test_unexpected_exception_counts_like_retry(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    for _ in range(5):
        await member.end(0, ZeroDivisionError())
    assert member.graveyard.offsets == {0}


async def test_waiting_on_something_that_was_cancelled_counts_as_a_failure(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    for _ in range(5):
        member.route.running[PARTITION, 0].cancel()
        await settled()
    assert member.graveyard.offsets == {0}


async def test_rejected_record_is_buried_at_once_without_telling(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    await member.end(0, Reject("never"))
    assert member.graveyard.offsets == {0}
    assert member.route.told == []


async def test_unavailable_is_never_counted(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    for _ in range(50):
        await member.end(0, Unavailable("down"))
    assert member.running == [0]
    assert member.graveyard.letters == []
    await member.end(0)
    await member.executor.tick()
    assert member.log.commits[PARTITION] == (1, "")


async def test_other_keys_go_on_while_one_waits_for_a_dependency(joined: Join) -> None:
    member = await joined(log_of("a", "b", "b"))
    await member.read()
    await member.end(0, Unavailable("down"))
    await member.end(1)
    assert 2 in member.running


async def test_offset_is_unfinished_until_the_dead_letter_is_acknowledged(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    member.graveyard.refuse = Unavailable("no Kafka")
    await member.end(0, Reject("never"))
    await member.executor.tick()
    assert member.log.commits.get(PARTITION, (0, ""))[0] == 0
    member.graveyard.refuse = None
    await settled()
    await member.executor.tick()
    assert member.log.commits[PARTITION][0] == 1
    assert member.route.started == [(PARTITION, b"a", 0)]


async def test_ordinary_records_are_never_counted_outside_the_process(joined: Join) -> None:
    log = FakeLog(records={PARTITION: []})
    member = await joined(log)
    log.append(PARTITION, b"a")
    await member.read()
    await member.end(0)
    assert member.attempts.writes == 0


async def test_starts_survive_the_process_and_are_forgotten_when_finished(joined: Join) -> None:
    attempts = MemoryAttempts()
    log = log_of("a")
    first = await joined(log, attempts=attempts)
    await first.read()
    await first.end(0, Retry("once"))
    assert attempts.starts == {(PARTITION, 0): 2}
    second = await joined(log, attempts=attempts)
    await second.read()
    await second.end(0)
    assert attempts.starts == {}


async def test_slow_attempt_is_cancelled_and_counted(joined: Join) -> None:
    member = await joined(log_of("a"))
    await member.read()
    for _ in range(5):
        member.now += 61
        await member.executor.tick()
        await settled()
    assert member.graveyard.offsets == {0}
    assert member.route.told == [(0, "TimeoutError")]


async def test_handler_that_ignores_its_cancellation_ends_the_process(joined: Join) -> None:
    member = await joined(log_of("a"))
    release = asyncio.Event()

    async def stubborn(record: Record) -> None:
        while not release.is_set():
            with suppress(asyncio.CancelledError):
                await release.wait()

    member.route.handle = stubborn  # type: ignore[method-assign]  # one handler of one fake
    await member.read()
    for _ in range(3):
        member.now += 50
        await member.executor.tick()
        await settled()
    assert [str(failure) for failure in member.failures] == ["the handler of topic-0@0 ignores its cancellation"]
    member.failures.clear()
    release.set()


async def test_failure_outside_the_handler_ends_the_process(joined: Join) -> None:
    member = await joined(log_of("a"))
    member.metrics.done = None  # type: ignore[assignment]  # anything that breaks the runtime itself
    await member.read()
    await member.end(0)
    assert [type(failure) for failure in member.failures] == [AttributeError]
    member.failures.clear()


async def test_service_without_its_hook_is_not_told_again_when_only_the_grave_is_closed(joined: Join) -> None:
    member = await joined(log_of("a"))
    member.graveyard.refuse = Unavailable("no Kafka")
    await member.read()
    for _ in range(5):
        await member.end(0, Retry("no"))
    await settled()
    assert member.route.told == [(0, "Retry")]
    member.graveyard.refuse = None
    await settled()
    assert member.graveyard.offsets == {0}


async def test_failing_hook_is_retried_and_does_not_keep_the_record_forever(joined: Join) -> None:
    member = await joined(log_of("a"))
    calls = 0

    async def broken(record: object, error: Exception) -> None:
        nonlocal calls
        calls += 1
        raise ZeroDivisionError

    member.route.exhausted = broken  # type: ignore[method-assign]  # one hook of one fake
    await member.read()
    for _ in range(5):
        await member.end(0, Retry("no"))
    await settled()
    assert calls == 5
    assert member.graveyard.offsets == {0}
