"""What the words of a turn name, in the shop's terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from shared.domains.base import Turn
from shared.domains.shop.state import ShopState
from shared.events.turns import Text

_SKU: Final = "SKU-"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was named or pointed at. Money in cents."""

    text: str
    products: tuple[str, ...]
    """SKUs."""
    orders: tuple[str, ...]
    numbers: tuple[str, ...]
    """Bare numbers, which may be those of orders."""
    category: str | None
    brand: str | None
    colour: str | None
    size: str | None
    low: int | None
    high: int | None
    feature: str | None
    cheapest: bool
    more: bool
    everything: bool
    latest: bool
    aspects: bool

    @property
    def narrows(self) -> bool:
        """Whether it says what kind of product is wanted."""
        named = (self.category, self.brand, self.colour, self.size, self.low, self.high, self.feature)
        return any(each is not None for each in named) or self.cheapest or self.more


def read(turn: Turn[ShopState]) -> Reading:
    """What this turn names."""
    found: dict[str, list[JsonValue]] = {}
    for entity in turn.understood.entities:
        found.setdefault(entity.kind, []).append(entity.value)
    kinds = {referent.id: referent.kind for referent in turn.dialogue.shown}
    pointed = [str(value) for value in found.get("referent", ())]
    ids = [str(value) for value in found.get("id", ())]
    low, high = _bounds(found.get("money") or [each for each in found.get("count", ()) if _is_limit(each)])
    return Reading(
        text=turn.input.text if isinstance(turn.input, Text) else "",
        products=_distinct(
            *map(str, found.get("product", ())),
            *(each for each in ids if each.startswith(_SKU)),
            *(each for each in pointed if kinds.get(each) == "product"),
        ),
        orders=_distinct(
            *(each for each in ids if not each.startswith(_SKU)),
            *(each for each in pointed if kinds.get(each) == "order"),
        ),
        numbers=tuple(_number(value) for value in found.get("count", ())),
        category=_first(found, "category"),
        brand=_first(found, "brand"),
        colour=_first(found, "colour"),
        size=_upper(_first(found, "garment_size")),
        low=low,
        high=high,
        feature=_first(found, "feature"),
        cheapest="cheapest" in found,
        more="more" in found,
        everything="all" in found,
        latest="latest" in found,
        aspects="aspect" in found,
    )


def _first(found: Mapping[str, list[JsonValue]], kind: str) -> str | None:
    values = found.get(kind)
    return str(values[0]).lower() if values and kind == "feature" else str(values[0]) if values else None


def _number(value: JsonValue) -> str:
    return str(value.get("amount")) if isinstance(value, dict) else str(value)


def _upper(text: str | None) -> str | None:
    return None if text is None else text.upper()


def _is_limit(count: JsonValue) -> bool:
    """Whether a bare number is a price: "under 130"."""
    return isinstance(count, dict) and count.get("unit") is None and count.get("bound") in {"max", "min", "range"}


def _bounds(values: list[JsonValue]) -> tuple[int | None, int | None]:
    """The lowest and highest price, in cents; "around $100" is a fifth more or less."""
    for value in values:
        if not isinstance(value, dict):
            continue
        low, high, amount = (_cents(value.get(name)) for name in ("low", "high", "amount"))
        match value.get("bound"):
            case "max":
                return None, amount
            case "min":
                return amount, None
            case "range":
                return low, high
            case _:
                return (None, None) if amount is None else (amount * 4 // 5, amount * 6 // 5)
    return None, None


def _cents(value: JsonValue) -> int | None:
    return round(float(value) * 100) if isinstance(value, int | float) else None


def _distinct(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
