"""Rows of the services behind, for operators: which service has which records, and what else a deletion means."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import httpx

from services.gateway.clients import ServiceClient
from services.gateway.principal import Principal
from services.gateway.sessions import Sessions
from shared.domains.base import AnyDomain
from shared.events.ids import SessionId
from shared.runtime.http import Problem, segment

SESSIONS: Final = "conversation_sessions"
SUMMARIES: Final = "user_interaction_summaries"
LARGEST_BULK: Final = 4 * 1024 * 1024
"""Bytes of a body with many rows."""
_OF_MEMORY: Final = (SESSIONS, "conversation_messages", SUMMARIES)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the rows of a record are."""

    service: ServiceClient
    path: str


def shelves(domains: Iterable[AnyDomain], agent: ServiceClient, memory: ServiceClient) -> dict[str, Shelf]:
    """The records that there are, by name. Raises ValueError when two of them have the same name."""
    found = {name: Shelf(memory, f"/records/{name}") for name in _OF_MEMORY}
    for domain in domains:
        for record in domain.records:
            if record.name in found:
                raise ValueError(f"{domain.name}: there are records of the name {record.name} already")
            found[record.name] = Shelf(agent, f"/packs/{domain.name}/records/{record.name}")
    return found


def bulk_paths(domains: Iterable[AnyDomain]) -> dict[str, int]:
    """The paths that take many rows at once, each with the longest body it takes, in bytes."""
    names = [*_OF_MEMORY, *(record.name for domain in domains for record in domain.records)]
    return {f"/v1/records/{name}/bulk": LARGEST_BULK for name in names}


class Records:
    """The records behind this gateway. Every method raises the `Problem` with which the service refuses."""

    def __init__(self, shelves: Mapping[str, Shelf], sessions: Sessions, clock: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._sessions = sessions
        self._clock = clock

    @property
    def names(self) -> list[str]:
        """What there is."""
        return sorted(self._shelves)

    async def ask(self, caller: Principal, method: str, name: str, *place: str, **request: Any) -> httpx.Response:
        """What the service answers that has this record; `place` follows its name in the path."""
        shelf = self._shelf(name)
        path = "/".join([shelf.path, *map(segment, place)])
        return await shelf.service.relay(caller, method, path, **request)

    async def delete(self, caller: Principal, name: str, key: str) -> httpx.Response:
        """Delete a row. A session ends everywhere, as if its owner had deleted it."""
        if name == SESSIONS:
            session = (await self.ask(caller, "GET", name, key)).json()
            await self._forget(Principal(caller.tenant_id, session["user_id"], caller.request_id), key)
        return await self.ask(caller, "DELETE", name, key)

    async def _forget(self, owner: Principal, session_id: str) -> None:
        try:
            await self._sessions.delete(owner, SessionId(UUID(session_id)), self._clock())
        except Problem as problem:
            # A session that came from elsewhere is known to memory alone.
            if problem.status != httpx.codes.NOT_FOUND:
                raise

    def _shelf(self, name: str) -> Shelf:
        if name not in self._shelves:
            raise Problem(404, "unknown_record", f"There are no such records. There are: {', '.join(self.names)}.")
        return self._shelves[name]
