"""What the pack remembers of one session."""

from datetime import date
from typing import Literal

from shared.domains.base import State

Language = Literal["en", "zh", "ms"]

Missing = Literal["product", "size", "quantity", "offer"]
"""What the first line that is not clear yet waits for."""


class Wish(State):
    """One line of what somebody wants, as far as it is clear."""

    words: str
    """What the product is called, without amount and size."""
    quantity: int | None = None
    size: str | None = None
    sku: str | None = None
    """The product, once there is no doubt."""
    among: tuple[str, ...] = ()
    """SKUs that were shown before: one of them is meant where no name is said."""


class Draft(State):
    """An order, or what is added to one, that cannot be placed yet: one thing is asked at a time."""

    wishes: tuple[Wish, ...]
    missing: Missing
    options: tuple[str, ...] = ()
    """SKUs among which the question lets choose; for an offer, what is offered."""
    offered: int | None = None
    """How many are offered."""
    adds_to: str | None = None
    """The number of the order that it is added to; None: an order of its own."""
    deliver_on: date | None = None
    """The day that was asked for."""
    place: str | None = None
    """The place that was asked for."""


class OrdersState(State):
    """What the talk is about."""

    language: Language = "en"
    draft: Draft | None = None
    order: str | None = None
    """The number of the order that was placed or spoken of last."""
    needs_address: str | None = None
    """The number of an order that waits to be told where it goes."""
    altering: str | None = None
    """The words of a change that does not say which line it means."""
    considered: tuple[Wish, ...] = ()
    """Goods whose price or stock was asked in the turn before: an "ok" orders them."""
    cancelling: str | None = None
    """The number of an order that is cancelled after a yes."""
