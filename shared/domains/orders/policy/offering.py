"""What is offered where the stock is short: fewer of it, or the nearest size that is there in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domains.orders.catalogue import Product
from shared.domains.orders.policy.context import Ask
from shared.domains.orders.words import called, day


@dataclass(frozen=True, slots=True)
class Offer:
    """So many of a product, in words."""

    product: Product
    quantity: int
    text: str


def offer_of(ask: Ask, product: Product, quantity: int, products: Sequence[Product]) -> Offer | None:
    """What is there of a product, or else the nearest size of the same that is there in full."""
    more = more_on(ask, product)
    name = called(product, ask.language)
    if product.stock:
        text = ask.say("offer_fewer", name=name, stock=f"{product.stock:,}", more=more)
        return Offer(product, product.stock, text)
    like = [each for each in products if each.category == product.category and each.stock >= quantity]
    other = min(like, key=lambda each: _distance(each, product), default=None)
    if other is None:
        return None
    named = called(other, ask.language)
    return Offer(other, quantity, ask.say("offer_other", name=name, more=more, quantity=f"{quantity:,}", other=named))


def more_on(ask: Ask, product: Product) -> str:
    """When more of a product arrives; empty where nobody knows."""
    return ask.say("more_on", day=day(product.restock_on, ask.language)) if product.restock_on else ""


def _distance(one: Product, other: Product) -> tuple[float, str]:
    """How far apart two sizes are."""
    return abs(_number(one) - _number(other)), one.sku


def _number(product: Product) -> float:
    number = (product.size or "").partition(" ")[0]
    return float(number) if number.replace(".", "").isdigit() else 0.0
