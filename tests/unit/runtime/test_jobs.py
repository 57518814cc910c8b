"""Jobs run at once, go on, and wait for what is down."""

import asyncio
from datetime import timedelta

from shared.errors import Unavailable
from shared.runtime.jobs import Job, running


class Work:
    """Counts its runs; the first ones may fail."""

    def __init__(self, *, unavailable: int = 0) -> None:
        self._unavailable = unavailable
        self._runs = 0
        self._ran = asyncio.Condition()

    async def run(self) -> None:
        async with self._ran:
            self._runs += 1
            self._ran.notify_all()
        if self._runs <= self._unavailable:
            raise Unavailable("down")

    async def ran(self, times: int) -> None:
        async with asyncio.timeout(10), self._ran:
            await self._ran.wait_for(lambda: self._runs >= times)


async def test_job_runs_at_once_and_again() -> None:
    often, seldom = Work(), Work()

    async with running(
        Job("often", timedelta(milliseconds=5), often.run), Job("seldom", timedelta(hours=1), seldom.run)
    ):
        await seldom.ran(1)
        await often.ran(3)


async def test_job_goes_on_after_its_dependency_was_down() -> None:
    work = Work(unavailable=2)

    async with running(Job("work", timedelta(milliseconds=5), work.run)):
        await work.ran(4)


async def test_jobs_end_with_their_context() -> None:
    before = asyncio.all_tasks()
    work = Work()

    async with running(Job("work", timedelta(hours=1), work.run)):
        await work.ran(1)

    assert asyncio.all_tasks() == before
