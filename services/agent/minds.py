"""The understanding cores of all packs: trained once, their names kept fresh, many turns in one prediction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.agent.understanding import Core, Utterance
from shared.domains.base import AnyDomain, Dialogue, Gazetteer, Scope
from shared.events.ids import TenantId
from shared.events.replies import Understood
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.postgres import Database

_NAMES_FRESH = timedelta(seconds=60)
_NO_NAMES = Gazetteer(names={})


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
        self._minds: dict[tuple[str, UUID], _Mind] = {}

    async def train(self) -> None:
        """Train the classifiers ahead of the first turn, off the event loop."""
        for core in self._cores.values():
            await asyncio.to_thread(core.understand, [Utterance("hello", Dialogue())])

    async def understand(self, domain: str, tenant_id: TenantId, utterance: Utterance) -> Understood:
        """What the words mean to this pack. Raises `Unavailable` while the pack's names cannot be read."""
        mind = self._minds.get((domain, tenant_id))
        if mind is None or self._clock() - mind.read_at > _NAMES_FRESH:
            mind = await self._read_names(domain, tenant_id)
        return await mind.understand(utterance)

    async def _read_names(self, domain: str, tenant_id: TenantId) -> _Mind:
        pack = self._domains[domain]
        names = _NO_NAMES
        if pack.gazetteer is not None:
            names = await pack.gazetteer(pack.tools(self._database, Scope(tenant_id, "")))
        mind = _Mind(self._cores[domain].with_names(names), self._clock())
        self._minds[domain, tenant_id] = mind
        return mind
