"""Starts services again that have ended, as a supervisor does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog

from tests.support.stack import Service

_LOOK_SECONDS = 0.1
_log = structlog.get_logger(__name__)


class Keeper:
    """Keeps services running, but for those that are to stay away."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self.restarts: Counter[str] = Counter()
        self._services = services
        self._away: set[str] = set()
        self._looked = asyncio.Event()
        self._special: set[str] = set()

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Start what ends, for as long as the context lasts."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @contextmanager
    def away(self, *names: str) -> Iterator[None]:
        """Leave these as they are, for as long as the context lasts."""
        self._away.update(names)
        try:
            yield
        finally:
            self._away.difference_update(names)

    async def restart(self, name: str, **more: str) -> None:
        """Ask a service to stop and start it again; with `more` variables, for this one time."""
        with self.away(name):
            self._services[name].ask_to_stop()
            await self._reach(lambda: not self._services[name].running)
            self._start(name, more)

    async def started(self, name: str) -> None:
        """Wait until the process runs."""
        await self._reach(lambda: self._services[name].running)

    async def died(self, name: str) -> None:
        """Wait until a process that was started with more variables has ended."""
        await self._reach(lambda: name not in self._special)

    async def _reach(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._looked.clear()
            await self._looked.wait()

    async def _run(self) -> None:
        while True:
            for name, service in self._services.items():
                if not service.running and name not in self._away:
                    self._start(name, {})
            self._looked.set()
            await asyncio.sleep(_LOOK_SECONDS)

    def _start(self, name: str, more: Mapping[str, str]) -> None:
        process = self._services[name].process
        _log.warning("restarted", service=name, exit_status=None if process is None else process.exit_code())
        self.restarts[name] += 1
        self._services[name].start(**more)
        (self._special.add if more else self._special.discard)(name)
