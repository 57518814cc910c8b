"""Group commit: what arrives while a flush runs joins the next one."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.runtime.groupcommit import GroupCommit


class Gate:
    """A flush that is held until it is let go, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.running = 0
        self.most_running = 0
        self.open = asyncio.Event()

    async def flush(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.batches.append(list(items))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await self.open.wait()
        self.running -= 1
        return [item * 10 if item >= 0 else ValueError(item) for item in items]


def submit_all(group: GroupCommit[int, int], items: Sequence[int]) -> "list[asyncio.Task[int]]":
    return [asyncio.create_task(group.submit(item)) for item in items]


async def begun(gate: Gate, batches: int) -> None:
    """Wait until so many flushes have begun."""
    async with asyncio.timeout(5):
        while len(gate.batches) < batches:  # noqa: ASYNC110  # the flush of the code under test has no event to await
            await asyncio.sleep(0)


async def test_a_lone_item_is_flushed_at_once() -> None:
    gate = Gate()
    gate.open.set()

    assert await GroupCommit(gate.flush).submit(4) == 40
    assert gate.batches == [[4]]


async def test_what_arrives_during_a_flush_shares_the_next_one() -> None:
    gate = Gate()
    group = GroupCommit(gate.flush, at_once=1)
    first = submit_all(group, [1])
    await begun(gate, 1)
    rest = submit_all(group, [2, 3, 4])
    await asyncio.sleep(0)

    gate.open.set()

    assert await asyncio.gather(*first, *rest) == [10, 20, 30, 40]
    assert gate.batches == [[1], [2, 3, 4]]


async def test_no_more_than_the_allowed_flushes_run_at_once() -> None:
    gate = Gate()
    group = GroupCommit(gate.flush, largest=1, at_once=2)
    tasks = submit_all(group, range(6))
    await begun(gate, 2)

    gate.open.set()
    await asyncio.gather(*tasks)

    assert gate.most_running == 2
    assert len(gate.batches) == 6


async def test_a_batch_is_no_larger_than_allowed_and_keeps_the_order() -> None:
    gate = Gate()
    gate.open.set()
    group = GroupCommit(gate.flush, largest=2, at_once=1)

    await asyncio.gather(*submit_all(group, [1, 2, 3, 4, 5]))

    assert gate.batches == [[1, 2], [3, 4], [5]]


async def test_a_bad_item_fails_alone() -> None:
    gate = Gate()
    gate.open.set()
    group = GroupCommit(gate.flush, at_once=1)

    good, bad = await asyncio.gather(*submit_all(group, [1, -2]), return_exceptions=True)

    assert good == 10
    assert isinstance(bad, ValueError)


async def test_a_failed_flush_fails_all_of_its_batch_and_the_next_works() -> None:
    refusals = [OSError("down")]

    async def flush(items: Sequence[int]) -> Sequence[int | Exception]:
        if refusals:
            raise refusals.pop()
        return list(items)

    group = GroupCommit(flush, at_once=1)

    outcomes = await asyncio.gather(*submit_all(group, [1, 2]), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [OSError, OSError]
    assert await group.submit(3) == 3


async def test_a_caller_that_gives_up_does_not_disturb_the_others() -> None:
    gate = Gate()
    group = GroupCommit(gate.flush, at_once=1)
    impatient, patient = submit_all(group, [1, 2])
    await begun(gate, 1)

    impatient.cancel()
    gate.open.set()

    assert await patient == 20
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_flush_that_returns_too_few_results_fails_its_batch() -> None:
    async def flush(items: Sequence[int]) -> Sequence[int | Exception]:
        return []

    async with asyncio.timeout(5):
        with pytest.raises(ValueError, match="zip"):
            await GroupCommit(flush).submit(1)
