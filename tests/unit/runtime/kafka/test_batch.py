"""Records that share a call: the same promises as for each alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Reject, Unavailable
from shared.runtime.kafka.records import Record
from tests.unit.runtime.kafka.fakes import FakeLog
from tests.unit.runtime.kafka.members import PARTITION, ManualRoute, Member, MemoryAttempts, SharedRoute, settled


def log_of(*keys: str) -> FakeLog:
    log = FakeLog()
    for key in keys:
        log.append(PARTITION, key.encode())
    return log


@pytest.fixture
def route() -> SharedRoute:
    return SharedRoute()


@asynccontextmanager
async def reading(log: FakeLog, route: SharedRoute, **options: Any) -> AsyncIterator[Member]:
    """A member that has read all there is and is closed in the end."""
    member = Member(log, route=route, **options)
    await member.join(PARTITION)
    read = asyncio.create_task(member.read())
    await settled()
    yield member
    await member.executor.close()
    await read
    assert member.failures == []


async def committed(member: Member) -> int | None:
    await member.executor.tick()
    return member.log.commits.get(PARTITION, (None, ""))[0]


async def test_what_was_read_together_is_handled_in_one_call_and_finished_when_it_ends(route: SharedRoute) -> None:
    async with reading(log_of("a", "b", "a"), route) as member:
        assert route.calls == [[0, 1, 2]]
        assert await committed(member) == 0
        route.end_call()
        await settled()
        assert await committed(member) == 3
        assert route.started == []


async def test_call_that_fails_is_taken_apart_and_counts_for_nobody(route: SharedRoute) -> None:
    async with reading(log_of("a", "b", "a"), route) as member:
        route.end_call(Reject("one of them"))
        await settled()
        assert member.running == [0, 1]
        await member.end(0)
        await member.end(1, Reject("this one"))
        await member.end(2)
        assert member.graveyard.offsets == {1}
        assert member.graveyard.letters[0].header("x-dead-attempts") == "1"
        assert await committed(member) == 3


async def test_key_keeps_its_order_when_some_of_its_records_cannot_share_a_call(route: SharedRoute) -> None:
    alone = ManualRoute()

    def select(record: Record) -> ManualRoute:
        return alone if record.offset == 1 else route

    async with reading(log_of("a", "a", "a", "b"), route, select=select) as member:
        assert route.calls == [[0, 3]]
        assert alone.started == []
        route.end_call()
        await settled()
        assert (alone.started, route.started) == ([(PARTITION, b"a", 1)], [])
        alone.end((PARTITION, 1))
        await settled()
        assert member.running == [2]
        await member.end(2)


async def test_what_was_read_while_a_key_is_busy_waits_behind_it(route: SharedRoute) -> None:
    async with reading(log_of("a", "b"), route) as member:
        route.end_call(Unavailable("down"))
        await settled()
        await member.end(1)
        member.log.append(PARTITION, b"a")
        member.log.append(PARTITION, b"b")
        more = asyncio.create_task(member.read())
        await settled()
        assert route.calls[1:] == [[3]]
        route.end_call()
        await more
        await member.end(0)
        assert member.running == [2]
        await member.end(2)


async def test_nothing_shares_a_call_while_a_dependency_is_down(route: SharedRoute) -> None:
    async with reading(log_of("a"), route) as member:
        route.end_call(Unavailable("down"))
        await settled()
        await member.end(0, Unavailable("still down"))
        assert member.executor.waiting_for_dependency
        member.log.append(PARTITION, b"b")
        await member.read()
        assert route.calls == [[0]]
        assert (PARTITION, b"b", 1) in route.started
        for offset in list(member.running):
            await member.end(offset)


async def test_hand_over_cuts_a_call_off_and_the_next_owner_repeats_it(route: SharedRoute) -> None:
    log = log_of("a", "b")
    async with reading(log, route) as member:
        await member.executor.revoked([PARTITION])
        await settled()
        assert route.call is None
        assert route.started == []
        assert await committed(member) == 0
    again = SharedRoute()
    async with reading(log, again):
        assert again.calls == [[0, 1]]


async def test_hand_over_waits_for_a_call_that_ends_in_time(route: SharedRoute) -> None:
    async with reading(log_of("a", "b"), route, drain=timedelta(seconds=5)) as member:
        leaving = asyncio.create_task(member.executor.revoked([PARTITION]))
        await settled()
        route.end_call()
        await leaving
        assert member.log.commits[PARTITION][0] == 2


async def test_replayed_records_are_counted_before_the_call_and_forgotten_after_it(route: SharedRoute) -> None:
    attempts = MemoryAttempts()
    async with reading(log_of("a", "b"), route, attempts=attempts):
        assert attempts.starts == {(PARTITION, 0): 1, (PARTITION, 1): 1}
        route.end_call()
        await settled()
        assert attempts.starts == {}


async def test_record_that_may_have_killed_its_process_shares_no_call(route: SharedRoute) -> None:
    attempts = MemoryAttempts()
    attempts.starts[PARTITION, 1] = 1
    async with reading(log_of("a", "b", "c"), route, attempts=attempts) as member:
        assert route.calls == [[0, 2]]
        route.end_call()
        await settled()
        assert member.running == [1]
        await member.end(1)
