"""Reads that wait until what was just written has arrived."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

Answer = TypeVar("Answer")

EVERY: Final = timedelta(milliseconds=25)
"""Less than the delay it waits out. Asking again also sees what another process of the service wrote."""


async def read_until(
    read: Callable[[], Awaitable[Answer]], enough: Callable[[Answer], bool], *, within: timedelta
) -> Answer:
    """The first answer that is enough, or the last one when the time is up."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within.total_seconds()
    while True:
        answer = await read()
        if enough(answer) or loop.time() >= deadline:
            return answer
        await asyncio.sleep(EVERY.total_seconds())
