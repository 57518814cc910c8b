"""How the agent ends what a person's sessions are doing when the person is erased."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.agent.session import Trace
from shared.events.envelope import Envelope
from shared.events.ids import TenantId, event_of
from shared.events.privacy import ErasureRequested
from shared.events.turns import SessionDeleted
from shared.privacy.erasure import Eraser
from shared.privacy.store import Erasure, Person


class Traces(Protocol):
    """A person's sessions, and what they left in Redis."""

    def sessions(self, tenant_id: TenantId, user_id: str, until: datetime) -> AsyncIterator[Sequence[Trace]]: ...

    async def hide(self, tenant_id: TenantId, sessions: Sequence[Trace]) -> None: ...

    async def forget(self, tenant_id: TenantId, user_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Sessions:
    """Ends the sessions of people, wherever their turns run: the same way as when their owner deletes them."""

    traces: Traces
    publish: Callable[[tuple[Envelope, ...]], Awaitable[None]]

    async def end(self, person: Person, erasure: Erasure) -> None:
        """Cancel what runs, fail what waits, and remove what Redis has of it. May be repeated."""
        async for sessions in self.traces.sessions(person.tenant_id, person.user_id, erasure.erased_at):
            await self.traces.hide(person.tenant_id, sessions)
            await self.publish(tuple(_deleted(person, erasure, each) for each in sessions if not each.deleted))
        await self.traces.forget(person.tenant_id, person.user_id)


async def on_erasure_requested(event: ErasureRequested, eraser: Eraser) -> None:
    """Erase the person here; the others follow when this says that no turn tells anything of them any more."""
    person = Person(event.tenant_id, event.user_id)
    await eraser.finish(person, event.event_id, eraser.clock, event.request_id)


def _deleted(person: Person, erasure: Erasure, session: Trace) -> Envelope:
    event = SessionDeleted(
        event_id=event_of(erasure.erasure_id, str(session.session_id)),
        occurred_at=erasure.erased_at,
        tenant_id=person.tenant_id,
        request_id=str(erasure.erasure_id),
        session_id=session.session_id,
        user_id=person.user_id,
        by_erasure=True,
    )
    return event.envelope()
