"""What every part of the policy works with: the turn, what the words said, and the tools."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domains.base import Decision, Effect, Progress, Turn
from shared.domains.property.listings import INDIA, Callback, Listing, Visit, Wanted
from shared.domains.property.policy.reading import Reading
from shared.domains.property.state import Offer, PropertyState
from shared.events.ids import SessionId


class Tools(Protocol):
    """What the policy reads and writes. Writes are only described here; they happen in the turn's transaction."""

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Listing, ...]: ...

    async def named(self, ids: Sequence[str]) -> tuple[Listing, ...]: ...

    async def cities(self) -> tuple[str, ...]: ...

    async def visits(self, after: datetime) -> tuple[Visit, ...]: ...

    def book(self, visit: Visit, session_id: SessionId, now: datetime) -> Effect: ...

    def move(self, visit: Visit, now: datetime) -> Effect: ...

    def cancel(self, visit: Visit, now: datetime) -> Effect: ...

    def call_back(self, callback: Callback, session_id: SessionId, now: datetime) -> Effect: ...


PropertyDecision = Decision[PropertyState]


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn to decide."""

    turn: Turn[PropertyState]
    reading: Reading
    tools: Tools
    progress: Progress
    offer: Offer | None = None
    """What the agent proposed in the turn before; the state of this turn no longer holds it."""

    @property
    def state(self) -> PropertyState:
        return self.turn.state

    @property
    def now(self) -> datetime:
        """The time where the listings are."""
        return self.turn.now.astimezone(INDIA)

    @property
    def reachable(self) -> bool:
        """Whether the person can be called back without asking for a number."""
        return self.reading.phone is not None or self.state.reachable


Handler = Callable[[Ask], Awaitable[PropertyDecision]]
