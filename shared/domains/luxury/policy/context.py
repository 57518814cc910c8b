"""What every part of the policy works with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from shared.domains.base import Decision, Effect
from shared.domains.luxury.customers import Behaviour, Customer, Tier
from shared.domains.luxury.state import LuxuryState
from shared.events.ids import SessionId

LuxuryDecision = Decision[LuxuryState]


class Tools(Protocol):
    """What the policy reads and writes. Writes are only described here; they happen in the turn's transaction."""

    async def best(
        self, tiers: Sequence[Tier], *, min_score: int, behaviours: Sequence[Behaviour], limit: int | None
    ) -> tuple[Customer, ...]: ...

    def apply(
        self, campaign_id: str, session_id: SessionId, payload: Mapping[str, JsonValue], now: datetime
    ) -> Effect: ...

    def reach(self, campaign_id: str, customer_ids: Sequence[str]) -> Effect: ...
