"""Numbers that are spelled out, as digits: "two hundred and fifty", "1.5k", "2 dozen", "dua ratus", 三百五十. Pure."""

import re
from collections.abc import Mapping
from typing import Final

_ONES: Final[Mapping[str, int]] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "lapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_TIMES: Final[Mapping[str, int]] = {
    "hundred": 100, "thousand": 1000, "k": 1000, "dozen": 12, "ratus": 100, "ribu": 1000, "lusin": 12, "seratus": 100,
    "seribu": 1000, "百": 100, "千": 1000, "万": 10_000, "打": 12,
}  # fmt: skip
_WITH_DIGITS: Final = re.compile(
    r"(?<![A-Za-z0-9.,-])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,3})?)\s*"
    r"(?P<times>k\b|hundred\b|thousand\b|dozen\b|ratus\b|ribu\b|lusin\b|[百千万]|打(?![包印折]))",
    re.IGNORECASE,
)
_HALF_A_DOZEN: Final = re.compile(r"\b(?:a )?half (?:a )?dozen\b|\bsetengah (?:dozen|lusin)\b|半打", re.IGNORECASE)
_NUMBER: Final = (
    rf"(?:{'|'.join(sorted((*_ONES, 'belas', 'puluh', *filter(str.isascii, _TIMES)), key=len, reverse=True))})"
)
_SPELLED: Final = re.compile(rf"\b(?:an?\s+)?{_NUMBER}(?:(?:\s+(?:and\s+)?|-){_NUMBER})*\b", re.IGNORECASE)
_UNCOUNTED: Final = re.compile(r"\b(?:the|those|these|few|several|some|which|yang)\s+$", re.IGNORECASE)
"""What makes of a number that follows no amount: "these two", "a few hundred"."""
_COUNTED: Final = re.compile(r"\s+(?:box|pack|roll|carton|bag|set|more\b|kotak|gulung|pek|beg)", re.IGNORECASE)
"""What "one" has to stand before, to be an amount."""

_DIGITS: Final[Mapping[str, int]] = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_PLACES: Final[Mapping[str, int]] = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_CHINESE: Final = re.compile(
    r"(?<![第上下这那哪每另周])(?:[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]*)"
    r"(?![零〇一二两三四五六七八九十百千万])(?:(?<=[百千万])|(?<=[百千万][二三四五六七八九]十)|(?<=[百千万][一二三四五六七八九])|(?=[个只盒包卷箱套张副双条根杯袋碗件支把份寸英吋盎安毫厘公升打]))"
)


def in_digits(text: str) -> str:
    """The text with every amount in digits."""
    text = _WITH_DIGITS.sub(_multiplied, _HALF_A_DOZEN.sub("6", text))
    return _CHINESE.sub(lambda found: str(_chinese(found.group())), _SPELLED.sub(_latin, text))


def _multiplied(found: re.Match[str]) -> str:
    return str(round(float(found["number"].replace(",", "")) * _TIMES[found["times"].lower()]))


def _latin(found: re.Match[str]) -> str:
    words = [word for word in re.split(r"[\s-]+", found.group().lower()) if word not in {"a", "an", "and"}]
    alone = words in (["one"], ["satu"]) and not _COUNTED.match(found.string, found.end())
    if alone or words in (["k"], ["puluh"], ["belas"]) or _UNCOUNTED.search(found.string, 0, found.start()):
        return found.group()
    return str(_value(words))


def _value(words: list[str]) -> int:
    thousands = hundreds = ones = 0
    for word in words:
        if word == "puluh":
            ones *= 10
        elif word == "belas":
            ones += 10
        elif word in _ONES:
            ones += _ONES[word]
        elif _TIMES[word] == 1000:
            thousands, hundreds, ones = thousands + max(hundreds + ones, 1) * 1000, 0, 0
        elif _TIMES[word] == 100:
            hundreds, ones = hundreds + max(ones, 1) * 100, 0
        else:
            hundreds, ones = 0, max(hundreds + ones, 1) * _TIMES[word]
    return thousands + hundreds + ones


def _chinese(numeral: str) -> int:
    total = digit = 0
    place = 1
    for letter in numeral:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
            place = 10 if digit == 0 else place
        elif _PLACES[letter] == 10_000:
            total, digit, place = (total + digit) * 10_000, 0, 10_000
        else:
            place = _PLACES[letter]
            total, digit = total + (digit or 1) * place, 0
    # 一百五 is 150: what follows a place without one of its own is of the next.
    return total + digit * (place // 10 if place > 10 else 1)
