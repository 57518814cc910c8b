"""How the shop says things."""

from collections.abc import Iterable
from datetime import date

from shared.domains.shop.catalogue import Order, Product


def money(cents: int) -> str:
    """An amount: $129, $59.50."""
    return f"${cents / 100:,.2f}".removesuffix(".00")


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def day(moment: date) -> str:
    """A day: 5 March."""
    return f"{moment.day} {moment:%B}"


def card(product: Product) -> str:
    """A product in a list."""
    return f"{product.name} by {product.brand}, {money(product.price)}, rated {product.rating}"


def contents(order: Order) -> str:
    """What is in an order: "2 x Dry Tee and TrailRunner 2"."""
    return listed(f"{line.quantity} x {line.name}" if line.quantity > 1 else line.name for line in order.lines)
