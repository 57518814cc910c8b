"""Turns after they were accepted: looking them up, stopping them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.gateway.admissions import Admissions
from services.gateway.clients import AgentClient, MemoryClient
from services.gateway.endings import status_of, turn_view
from services.gateway.principal import Principal
from services.gateway.publishing import Publisher
from services.gateway.schemas import TurnAccepted, TurnStatus, TurnView
from services.gateway.store import KnownSession
from shared.errors import Unavailable
from shared.events.ids import SessionId, TurnId, event_of
from shared.events.replies import TurnEnded
from shared.events.turns import TurnCancelRequested
from shared.runtime.http import Problem


@dataclass(frozen=True, slots=True)
class TurnAddress:
    """A turn that a caller asks about, in a session of theirs; whether it exists is another question."""

    caller: Principal
    session: KnownSession
    turn_id: TurnId

    @property
    def session_id(self) -> SessionId:
        """The turn's session."""
        return self.session.session_id


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn that exists: how it ended, or since when it waits as far as we know."""

    turn_id: TurnId
    session_id: SessionId
    ended: TurnEnded | None = None
    submitted_at: datetime | None = None

    @property
    def status(self) -> TurnStatus:
        """The public word for where the turn is."""
        return "pending" if self.ended is None else status_of(self.ended)

    def accepted(self) -> TurnAccepted:
        """The turn as an acknowledgement shows it."""
        return TurnAccepted(turn_id=self.turn_id, session_id=self.session_id, status=self.status)

    def view(self) -> TurnView:
        """The turn as GET shows it."""
        if self.ended is not None:
            return turn_view(self.ended)
        return TurnView(
            turn_id=self.turn_id,
            session_id=self.session_id,
            status="pending",
            submitted_at=self.submitted_at,
        )


class Turns:
    """The accepted turns of sessions."""

    def __init__(
        self,
        admissions: Admissions,
        agent: AgentClient,
        memory: MemoryClient,
        publisher: Publisher,
        clock: Callable[[], datetime],
    ) -> None:
        self._admissions = admissions
        self._agent = agent
        self._memory = memory
        self._publisher = publisher
        self._clock = clock

    async def find(self, turn: TurnAddress) -> FoundTurn:
        """A turn and its outcome; raises the 404 problem, or `Unavailable` when the ledger cannot be asked."""
        ended = await self.ending(turn)
        if ended is None:
            return await self._find_pending(turn)
        return FoundTurn(turn.turn_id, turn.session_id, ended)

    async def find_despite_outage(self, turn: TurnAddress) -> FoundTurn:
        """The same where a turn that ended may pass for a pending one while the agent is down."""
        try:
            return await self.find(turn)
        except Unavailable:
            return await self._find_pending(turn)

    async def ending(self, turn: TurnAddress) -> TurnEnded | None:
        """How the turn ended, from the ledger."""
        return await self._agent.ending(turn.caller, turn.session_id, turn.turn_id)

    async def cancel(self, turn: TurnAddress) -> FoundTurn:
        """Ask for a turn to be stopped; one that has ended stays as it is."""
        found = await self.find_despite_outage(turn)
        if found.ended is None:
            requested = TurnCancelRequested(
                event_id=event_of(turn.turn_id, "cancel-requested"),
                occurred_at=self._clock(),
                tenant_id=turn.caller.tenant_id,
                request_id=turn.caller.request_id,
                session_id=turn.session_id,
                user_id=turn.caller.user_id,
                turn_id=turn.turn_id,
            )
            await self._publisher.publish(requested, turn_id=turn.turn_id, session_id=turn.session_id)
        return found

    async def _find_pending(self, turn: TurnAddress) -> FoundTurn:
        submitted_at = await self._admissions.waiting_since(turn.session_id, turn.turn_id)
        if submitted_at is not None:
            return FoundTurn(turn.turn_id, turn.session_id, submitted_at=submitted_at)
        if await self._memory.knows_turn(turn.caller, turn.session_id, turn.turn_id):
            return FoundTurn(turn.turn_id, turn.session_id)
        raise unknown_turn()


def unknown_turn() -> Problem:
    """Absent, and of another session, look the same."""
    return Problem(404, "turn_not_found", "There is no such turn in this session.")
