"""What conversations about campaigns lead to, for other systems."""

from typing import ClassVar

from pydantic import Field

from shared.events.outcomes import Outcome


class CampaignApplied(Outcome):
    """A campaign was applied: a marketing system may run it."""

    type: ClassVar[str] = "parley.luxury.campaign-applied.v1"

    campaign_id: str = Field(pattern=r"^camp_[0-9a-f]{12}$", examples=["camp_0a1b2c3d4e5f"])
    category: str = Field(examples=["new_product_launch"])
    kpi: str = Field(examples=["conversion"])
    tiers: tuple[str, ...] = Field(examples=[("VVIP",)])
    audience_ids: tuple[str, ...] = Field(examples=[("C001", "C002")])
    budget: int | None = Field(description="Yuan.")
    conversion_rate: float
    estimated_revenue: int = Field(description="Yuan.")
    cost: int = Field(description="Yuan.")
    roi: float
