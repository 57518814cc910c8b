"""How one service erases a person, so that it can be killed anywhere and nothing that arrives late undoes it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from shared.events.envelope import Envelope
from shared.events.ids import event_of
from shared.events.privacy import ErasureCompleted
from shared.events.topics import REPLIES
from shared.privacy.store import Erasure, Person
from shared.runtime.failpoints import failpoint

_LATENESS = timedelta(days=1)
"""What a dead letter and the broker's own clean-up may come later than the record itself."""


class Data(Protocol):
    """What a service holds of people."""

    async def begin(self, person: Person, erasure_id: UUID, at: datetime) -> Erasure: ...

    async def sweep(self, person: Person, erasure: Erasure) -> int: ...

    async def complete(self, person: Person, erasure: Erasure, now: datetime) -> Erasure: ...

    async def find(self, person: Person, erasure_id: UUID) -> Erasure | None: ...


async def _nothing_else(person: Person, erasure: Erasure) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """Erases people from one service.

    `beside` removes what lies outside the tables, before the rows that lead to it; it may be repeated.
    """

    service: str
    data: Data
    publish: Callable[[tuple[Envelope, ...]], Awaitable[None]]
    clock: Callable[[], datetime]
    beside: Callable[[Person, Erasure], Awaitable[None]] = _nothing_else

    async def clear(self, person: Person, erasure_id: UUID, until: Callable[[], datetime]) -> Erasure:
        """Remove what there is of a person and keep it away, until a look at everything finds nothing any more.

        `until` says up to when, anew for each look: what ended meanwhile goes too.
        """
        while True:
            erasure = await self.data.begin(person, erasure_id, until())
            await failpoint("erasure.after_tombstone")
            await self.beside(person, erasure)
            await failpoint("erasure.after_beside")
            if not await self.data.sweep(person, erasure):
                return erasure

    async def prepare(self, person: Person, erasure_id: UUID, until: datetime) -> None:
        """Clear, before it is certain that nothing more comes; nothing once the erasure was finished."""
        if not _is_done(await self.data.find(person, erasure_id)):
            await self.clear(person, erasure_id, lambda: until)

    async def finish(self, person: Person, erasure_id: UUID, until: Callable[[], datetime], request_id: str) -> None:
        """Clear, once, and tell that it is done; the same bytes whenever it is asked again."""
        done = await self.data.find(person, erasure_id)
        if done is None or not _is_done(done):
            erasure = await self.clear(person, erasure_id, until)
            await failpoint("erasure.before_completion")
            done = await self.data.complete(person, erasure, self.clock())
            await failpoint("erasure.after_completion")
        await self.publish((self._completed(person, done, request_id).envelope(),))

    def _completed(self, person: Person, done: Erasure, request_id: str) -> ErasureCompleted:
        return ErasureCompleted(
            event_id=event_of(done.erasure_id, self.service),
            occurred_at=done.completed_at or done.erased_at,
            tenant_id=person.tenant_id,
            request_id=request_id,
            user_id=person.user_id,
            service=self.service,
            removed=dict(sorted(done.removed.items())),
            log_empty_at=log_empty_at(done.erased_at),
            erasure_id=done.erasure_id,
            erased_at=done.erased_at,
        )


def _is_done(erasure: Erasure | None) -> bool:
    return erasure is not None and erasure.completed_at is not None


def log_empty_at(erased_at: datetime) -> datetime:
    """When the last record with words of a person erased at that time has left the log."""
    return erased_at + REPLIES.retention + REPLIES.segment + _LATENESS
