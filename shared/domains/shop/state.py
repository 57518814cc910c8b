"""What the pack remembers of one session."""

from typing import Literal

from shared.domains.base import State
from shared.domains.shop.catalogue import Wanted

Step = Literal["order_status", "return", "cancel_order", "details", "stock"]


class ShopState(State):
    """The search that stands, and what the talk is about."""

    wanted: Wanted = Wanted()
    seen: tuple[str, ...] = ()
    """Products already shown for this search."""
    product: str | None = None
    """The product that "it" means."""
    order: str | None = None
    """The order that was talked about last."""
    pending: Step | None = None
    """What waits for the answer to the open question."""
    confirming: str | None = None
    """An order to which `pending` is done after a yes."""
