"""Work that a service does every so often, beside its events and requests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from shared.errors import Unavailable
from shared.runtime.process import exit_process

_log = structlog.get_logger(__name__)

_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Job:
    """What to do and how often; the first run is at once."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


@asynccontextmanager
async def running(*jobs: Job) -> AsyncIterator[None]:
    """Run these jobs while the context lasts.

    A job whose dependency is down is tried again soon. One that fails in any other way ends the process: a service
    whose upkeep has silently stopped is worse than one that restarts.
    """
    tasks = [asyncio.create_task(_guarded(job)) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _guarded(job: Job) -> None:
    try:
        while True:
            delay = await _delay_after(job)
            await asyncio.sleep(delay.total_seconds())
    except Exception as error:
        exit_process(f"the job {job.name} failed", error)


async def _delay_after(job: Job) -> timedelta:
    try:
        await job.run()
    except Unavailable as error:
        _log.warning("job_waits", job=job.name, error=str(error))
        return min(job.every, _AGAIN)
    return job.every
