"""Amounts of something, with ranges and bounds: money, percentages, areas, sizes, durations and counts.

The value is `{"amount": 90, ...}` or `{"low": 80, "high": 90, ...}` with `bound`: "max" (under, up to, 以内), "min"
(above, at least, 以上), "about" (around, 左右), "range" or "exact"; money adds `currency`, all others `unit`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import JsonValue

from services.agent.understanding.entities.numerals import CHINESE, DIGITS, WORDS, approximate, number, plain
from services.agent.understanding.entities.readings import Reading, Situation, preceded
from services.agent.understanding.entities.units import (
    BUDGET,
    COUNTED,
    CURRENCIES,
    DOLLARS,
    LEFT_BOUNDS,
    RIGHT_BOUNDS,
    SCALES,
    UNITS,
    Unit,
)
from services.agent.understanding.gates import Cue, Gate
from services.agent.understanding.normalisation import Normalised

_Found = TypeVar("_Found")

MONEY: Final = Unit("money", "")
COUNT: Final = Unit("count", "")

_FLAGS: Final = re.IGNORECASE | re.ASCII
_END: Final = r"(?![a-z])"


def _any(*choices: str) -> str:
    return "|".join(choices)


_SIGNS: Final = _any(*CURRENCIES, DOLLARS)
_AMOUNT: Final = re.compile(
    rf"(?:(?<![a-z])(?P<sign>{_SIGNS})\s*)?"
    rf"(?:(?(sign)|(?<![a-z0-9._#双])(?<![0-9],)(?<![a-z][a-z][a-z]-))(?P<digits>{DIGITS})|(?P<chinese>{CHINESE})"
    rf"|(?<![a-z])(?P<words>{WORDS}|an?(?= ))(?![a-z]))"
    rf"(?:\s*-?(?P<scale>{_any(*SCALES)}){_END}|(?![0-9]))"
    rf"(?:\s*-?(?P<currency>{_SIGNS}){_END}|\s*-?(?P<unit>{_any(*UNITS)}){_END})?",
    _FLAGS,
)
_GATE: Final = Gate(
    (Cue(re.compile(rf"\d|{CHINESE}|{WORDS}")), Cue(re.compile(r"(?<![a-z])an? (?:la|mi|cr|th|hu|bi)")))
)
"""Cheaper than the grammar, which finds nothing without one of these."""
_SIGN_BEFORE: Final = 24
"""A currency is written at most so far before its number."""
_NOUN: Final = re.compile(r"\s{1,3}(?:more |new |other )?([a-z]{3,20})(?![a-z])", _FLAGS)
_BETWEEN: Final = re.compile(r"\s*(?:-+|~|to|till|until|upto|through|and|到|至|和)\s*", _FLAGS)
_AND: Final = re.compile(r"\s*(?:and|和)\s*", _FLAGS)
_LEFT_OF_RANGE: Final = re.compile(r"(?:between|betwen|btw|from|介于|从)\s*$")
_LEFT: Final = {
    bound: re.compile(rf"(?:(?<![a-z])|(?<=[^\x00-\x7f]))(?:{words})\s*$") for bound, words in LEFT_BOUNDS.items()
}
_RIGHT: Final = {bound: re.compile(rf"\s*(?:{words}){_END}", _FLAGS) for bound, words in RIGHT_BOUNDS.items()}
_CURRENCY: Final = tuple((re.compile(words, _FLAGS), code) for words, code in CURRENCIES.items())
_SCALE: Final = tuple((re.compile(words, _FLAGS), factor) for words, factor in SCALES.items())
_UNIT: Final = tuple((re.compile(words, _FLAGS), unit) for words, unit in UNITS.items())
_NOT_NOUN_WORDS: Final = (
    "and or for the with from not more less than max min only but per each please are was were has have can will "
    "would should that this them these those years days months weeks"
)
_NOT_NOUNS: Final = frozenset(_NOT_NOUN_WORDS.split())


@dataclass(frozen=True, slots=True)
class Amount:
    """One number with what stands around it."""

    start: int
    end: int
    number: Decimal
    scale: Decimal | None
    currency: str | None
    unit: Unit | None
    word: bool
    """Written as a word, which alone is no evidence of a quantity: "one", 一."""
    low: Decimal | None = None
    """The lower end of what was left open: 两三万."""


def read(words: Normalised, situation: Situation) -> Iterator[Reading]:
    """The quantities in `words`."""
    amounts = list(_amounts(words, situation))
    place = 0
    while place < len(amounts):
        low = amounts[place]
        high = amounts[place + 1] if place + 1 < len(amounts) else None
        reading = _range(words, low, high, situation) if high else None
        place += 2 if reading else 1
        reading = reading or _single(words, low, situation)
        if reading:
            yield reading


def _amounts(words: Normalised, situation: Situation) -> Iterator[Amount]:
    cues = [found.start() for cue in _GATE.passing(words) if (found := cue.pattern.search(words.lower))]
    for match in _AMOUNT.finditer(words.text, max(0, min(cues) - _SIGN_BEFORE)) if cues else ():
        text = match["digits"] or match["chinese"] or match["words"]
        low, value = approximate(text) or (None, _value(text))
        if value is None or not _plausible(words, match, situation):
            continue
        scale = _lookup(_SCALE, match["scale"])
        if low is not None:
            low *= scale or 1
        if match["chinese"] and value >= 10**4:
            scale, value = Decimal(10**4) * (scale or 1), value / 10**4
        yield Amount(
            match.start(),
            match.end(),
            value,
            scale,
            _currency(match["sign"] or match["currency"], situation.currency),
            _lookup(_UNIT, match["unit"]),
            word=match["digits"] is None,
            low=low,
        )


def _value(text: str) -> Decimal | None:
    return Decimal(1) if text.lower() in ("a", "an") else number(text)


def _plausible(words: Normalised, match: re.Match[str], situation: Situation) -> bool:
    """Whether the letters after a number belong to it: no "2BHK", no "1234abc", no "5m" for five million."""
    scale, money = match["scale"], match["sign"] or match["currency"]
    if (match["words"] or "").lower() in ("a", "an"):
        return scale is not None and scale.lower() not in ("l", "m", "k", "b", "w")
    if scale in ("m", "b") or (scale == "l" and situation.currency != "INR"):
        return money is not None
    after = words.lower[match.end() : match.end() + 1]
    glued = after.isascii() and (after.isalnum() or after == "_")
    return not glued or any((scale, money, match["unit"], match["words"]))


def _lookup(table: tuple[tuple[re.Pattern[str], _Found], ...], text: str | None) -> _Found | None:
    return next((found for pattern, found in table if text and pattern.fullmatch(text)), None)


def _currency(text: str | None, default: str) -> str | None:
    """The code of a written currency; `$` and ¥ mean the pack's own where that is a dollar or the yen."""
    if text is None:
        return None
    if re.fullmatch(DOLLARS, text, _FLAGS):
        return default if default.endswith("D") and default != "AED" else "USD"
    if text == "¥" and default == "JPY":
        return default
    return _lookup(_CURRENCY, text)


def _range(words: Normalised, low: Amount, high: Amount, situation: Situation) -> Reading | None:
    """Two amounts as one range; the first borrows what only the second says: "80-90 lakh"."""
    between = words.text[low.end : high.start]
    left = _LEFT_OF_RANGE.search(preceded(words, low.start))
    if not _BETWEEN.fullmatch(between) or (_AND.fullmatch(between) and not left):
        return None
    unit = _unit(words, high, situation) if not low.currency else MONEY
    if unit is None or not _alike(low.unit, high.unit) or not _alike(low.currency, high.currency):
        return None
    first, last = _ends(low, high)
    if first >= last:
        return None
    start = low.start - len(left[0]) if left else low.start
    value: dict[str, JsonValue] = {"low": plain(first), "high": plain(last), "bound": "range"}
    return Reading(unit.kind, _with_unit(value, unit, high, low.currency, situation), start, high.end)


def _alike(low: _Found | None, high: _Found | None) -> bool:
    return low is None or high is None or low == high


def _ends(low: Amount, high: Amount) -> tuple[Decimal, Decimal]:
    """Both numbers of a range; "$500-1M" begins at 500 and "80-90 lakh" at 80 lakh."""
    last = high.number * (high.scale or 1)
    borrowed = low.number * (low.scale or high.scale or 1)
    return (borrowed if borrowed < last else low.number * (low.scale or 1)), last


def _single(words: Normalised, amount: Amount, situation: Situation) -> Reading | None:
    unit = _unit(words, amount, situation)
    if unit is None:
        return None
    bound, start, end = _bound(words, amount.start, amount.end)
    high = plain(amount.number * (amount.scale or 1))
    value: dict[str, JsonValue] = {"amount": high, "bound": bound}
    if amount.low is not None and bound in ("exact", "about"):
        value = {"low": plain(amount.low), "high": high, "bound": "range"}
    return Reading(unit.kind, _with_unit(value, unit, amount, None, situation), start, end)


def _with_unit(
    value: dict[str, JsonValue], unit: Unit, amount: Amount, currency: str | None, situation: Situation
) -> JsonValue:
    if unit.kind == MONEY.kind:
        return {**value, "currency": amount.currency or currency or situation.currency}
    return {**value, "unit": unit.name or None}


def _unit(words: Normalised, amount: Amount, situation: Situation) -> Unit | None:
    """What an amount is of; None where a number is no quantity."""
    if amount.currency:
        return MONEY
    if amount.unit:
        return None if amount.word and amount.number == 1 and amount.scale is None else amount.unit
    noun = _noun(words, amount.end)
    if amount.scale and amount.scale >= 1000:
        return Unit("count", noun) if noun and COUNTED.fullmatch(noun) else MONEY
    if amount.word:
        return Unit("count", noun) if noun and noun != "one" and amount.number > 1 else None
    if BUDGET.search(preceded(words, amount.start)) and amount.number >= 1000:
        return MONEY
    return Unit("count", noun) if noun else COUNT


def _noun(words: Normalised, end: int) -> str:
    match = _NOUN.match(words.lower, end)
    return match[1] if match and match[1] not in _NOT_NOUNS else ""


def _bound(words: Normalised, start: int, end: int) -> tuple[str, int, int]:
    """The bound of an amount and the place with the words that say it."""
    for bound, pattern in _RIGHT.items():
        if after := pattern.match(words.text, end):
            return bound, _widened(words, start), after.end()
    for bound, pattern in _LEFT.items():
        if before := pattern.search(preceded(words, start)):
            return bound, start - len(before[0]), end
    return "exact", start, end


def _widened(words: Normalised, start: int) -> int:
    """控制在50万以内: the words before an amount belong to it as well."""
    before = next((found for pattern in _LEFT.values() if (found := pattern.search(preceded(words, start)))), None)
    return start - len(before[0]) if before else start
