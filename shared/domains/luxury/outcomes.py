"""What conversations about campaigns lead to, for other systems."""

from typing import ClassVar

from pydantic import Field

from shared.events.outcomes import Outcome


class CampaignApplied(Outcome):
    """A campaign was applied: a marketing system may run it."""

    type: ClassVar[str] = "parley.luxury.campaign-applied.v1"

    campaign_id: str = Field(pattern=r"^camp_[0-9a-f]{12}$")
    category: str
    kpi: str
    tiers: tuple[str, ...]
    audience_ids: tuple[str, ...]
    budget: int | None = Field(description="Yuan.")
    conversion_rate: float
    estimated_revenue: int = Field(description="Yuan.")
    cost: int = Field(description="Yuan.")
    roi: float
