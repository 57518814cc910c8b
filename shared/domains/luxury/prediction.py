"""Predicts what a campaign brings. All formulas of the product are here.

For each customer i of the audience, with s_i the score (0 to 100) and t the tier:

    p_i     = base[t] * (0.6 + 0.4 * s_i / 80) * kpi * category,        at most 0.9
    revenue = sum of p_i * order_value[t]
    plan    = fixed[category] + sum of contact[t]

Without a budget the plan is spent. With a budget B below the plan, every contact gets the share
r = (B - fixed) / contacts of its money and converts r ** 0.5 times as well: halving the money costs less than half the
effect. When r falls below 0.3, those with the lowest scores are left out until it does not. So cost <= B always holds.

    conversion rate = sum of p_i / n,      ROI = (revenue - cost) / cost
"""

from collections.abc import Sequence
from typing import Final, Literal

from shared.domains.base import State
from shared.domains.luxury.customers import Customer, Tier

Kpi = Literal["conversion", "revenue", "repeat_purchase", "engagement", "acquisition", "awareness"]
Category = Literal[
    "new_product_launch",
    "seasonal_collection",
    "vip_exclusive",
    "anniversary_sale",
    "gift_recommendation",
    "personalised_service",
]

ORDER_VALUE: Final[dict[Tier, int]] = {"VVIP": 45_000, "VIP": 22_000, "Member": 12_000}
"""Average order value, in yuan."""
BASE_RATE: Final[dict[Tier, float]] = {"VVIP": 0.35, "VIP": 0.22, "Member": 0.10}
CONTACT_COST: Final[dict[Tier, int]] = {"VVIP": 3_000, "VIP": 1_200, "Member": 300}
KPI_FACTOR: Final[dict[Kpi, float]] = {
    "conversion": 1.1,
    "revenue": 1.05,
    "repeat_purchase": 1.0,
    "engagement": 0.9,
    "acquisition": 0.85,
    "awareness": 0.75,
}
CATEGORY_FACTOR: Final[dict[Category, float]] = {
    "new_product_launch": 1.0,
    "seasonal_collection": 1.0,
    "vip_exclusive": 1.15,
    "anniversary_sale": 1.2,
    "gift_recommendation": 1.05,
    "personalised_service": 1.1,
}
FIXED_COST: Final[dict[Category, int]] = {
    "new_product_launch": 60_000,
    "seasonal_collection": 40_000,
    "vip_exclusive": 80_000,
    "anniversary_sale": 50_000,
    "gift_recommendation": 20_000,
    "personalised_service": 30_000,
}
_HIGHEST: Final = 0.9
_LEAST_SHARE: Final = 0.3


class Metrics(State):
    """What a campaign is expected to bring. Money in yuan, rates as shares."""

    audience_size: int
    conversion_rate: float
    estimated_revenue: int
    cost: int
    roi: float


def affordable(customers: Sequence[Customer], category: Category, budget: int | None) -> tuple[Customer, ...]:
    """Those a budget can reach with at least 30 % of the usual money each: the best first, as they were given."""
    kept = list(customers)
    if budget is not None:
        while kept and _share(kept, category, budget) < _LEAST_SHARE:
            kept.pop()
    return tuple(kept)


def predict(customers: Sequence[Customer], category: Category, kpi: Kpi, budget: int | None) -> Metrics:
    """The expected figures for customers who are `affordable`."""
    share = 1.0 if budget is None else _share(customers, category, budget)
    chances = [_chance(customer, category, kpi) * share**0.5 for customer in customers]
    revenue = sum(chance * ORDER_VALUE[customer.tier] for chance, customer in zip(chances, customers, strict=True))
    cost = FIXED_COST[category] + share * _contacts(customers) if customers else 0.0
    return Metrics(
        audience_size=len(customers),
        conversion_rate=round(sum(chances) / len(customers), 4) if customers else 0.0,
        estimated_revenue=round(revenue),
        cost=int(cost),
        roi=round((revenue - cost) / cost, 2) if cost else 0.0,
    )


def _chance(customer: Customer, category: Category, kpi: Kpi) -> float:
    rate = BASE_RATE[customer.tier] * (0.6 + 0.4 * customer.score / 80)
    return min(rate * KPI_FACTOR[kpi] * CATEGORY_FACTOR[category], _HIGHEST)


def _share(customers: Sequence[Customer], category: Category, budget: int) -> float:
    """The share of the usual money that each contact can have."""
    contacts = _contacts(customers)
    return min(1.0, (budget - FIXED_COST[category]) / contacts) if contacts else 1.0


def _contacts(customers: Sequence[Customer]) -> int:
    return sum(CONTACT_COST[customer.tier] for customer in customers)
