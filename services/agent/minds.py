"""The understanding cores of all packs: trained once, their names kept fresh, many turns in one prediction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from services.agent.understanding import Core, Utterance
from shared.domains.base import AnyDomain, Dialogue, Gazetteer, Scope
from shared.events.ids import TenantId
from shared.events.replies import Understood
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.postgres import Database

_NAMES_FRESH = timedelta(seconds=60)
_NO_NAMES = Gazetteer(names={})
_log = structlog.get_logger()

_Key = tuple[str, TenantId]


class _Mind:
    """One pack's core with one tenant's names."""

    def __init__(self, core: Core, read_at: datetime) -> None:
        self.core = core
        self.read_at = read_at
        self._batches = GroupCommit(self._understand, largest=64, at_once=1)

    async def understand(self, utterance: Utterance) -> Understood:
        return await self._batches.submit(utterance)

    async def _understand(self, utterances: Sequence[Utterance]) -> Sequence[Understood | Exception]:
        return self.core.understand(utterances)


class Minds:
    """Understands what is said to any pack."""

    def __init__(self, domains: Mapping[str, AnyDomain], database: Database, clock: Callable[[], datetime]) -> None:
        self._domains = domains
        self._database = database
        self._clock = clock
        self._cores = {name: Core(domain.language, _NO_NAMES) for name, domain in domains.items()}
        self._minds: dict[_Key, _Mind] = {}
        self._readings: dict[_Key, asyncio.Task[_Mind]] = {}

    async def train(self) -> None:
        """Train the classifiers ahead of the first turn, off the event loop."""
        for core in self._cores.values():
            await asyncio.to_thread(core.understand, [Utterance("hello", Dialogue())])

    async def understand(self, domain: str, tenant_id: TenantId, utterance: Utterance) -> Understood:
        """What the words mean to this pack. Raises `Unavailable` while the pack's names cannot be read."""
        key = (domain, tenant_id)
        mind = self._minds.get(key)
        if mind is None:
            # Shielded: a turn that is cancelled while it waits must not end the reading for the others.
            mind = await asyncio.shield(self._reading(key))
        elif self._clock() - mind.read_at > _NAMES_FRESH:
            _ = self._reading(key)  # the names at hand will do until the new ones are there
        return await mind.understand(utterance)

    def _reading(self, key: _Key) -> asyncio.Task[_Mind]:
        if key not in self._readings:
            self._readings[key] = asyncio.create_task(self._read_names(key))
            self._readings[key].add_done_callback(lambda task: self._read(key, task))
        return self._readings[key]

    def _read(self, key: _Key, task: asyncio.Task[_Mind]) -> None:
        del self._readings[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("names not read", domain=key[0], reason=str(error))

    async def _read_names(self, key: _Key) -> _Mind:
        domain, tenant_id = key
        pack = self._domains[domain]
        names = _NO_NAMES
        if pack.gazetteer is not None:
            names = await pack.gazetteer(pack.tools(self._database, Scope(tenant_id, "")))
        mind = _Mind(self._cores[domain].with_names(names), self._clock())
        self._minds[key] = mind
        return mind
