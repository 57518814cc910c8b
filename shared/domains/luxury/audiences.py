"""The audience of an applied campaign, and its form as CSV."""

import csv
import io
from typing import Final

from pydantic import BaseModel, Field

from shared.domains.luxury.customers import BEHAVIOUR_NAMES, Customer
from shared.domains.luxury.tools import LuxuryTools

_HEADER: Final = ("客户编号", "姓名", "等级", "评分", "年消费（元）", "行为", "备注")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\x00")


class AudienceOf(BaseModel):
    """Names a campaign."""

    campaign_id: str = Field(pattern=r"^camp_[0-9a-f]{12}$")


class CampaignAudience(BaseModel):
    """Who a campaign reaches, in order."""

    customers: tuple[Customer, ...]


async def audience_of(tools: LuxuryTools, asked: AudienceOf) -> CampaignAudience | None:
    """The audience of one of the caller's campaigns."""
    customers = await tools.audience(asked.campaign_id)
    return CampaignAudience(customers=customers) if customers else None


def as_csv(audience: CampaignAudience) -> str:
    """The audience as CSV that spreadsheets open: with a byte order mark, and no cell that they take for a formula."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(_HEADER)
    for customer in audience.customers:
        behaviours = "、".join(BEHAVIOUR_NAMES[behaviour] for behaviour in customer.behaviours)
        cells = (customer.id, customer.name, customer.tier, customer.score, customer.annual_spend, behaviours)
        rows.writerow([_harmless(str(cell)) for cell in (*cells, customer.note)])
    return f"\ufeff{file.getvalue()}"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
