"""Numbers in digits, English words and Chinese numerals."""

import re
from decimal import Decimal
from typing import Final

DIGITS: Final = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?"
CHINESE: Final = r"(?:十几[千万亿]|[零〇一二两三四五六七八九十百千万亿]+半?)"

_OPEN: Final = re.compile(
    r"(?P<first>[一二两三四五六七八])(?P<second>[二三四五六七八九])(?P<unit>[十百千]?[万亿]?)|十几(?P<teens>[千万亿])"
)

_UNIT_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TEN_WORDS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS: Final = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS: Final = {word: value * 10 for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_PHRASES: Final = {
    "half a": Decimal("0.5"),
    "half": Decimal("0.5"),
    "a couple of": Decimal(2),
    "one and a half": Decimal("1.5"),
    "a dozen": Decimal(12),
}
_SMALL: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
WORDS: Final = rf"(?:{'|'.join(_PHRASES)}|(?:{'|'.join(_TENS)})(?:[ -](?:{_SMALL}))?|{_SMALL})"

_CHINESE_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_CHINESE_DIGITS.update({"六": 6, "七": 7, "八": 8, "九": 9})
_CHINESE_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_CHINESE_SECTIONS: Final = {"万": 10**4, "亿": 10**8}


def number(text: str) -> Decimal | None:
    """The value of a numeral, None where it is none."""
    if re.fullmatch(DIGITS, text, re.ASCII):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(CHINESE, text) and "几" not in text:
        return _chinese(text)
    lower = text.lower().replace("-", " ")
    if lower in _PHRASES:
        return _PHRASES[lower]
    parts = lower.split()
    if parts and all(part in _UNITS or part in _TENS for part in parts):
        return Decimal(sum(_UNITS.get(part, _TENS.get(part, 0)) for part in parts))
    return None


def approximate(text: str) -> tuple[Decimal, Decimal] | None:
    """Both ends of what is left open between two neighbouring digits: 两三万, 十几万."""
    match = _OPEN.fullmatch(text)
    if match is None:
        return None
    if match["teens"]:
        unit = _chinese("一" + match["teens"])
        return 10 * unit, 20 * unit
    first, second = _CHINESE_DIGITS[match["first"]], _CHINESE_DIGITS[match["second"]]
    unit = _chinese("一" + match["unit"]) if match["unit"] else Decimal(1)
    return (first * unit, second * unit) if second == first + 1 else None


def plain(value: Decimal) -> int | float:
    """A number for JSON: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _chinese(text: str) -> Decimal:
    total = section = digit = 0
    unit = 1
    for character in text.removesuffix("半"):
        if character in _CHINESE_UNITS:
            unit = _CHINESE_UNITS[character]
            section, digit = section + (digit or 1) * unit, 0
        elif character in _CHINESE_SECTIONS:
            unit = _CHINESE_SECTIONS[character]
            total, section, digit = (total + section + digit or 1) * unit, 0, 0
        elif character in "零〇":
            digit, unit = digit * 10, 1
        else:
            digit = digit * 10 + _CHINESE_DIGITS[character]
    spoken = digit * unit // 10 if unit >= 100 else digit
    half = Decimal(unit) / 2 if text.endswith("半") else Decimal(0)
    return total + section + spoken + half
