"""What conversations with the shop lead to, for other systems."""

from typing import ClassVar
from uuid import UUID

from shared.events.outcomes import Outcome


class ReturnRequested(Outcome):
    """A customer sends an order back."""

    type: ClassVar[str] = "parley.shop.return-requested.v1"

    return_id: UUID
    order_id: str


class OrderCancelled(Outcome):
    """A customer called off an order that was not shipped yet."""

    type: ClassVar[str] = "parley.shop.order-cancelled.v1"

    order_id: str
