"""Stopping a client whose broker may be gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from shared.runtime.kafka.settings import STOP_WITHIN

log = structlog.get_logger(__name__)


async def stopped(name: str, stop: Coroutine[Any, Any, None]) -> None:
    """Run a client's `stop` for a limited time; nothing it raises matters any more.

    It runs in a task of its own, because aiokafka's lets the cancellation of its own fetches through.
    """
    task = asyncio.create_task(stop)
    await asyncio.wait([task], timeout=STOP_WITHIN.total_seconds())
    if not task.done():
        task.cancel()
        log.warning("stop_took_too_long", client=name)
    elif task.cancelled() or task.exception() is not None:
        log.warning("stop_failed", client=name, error=None if task.cancelled() else repr(task.exception()))
