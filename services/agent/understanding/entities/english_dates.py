"""The rules of dates and periods in English."""

import re
from typing import Final

from pydantic import JsonValue

from services.agent.understanding.entities.calendar import (
    DAY_NAMES,
    MONTH_NAMES,
    QUARTERS,
    YEAR,
    Build,
    Rule,
    day_of_month,
    day_of_year,
    fixed,
    month_number,
    rule,
    valid,
    weekday_number,
    whole,
)

_N: Final = r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
_UNIT: Final = "day|week|month|year"
_PERIOD: Final = "week|month|quarter|year"
_CUE: Final = r"(?:in|during|since|by|for|of|until|till|from|before|after|between|and|to|this|next|last|vs\.?|versus) "
_OFFSETS: Final = {"last": -1, "previous": -1, "prev": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_DAYS: Final = {"today": 0, "tonight": 0, "yesterday": -1}


def _iso(match: re.Match[str]) -> JsonValue:
    return valid(f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}")


def _day_month_year(match: re.Match[str]) -> JsonValue:
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    if month > 12:
        day, month = month, day
    return valid(f"{year + 2000 if year < 100 else year:04}-{month:02}-{day:02}")


def _month(match: re.Match[str]) -> JsonValue:
    value: dict[str, JsonValue] = {"month": month_number(match["month"])}
    if match["year"]:
        return {**value, "year": int(match["year"])}
    which = (match["which"] or "").lower().strip()
    return {**value, "which": which} if which in ("last", "next") else value


def _weekday(match: re.Match[str]) -> JsonValue:
    which = (match["which"] or "").lower().strip()
    number = weekday_number(match["day"])
    if match["later"]:
        return {"weekday": number, "week": 1}
    return {"weekday": number, "which": which if which in ("this", "next", "last") else "coming"}


def _relative(sign: int) -> Build:
    return lambda match: {"relative": {_units(match): sign * whole(match["n"])}}


def _several(match: re.Match[str]) -> JsonValue:
    direction = "next" if match["which"].lower() in ("next", "coming") else "last"
    unit, count = _units(match), whole(match["n"])
    return {direction: {"months": 3 * count}} if unit == "quarters" else {direction: {unit: count}}


def _around(match: re.Match[str]) -> JsonValue:
    offset = _OFFSETS[match["which"].lower()]
    unit = match["unit"].lower()
    return {"weekend": offset} if unit == "weekend" else {"period": unit, "offset": offset}


def _quarter(match: re.Match[str]) -> JsonValue:
    value: dict[str, JsonValue] = {"quarter": QUARTERS[match["quarter"].lower()]}
    return {**value, "year": int(match["year"])} if match["year"] else value


def _to_date(match: re.Match[str]) -> JsonValue:
    unit = {"y": "year", "m": "month", "q": "quarter"}[match[0][0].lower()]
    return {"period": unit, "offset": 0, "to_date": True}


def _units(match: re.Match[str]) -> str:
    return match["unit"].lower().removesuffix("s") + "s"


RULES: Final[tuple[Rule, ...]] = (
    rule("date", rf"(?<!\d)({YEAR})[-/.](\d\d?)[-/.](\d\d?)(?!\d)", _iso),
    rule("date", r"(?<![\d/.-])(\d\d?)[-/.](\d\d?)[-/.](\d{4}|\d\d)(?![\d/.-])", _day_month_year),
    rule(
        "date",
        rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?(?: of)? (?P<m>{MONTH_NAMES})\b(?:,? (?P<y>{YEAR}))?",
        lambda match: day_of_year(int(match["d"]), month_number(match["m"]), match["y"]),
    ),
    rule(
        "date",
        rf"\b(?P<m>{MONTH_NAMES}) (?P<d>\d\d?)(?:st|nd|rd|th)?(?![\d.%])(?:,? (?P<y>{YEAR})\b)?",
        lambda match: day_of_year(int(match["d"]), month_number(match["m"]), match["y"]),
    ),
    rule(
        "date",
        r"(?<=\bon )(\d\d?)/(\d\d?)(?![\d/])",
        lambda match: day_of_year(int(match[1]), int(match[2])) if 1 <= int(match[2]) <= 12 else None,
    ),
    rule(
        "date",
        r"\b(?:on|by|until|till|from|after|before) the (\d\d?)(?:st|nd|rd|th)\b",
        lambda m: day_of_month(int(m[1])),
    ),
    rule("date", r"^\W*the (\d\d?)(?:st|nd|rd|th)\W*$", lambda match: day_of_month(int(match[1]))),
    rule("period", rf"\b(?P<which>)(?P<month>{MONTH_NAMES})(?: of|,)? (?P<year>{YEAR})\b", _month),
    rule(
        "period",
        r"\b(?P<which>this |next |last )?(?P<month>january|february|april|june|july|august|"
        r"september|october|november|december)\b(?P<year>)",
        _month,
    ),
    rule("period", rf"\b{_CUE}(?P<which>(?:this |next |last )?)(?P<month>{MONTH_NAMES})\b(?P<year>)", _month),
    rule(
        "date",
        rf"\b(?P<which>this |next |last |coming )?(?P<day>{DAY_NAMES})\b(?P<later> (?:of )?next week)?",
        _weekday,
    ),
    rule(
        "date",
        r"\b(?:on|this|next|last|coming|by|until|till|every|or|and) (?P<which>)(?P<day>sat|sun)\b(?P<later>)",
        _weekday,
    ),
    rule("date", r"\b(?:the )?day after (?:tomm?orr?ow|tmrw?)\b", fixed({"relative": {"days": 2}})),
    rule("date", r"\b(?:the )?day before yesterday\b", fixed({"relative": {"days": -2}})),
    rule("date", r"\b(?:tom+or+ow|tomor+w|tomm?orow|tommorow|tmrw?|tmr|2mo?r+o?w)\b", fixed({"relative": {"days": 1}})),
    rule("date", r"\b(today|tonight|yesterday)\b", lambda match: {"relative": {"days": _DAYS[match[1].lower()]}}),
    rule("date", rf"\b(?:in|after|within) (?P<n>{_N}) (?P<unit>(?:day|week|month|year)s?)\b(?! ago)", _relative(1)),
    rule("date", rf"\b(?P<n>{_N}) (?P<unit>(?:day|week|month|year)s?) (?:from now|later|from today)\b", _relative(1)),
    rule("date", rf"\b(?P<n>{_N}) (?P<unit>(?:day|week|month|year)s?) ago\b", _relative(-1)),
    rule(
        "period", rf"\b(?P<which>last|past|previous|next|coming) (?P<n>{_N}) (?P<unit>(?:day|{_PERIOD})s?)\b", _several
    ),
    rule("date", r"\b(?P<which>this|next|last|coming) (?P<unit>weekend)\b", _around),
    rule("date", r"\b(?:on|over|during|in) (?:the )?weekends?\b", fixed({"weekend": 0})),
    rule(
        "period",
        rf"\b(?P<which>this|next|last|previous|prev|past|current|coming) (?P<unit>{_PERIOD})\b",
        _around,
    ),
    rule("period", r"\b(?:year|month|quarter)[ -]to[ -]date\b|\b[ymq]td\b", _to_date),
    rule(
        "period",
        rf"\b(?P<quarter>q[1-4]|(?:first|second|third|fourth|1st|2nd|3rd|4th)(?= quarter))(?: quarter)?"
        rf"(?:,? (?:of )?(?P<year>{YEAR}))?\b",
        _quarter,
    ),
    rule(
        "period",
        rf"\b(?:in|during|since|of|for|year|vs|and|from) ({YEAR})\b(?!\s*(?:sq|%|-))",
        lambda m: {"year": int(m[1])},
    ),
)
