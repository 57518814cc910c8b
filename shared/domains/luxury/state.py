"""What the pack remembers of one session."""

from datetime import datetime

from pydantic import Field

from shared.domains.base import State
from shared.domains.luxury.customers import Selection, Tier
from shared.domains.luxury.prediction import Category, Kpi, Metrics


class Intent(State):
    """What the manager wants of a campaign, as far as it was said."""

    category: Category = "new_product_launch"
    kpi: Kpi = "conversion"
    product: str | None = None
    """What is promoted, in the manager's words: 春季新款手袋."""
    selection: Selection = Selection()
    budget: int | None = None
    """At most so much, in yuan."""


class TurnRecord(State):
    """One turn of the conversation, as the front end lists it."""

    turn_no: int
    user_input: str
    is_modification: bool
    previous_intent: Intent | None = None
    intent: Intent | None
    audience_ids: tuple[str, ...] = ()
    audience_size: int = 0
    metrics: Metrics | None = None
    response: str
    timestamp: datetime


class LuxuryState(State):
    """The campaign that stands, and how it came about."""

    intent: Intent | None = None
    audience_ids: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    metrics: Metrics | None = None
    relaxed: tuple[str, ...] = ()
    campaign_id: str | None = None
    """Of this campaign, once it was applied as it stands."""
    applied_at: datetime | None = None
    turns: tuple[TurnRecord, ...] = Field(default=(), description="The latest 50.")

    def reworded(self, text: str) -> "LuxuryState":
        """The last turn was answered in these words."""
        last = self.turns[-1].model_copy(update={"response": text})
        return self.model_copy(update={"turns": (*self.turns[:-1], last)})
