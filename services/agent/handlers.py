"""What the agent does about each event."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from services.agent.cancellation import Cancellations
from services.agent.session import Opening
from shared.events.ids import SessionId, TenantId
from shared.events.turns import SessionDeleted, SessionOpened, TurnCancelRequested


class Opens(Protocol):
    """Where sessions are opened."""

    async def open(self, opening: Opening) -> None: ...


class Deletes(Protocol):
    """Where sessions are forgotten."""

    async def delete(self, tenant_id: TenantId, session_id: SessionId, at: datetime) -> None: ...


async def on_session_opened(event: SessionOpened, ledger: Opens) -> None:
    """Number the session among its user's."""
    opening = Opening(event.tenant_id, event.session_id, event.user_id, event.domain, event.occurred_at)
    await ledger.open(opening)


async def on_turn_cancel_requested(event: TurnCancelRequested, cancellations: Cancellations) -> None:
    """The turn, which came before in the order, has ended by now, one way or the other."""
    cancellations.forget(event)


async def on_session_deleted(
    event: SessionDeleted, ledger: Deletes, cancellations: Cancellations, clock: Callable[[], datetime]
) -> None:
    """Forget the session; every turn before the deletion has ended by now."""
    await ledger.delete(event.tenant_id, event.session_id, clock())
    cancellations.forget(event)
