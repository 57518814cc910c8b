"""Reads that wait."""

from datetime import timedelta

from shared.runtime.polling import read_until


class Counter:
    """Answers 1, 2, 3 ..."""

    def __init__(self) -> None:
        self.asked = 0

    async def read(self) -> int:
        self.asked += 1
        return self.asked


async def test_first_answer_that_is_enough_is_returned_at_once() -> None:
    counter = Counter()

    assert await read_until(counter.read, lambda count: count >= 1, within=timedelta(hours=1)) == 1
    assert counter.asked == 1


async def test_reading_goes_on_until_it_is_enough() -> None:
    assert await read_until(Counter().read, lambda count: count >= 3, within=timedelta(seconds=10)) == 3


async def test_last_answer_is_returned_when_time_is_up() -> None:
    counter = Counter()

    assert await read_until(counter.read, lambda _: False, within=timedelta(milliseconds=60)) == counter.asked


async def test_without_time_to_wait_it_is_read_once() -> None:
    assert await read_until(Counter().read, lambda _: False, within=timedelta()) == 1
