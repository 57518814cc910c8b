"""How the pack says things, in Chinese."""

from collections.abc import Iterable
from typing import Final

from shared.domains.luxury.prediction import Category, Kpi

KPI_NAMES: Final[dict[Kpi, str]] = {
    "conversion": "提升转化率",
    "revenue": "提高销售额",
    "repeat_purchase": "促进复购",
    "engagement": "提升互动",
    "acquisition": "拓展新客",
    "awareness": "提升品牌知名度",
}
CATEGORY_NAMES: Final[dict[Category, str]] = {
    "new_product_launch": "新品上市",
    "seasonal_collection": "当季系列",
    "vip_exclusive": "贵宾专属",
    "anniversary_sale": "周年庆",
    "gift_recommendation": "礼品推荐",
    "personalised_service": "个性化服务",
}
_WAN: Final = 10_000


def yuan(amount: int) -> str:
    """An amount: 50万元, 1.8万元, 8,500元."""
    if amount < _WAN:
        return f"{amount:,}元"
    return f"{amount / _WAN:,.1f}".removesuffix(".0") + "万元"


def listed(words: Iterable[str]) -> str:
    """甲、乙和丙."""
    *most, final = words
    return f"{'、'.join(most)}和{final}" if most else final
