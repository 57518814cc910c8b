"""The luxury pack in a conversation, over its own CSV file in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from shared.domains import luxury as pack
from shared.domains.base import Effect
from shared.domains.luxury.customers import TIERS, Behaviour, Customer, Tier
from shared.domains.luxury.loading import read_customers
from shared.events.ids import SessionId
from tests.support.talk import Talk

FILE = Path(pack.__file__).parent / "data" / "customers.csv"
CUSTOMERS = read_customers(FILE)[0]


class CustomersInMemory:
    """The tools over the file; effects are only described."""

    async def best(
        self, tiers: Sequence[Tier], *, min_score: int, behaviours: Sequence[Behaviour], limit: int | None
    ) -> tuple[Customer, ...]:
        fitting = [
            each
            for each in CUSTOMERS
            if each.tier in tiers and each.score >= min_score and {*behaviours} <= {*each.behaviours}
        ]
        fitting.sort(key=lambda each: (TIERS.index(each.tier), -each.score, -each.annual_spend, each.id))
        return tuple(fitting[:limit])

    def apply(self, campaign_id: str, session_id: SessionId, payload: Mapping[str, JsonValue], now: datetime) -> Effect:
        return Effect("apply", (campaign_id, payload))

    def reach(self, campaign_id: str, customer_ids: Sequence[str]) -> Effect:
        return Effect("reach", (campaign_id, *customer_ids))


def talk() -> Talk:
    """A new session."""
    return Talk(pack.DOMAIN, CustomersInMemory())
