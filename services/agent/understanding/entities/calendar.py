"""Words of the calendar, and how a rule of the date grammar turns a match into a value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import JsonValue

from services.agent.understanding.entities.numerals import number

Build = Callable[[re.Match[str]], JsonValue]

_FLAGS: Final = re.IGNORECASE | re.ASCII

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_NAMES: Final = (
    "january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|may|jun|jul|"
    "aug|sept?|oct|nov|dec"
)
_WEEKDAYS: Final = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAY_NAMES: Final = (
    "monday|mon|tuesday|tues|tue|wed(?:nes|nse|en|ns)day|wensday|wed|"
    "thurs?day|thurs|thur?|friday|fri|sat[ue]rday|sunday"
)
CHINESE_DAYS: Final[Mapping[str, int]] = {day: place for place, day in enumerate("一二三四五六日", start=1)} | {"天": 7}
CHINESE_UNITS: Final[Mapping[str, str]] = {
    "天": "days",
    "日": "days",
    "周": "weeks",
    "星期": "weeks",
    "个星期": "weeks",
    "礼拜": "weeks",
    "个礼拜": "weeks",
    "月": "months",
    "个月": "months",
    "季度": "quarters",
    "个季度": "quarters",
    "年": "years",
}
QUARTERS: Final[Mapping[str, int]] = {
    name: place
    for names in ("q1 q2 q3 q4", "first second third fourth", "1st 2nd 3rd 4th", "1 2 3 4", "一 二 三 四")
    for place, name in enumerate(names.split(), start=1)
}
YEAR: Final = r"(?:19|20)\d\d"


@dataclass(frozen=True, slots=True)
class Rule:
    """An expression, the kind of what it finds, and its value; None: it was no date after all."""

    kind: str
    pattern: re.Pattern[str]
    build: Build


def rule(kind: str, pattern: str, build: Build) -> Rule:
    return Rule(kind, re.compile(pattern, _FLAGS), build)


def fixed(value: JsonValue) -> Build:
    """The same value for every match."""
    return lambda _: value


def month_number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def weekday_number(name: str) -> int:
    return _WEEKDAYS.index(name[:3].lower()) + 1


def whole(text: str) -> int:
    """A small whole number, however written."""
    value = number(text)
    return int(value) if value is not None else 1


def day_of_year(day: int, month: int, year: str | None = None) -> JsonValue:
    if year:
        return valid(f"{int(year):04}-{month:02}-{day:02}")
    return valid(f"2024-{month:02}-{day:02}") and {"month": month, "day": day}


def day_of_month(day: int) -> JsonValue:
    return {"day": day} if 1 <= day <= 31 else None


def valid(iso: str) -> JsonValue:
    """The day, where the calendar has it."""
    try:
        date.fromisoformat(iso)
    except ValueError:
        return None
    return {"date": iso}
