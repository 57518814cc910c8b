"""Deletes sessions that nobody will miss, by the same road as their owners would."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.gateway.clients import AgentClient, MemoryClient, SilentSession
from services.gateway.principal import Principal
from services.gateway.schemas import CleanupReport, CleanupRequest
from services.gateway.sessions import Sessions
from shared.events.ids import SessionId

_DAYS: Final = {"unspoken": 1, "ownerless": 1, "idle": 730}
_PAGE: Final = 500
_MOST_CHECKED: Final = 20_000
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Cleanup:
    """Finds sessions in memory's projection, and has every service forget them."""

    sessions: Sessions
    memory: MemoryClient
    agent: AgentClient
    clock: Callable[[], datetime]

    async def run(self, caller: Principal, asked: CleanupRequest) -> CleanupReport:
        """Look at some sessions of the caller's tenant, and delete those that are asked for unless it is a dry run."""
        now = self.clock()
        before = now - timedelta(days=asked.days or _DAYS[asked.kind])
        found: list[SilentSession] = []
        after: UUID | None = asked.after
        checked = 0
        while after is not None and checked < _MOST_CHECKED and len(found) < asked.limit:
            page = await self.memory.silent_sessions(
                caller, unspoken=asked.kind == "unspoken", before=before, after=SessionId(after), limit=_PAGE
            )
            wanted = (await self._wanted(caller, asked, page))[: asked.limit - len(found)]
            found += wanted
            checked += len(page)
            after = _next(page, wanted[-1] if len(found) == asked.limit else None)
        if not asked.dry_run:
            await self._forget(caller, found, now)
        return CleanupReport(
            kind=asked.kind,
            before=before,
            dry_run=asked.dry_run,
            checked=checked,
            sessions=tuple(each.session_id for each in found),
            next=after,
        )

    async def _wanted(
        self, caller: Principal, asked: CleanupRequest, page: Sequence[SilentSession]
    ) -> Sequence[SilentSession]:
        if asked.kind != "ownerless" or not page:
            return page
        known = await self.agent.known(caller, [each.session_id for each in page])
        return [each for each in page if each.session_id not in known]

    async def _forget(self, caller: Principal, found: Sequence[SilentSession], now: datetime) -> None:
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            await asyncio.gather(
                *(self.sessions.forget(replace(caller, user_id=each.user_id), each.session_id, now) for each in some)
            )


def _next(page: Sequence[SilentSession], last: SilentSession | None) -> UUID | None:
    """Where to go on: behind the last session that was taken, else behind the page; None where it was the last."""
    if last is not None:
        return last.session_id
    return page[-1].session_id if len(page) == _PAGE else None
