"""Customers and how an audience is picked from them."""

from typing import Final, Literal, get_args

from shared.domains.base import State

Tier = Literal["VVIP", "VIP", "Member"]
Behaviour = Literal[
    "high_frequency_browsing",
    "wishlist_engagement",
    "email_responsive",
    "event_participation",
    "social_engagement",
    "service_interaction",
    "referral_activity",
    "repeat_purchase",
]

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
BEHAVIOURS: Final[tuple[Behaviour, ...]] = get_args(Behaviour)
BEHAVIOUR_NAMES: Final[dict[Behaviour, str]] = {
    "high_frequency_browsing": "高频浏览",
    "wishlist_engagement": "心愿单活跃",
    "email_responsive": "邮件响应",
    "event_participation": "活动参与",
    "social_engagement": "社交互动",
    "service_interaction": "客服互动",
    "referral_activity": "推荐好友",
    "repeat_purchase": "复购",
}


class Customer(State):
    """A customer of the house. `score` is 0 to 100, `annual_spend` in yuan, `email_response` a share from 0 to 1."""

    id: str
    name: str
    tier: Tier
    score: int
    annual_spend: int
    email_response: float
    behaviours: tuple[Behaviour, ...]
    note: str


class Selection(State):
    """Who is wanted. `size` is how many: None takes all that fit."""

    tiers: tuple[Tier, ...] = ("VVIP", "VIP")
    min_score: int = 80
    behaviours: tuple[Behaviour, ...] = ()
    """A customer needs all of them."""
    size: int | None = None


class Audience(State):
    """Who was picked, the best first, and which limits had to give way for the size that was asked for."""

    customers: tuple[Customer, ...]
    relaxed: tuple[str, ...] = ()

    def of_tier(self, tier: Tier) -> int:
        """How many of a tier are in it."""
        return sum(customer.tier == tier for customer in self.customers)

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that are in it, the highest first."""
        return tuple(tier for tier in TIERS if self.of_tier(tier))
