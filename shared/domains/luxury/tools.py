"""What the policy may read and write: the tenant's customers and the user's own campaigns."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from shared.domains.base import Effect, Scope
from shared.domains.luxury.customers import Behaviour, Customer, Tier
from shared.domains.luxury.store import Campaigns, Customers
from shared.events.ids import SessionId
from shared.runtime.postgres import Database


class LuxuryTools:
    """The pack's tools over its tables; reads only see what the scope allows."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._customers = Customers(database, scope.tenant_id)
        self._campaigns = Campaigns(database, scope)

    async def best(
        self, tiers: Sequence[Tier], *, min_score: int, behaviours: Sequence[Behaviour], limit: int | None
    ) -> tuple[Customer, ...]:
        """Customers that fit: by tier, then the highest scores first."""
        return await self._customers.best(tiers, min_score=min_score, behaviours=behaviours, limit=limit)

    def apply(self, campaign_id: str, session_id: SessionId, payload: Mapping[str, JsonValue], now: datetime) -> Effect:
        """Enter a campaign."""
        return self._campaigns.apply(campaign_id, session_id, payload, now)

    def reach(self, campaign_id: str, customer_ids: Sequence[str]) -> Effect:
        """Enter a campaign's audience."""
        return self._campaigns.reach(campaign_id, customer_ids)

    async def audience(self, campaign_id: str) -> tuple[Customer, ...]:
        """The audience of one of the user's campaigns."""
        return await self._campaigns.audience(campaign_id)
