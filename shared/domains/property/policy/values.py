"""Entity values as the pack uses them. The understanding normalises; a value of an unknown form is ignored."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from pydantic import JsonValue

from shared.domains import dates

_ABOUT = 0.15
_SQUARE_FEET = {"sqft": 1.0, "sqm": 10.764}
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COUNT = re.compile(r"[1-9]\d?|one|two|three|four|five", re.IGNORECASE)
_DIRECTIONS = {
    "cheaper": re.compile(r"cheap|less expensive|lower|affordable|economical|budget|reduce|sast", re.IGNORECASE),
    "dearer": re.compile(r"costl|more expensive|pric(e|i)|premium|luxur|upscale|higher|high[- ]end", re.IGNORECASE),
    "bigger": re.compile(r"big|larg|spacious|roomier|bad[ai]", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts in rupees. A bare amount, with neither bound given, is only `amount`."""

    amount: int | None = None
    low: int | None = None
    high: int | None = None

    @property
    def figure(self) -> int | None:
        """The one amount that was named, whichever way."""
        return self.amount or self.high or self.low


def money(value: JsonValue) -> Money | None:
    """An amount with its bound: "under" is only `high`, "around" 15 % either way."""
    if not isinstance(value, dict):
        return None
    low, high, amount = (_whole(value.get(key)) for key in ("low", "high", "amount"))
    if amount is None:
        return Money(low=low, high=high) if low or high else None
    match value.get("bound"):
        case "max":
            return Money(high=amount)
        case "min":
            return Money(low=amount)
        case "about":
            return Money(low=round(amount * (1 - _ABOUT)), high=round(amount * (1 + _ABOUT)))
        case _:
            return Money(amount=amount)


def bedrooms(words: Iterable[str]) -> tuple[int, ...]:
    """Bedroom counts: "2/3", "two or three", "2"."""
    counts = (_WORDS.get(each.lower()) or int(each) for word in words for each in _COUNT.findall(word))
    return tuple(sorted(set(counts)))


def direction(word: str) -> str:
    """Which way a search should go: cheaper, dearer, bigger, or simply more of the same."""
    return next((name for name, pattern in _DIRECTIONS.items() if pattern.search(word)), "more")


def day(value: JsonValue, today: date) -> date | None:
    """The day that a date means, seen from today: of a weekend its first day to come, of a longer period none."""
    try:
        first, last = dates.span(value, today)
    except ValueError:
        return None
    if (last - first).days > 1:
        return None
    return first if first >= today else last


def clock(value: JsonValue) -> time | None:
    """A time of day; a part of the day is one time in it."""
    try:
        return dates.clock(value)
    except ValueError:
        return None


def area(value: JsonValue) -> int | None:
    """A size in square feet."""
    if not isinstance(value, dict):
        return None
    size = _number(value.get("amount")) or _number(value.get("low"))
    factor = _SQUARE_FEET.get(str(value.get("unit")))
    return round(size * factor) if size and factor else None


def years(value: JsonValue) -> int | None:
    """A duration in whole years."""
    if not isinstance(value, dict):
        return None
    amount = _number(value.get("amount"))
    months = {"years": 12, "months": 1}.get(str(value.get("unit")))
    return round(amount * months / 12) or None if amount and months else None


def numbers(found: Iterable[JsonValue]) -> Iterator[int]:
    """Whole numbers of nothing in particular."""
    for value in found:
        amount = _whole(value.get("amount")) if isinstance(value, dict) and not value.get("unit") else None
        if amount is not None:
            yield amount


def percents(found: Iterable[JsonValue]) -> Iterator[float]:
    """Percentages as 8.5 for 8.5 %."""
    for value in found:
        amount = _number(value.get("amount")) if isinstance(value, dict) else None
        if amount is not None:
            yield amount


def place(value: JsonValue) -> int | None:
    """A place in a list: 1 is the first, -1 the last."""
    return _whole(value) or None


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: JsonValue) -> int | None:
    number = _number(value)
    return None if number is None else round(number)
