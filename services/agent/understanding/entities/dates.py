"""Dates and periods in English and Chinese, each read only on an explicit cue. Values as in shared.domains.dates."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from pydantic import JsonValue

from services.agent.understanding.entities.calendar import (
    CHINESE_DAYS,
    CHINESE_UNITS,
    DAY_NAMES,
    MONTH_NAMES,
    QUARTERS,
    UNIT_NAMES,
    month_number,
    weekday_number,
    whole,
)
from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.normalisation import Normalised

Value = JsonValue
Build = Callable[[re.Match[str]], Value]

_FLAGS: Final = re.IGNORECASE | re.ASCII
_N: Final = r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
_CN: Final = r"\d{1,3}|[一二两三四五六七八九十]{1,3}"
_WHICH: Final = {"last": -1, "previous": -1, "prev": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_WEEK_OFFSETS: Final = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_DAYS: Final = {"today": 0, "tonight": 0, "yesterday": -1}
_AMBIGUOUS_CUE: Final = (
    r"(?:in|during|since|by|for|of|until|till|from|before|after|between|and|this|next|last|vs\.?|versus) "
)


def _iso(match: re.Match[str]) -> Value:
    return _valid({"date": f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}"})


def _day_month_year(match: re.Match[str]) -> Value:
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    if month > 12:
        day, month = month, day
    return _valid({"date": f"{year + 2000 if year < 100 else year:04}-{month:02}-{day:02}"})


def _valid(value: dict[str, JsonValue]) -> Value:
    try:
        date.fromisoformat(str(value["date"]))
    except ValueError:
        return None
    return value


def _calendar_day(day: str, month: int, year: str | None) -> Value:
    if year:
        return _valid({"date": f"{int(year):04}-{month:02}-{int(day):02}"})
    return _valid({"date": f"2024-{month:02}-{int(day):02}"}) and {"month": month, "day": int(day)}


def _day_of_month(day: str) -> Value:
    return {"day": int(day)} if 1 <= int(day) <= 31 else None


def _month(match: re.Match[str]) -> Value:
    value: dict[str, JsonValue] = {"month": month_number(match["month"])}
    if match["year"]:
        return {**value, "year": int(match["year"])}
    which = (match["which"] or "").lower().strip()
    return {**value, "which": which} if which in ("last", "next") else value


def _weekday(match: re.Match[str]) -> Value:
    which = (match["which"] or "").lower().strip()
    number = weekday_number(match["day"])
    if match["later"]:
        return {"weekday": number, "week": 1}
    return {"weekday": number, "which": which if which in ("this", "next", "last") else "coming"}


def _relative(sign: int) -> Build:
    return lambda match: {"relative": {UNIT_NAMES[match["unit"].lower().rstrip("s")]: sign * whole(match["n"])}}


def _several(match: re.Match[str]) -> Value:
    direction = "next" if match["which"].lower() in ("next", "coming") else "last"
    unit, count = UNIT_NAMES[match["unit"].lower().rstrip("s")], whole(match["n"])
    return {direction: {"months": 3 * count}} if unit == "quarters" else {direction: {unit: count}}


def _around(match: re.Match[str]) -> Value:
    offset = _WHICH[match["which"].lower()]
    unit = match["unit"].lower()
    return {"weekend": offset} if unit == "weekend" else {"period": unit, "offset": offset}


def _quarter(match: re.Match[str]) -> Value:
    value: dict[str, JsonValue] = {"quarter": QUARTERS[match["quarter"].lower()]}
    return {**value, "year": int(match["year"])} if match["year"] else value


def _chinese_weekday(match: re.Match[str]) -> Value:
    number = CHINESE_DAYS[match["day"]]
    week = match["week"]
    if not week:
        return {"weekday": number, "which": "coming"}
    return {"weekday": number, "which": "this"} if week in "这本" else {"weekday": number, "week": _WEEK_OFFSETS[week]}


def _chinese_relative(match: re.Match[str]) -> Value:
    sign = 1 if "后" in match["where"] else -1
    return {"relative": {CHINESE_UNITS[match["unit"]]: sign * whole(match["n"])}}


def _chinese_several(match: re.Match[str]) -> Value:
    unit, count = CHINESE_UNITS[match["unit"]], whole(match["n"])
    return {"last": {"months": 3 * count}} if unit == "quarters" else {"last": {unit: count}}


def _chinese_around(match: re.Match[str]) -> Value:
    offset = _WEEK_OFFSETS.get(match["which"], 0)
    unit = CHINESE_UNITS[match["unit"]].removesuffix("s")
    return {"period": unit, "offset": offset}


def _chinese_month(match: re.Match[str]) -> Value:
    month = whole(match["month"])
    if not 1 <= month <= 12:
        return None
    if match["day"]:
        return _calendar_day(str(whole(match["day"])), month, match["year"])
    return {"month": month, "year": int(match["year"])} if match["year"] else {"month": month}


def _fixed(value: Value) -> Build:
    return lambda _: value


def _to_date(match: re.Match[str]) -> Value:
    unit = {"y": "year", "m": "month", "q": "quarter"}[match[0][0].lower()]
    return {"period": unit, "offset": 0, "to_date": True}


_UNIT: Final = "day|week|month|quarter|year"
_CHINESE_UNIT: Final = "天|日|周|个?星期|个?礼拜|个月|月|个?季度|年"
_YEAR: Final = r"(?:19|20)\d\d"

_RULES: Final[tuple[tuple[str, str, Build], ...]] = (
    ("date", rf"(?<!\d)({_YEAR})[-/.](\d\d?)[-/.](\d\d?)(?!\d)", _iso),
    ("date", r"(?<![\d/.-])(\d\d?)[-/.](\d\d?)[-/.](\d{4}|\d\d)(?![\d/.-])", _day_month_year),
    (
        "date",
        rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?(?: of)? (?P<m>{MONTH_NAMES})\b(?:,? (?P<y>{_YEAR}))?",
        lambda match: _calendar_day(match["d"], month_number(match["m"]), match["y"]),
    ),
    (
        "date",
        rf"\b(?P<m>{MONTH_NAMES}) (?P<d>\d\d?)(?:st|nd|rd|th)?(?![\d.%])(?:,? (?P<y>{_YEAR})\b)?",
        lambda match: _calendar_day(match["d"], month_number(match["m"]), match["y"]),
    ),
    (
        "date",
        r"(?<=\bon )(\d\d?)/(\d\d?)(?![\d/])",
        lambda match: _calendar_day(match[1], int(match[2]), None) if 1 <= int(match[2]) <= 12 else None,
    ),
    ("date", r"\b(?:on|by|until|till|from|after|before) the (\d\d?)(?:st|nd|rd|th)\b", lambda m: _day_of_month(m[1])),
    ("period", rf"\b(?P<which>)(?P<month>{MONTH_NAMES})(?: of|,)? (?P<year>{_YEAR})\b", _month),
    (
        "period",
        rf"\b(?:(?<=\b)(?P<which>this |next |last )|(?<={'X'}))?(?P<month>january|february|april|june|july|august|"
        r"september|october|november|december)\b(?P<year>)",
        _month,
    ),
    ("period", rf"\b{_AMBIGUOUS_CUE}(?P<which>(?:this |next |last )?)(?P<month>{MONTH_NAMES})\b(?P<year>)", _month),
    (
        "date",
        rf"\b(?P<which>this |next |last |coming )?(?P<day>{DAY_NAMES})\b(?P<later> (?:of )?next week)?",
        _weekday,
    ),
    (
        "date",
        r"\b(?:on|this|next|last|coming|by|until|till|every|or|and) (?P<which>)(?P<day>sat|sun)\b(?P<later>)",
        _weekday,
    ),
    ("date", r"\b(?:the )?day after (?:tomm?orr?ow|tmrw?)\b", _fixed({"relative": {"days": 2}})),
    ("date", r"\b(?:the )?day before yesterday\b", _fixed({"relative": {"days": -2}})),
    ("date", r"\b(?:tom+or+ow|tomor+w|tomm?orow|tommorow|tmrw?|tmr|2mo?r+o?w)\b", _fixed({"relative": {"days": 1}})),
    ("date", r"\b(today|tonight|yesterday)\b", lambda match: {"relative": {"days": _DAYS[match[1].lower()]}}),
    ("date", rf"\b(?:in|after|within) (?P<n>{_N}) (?P<unit>(?:day|week|month|year)s?)\b(?! ago)", _relative(1)),
    ("date", rf"\b(?P<n>{_N}) (?P<unit>(?:day|week|month|year)s?) (?:from now|later|from today)\b", _relative(1)),
    ("date", rf"\b(?P<n>{_N}) (?P<unit>(?:day|week|month|year)s?) ago\b", _relative(-1)),
    ("period", rf"\b(?P<which>last|past|previous|next|coming) (?P<n>{_N}) (?P<unit>(?:{_UNIT})s?)\b", _several),
    ("date", r"\b(?P<which>this|next|last|coming) (?P<unit>weekend)\b", _around),
    ("date", r"\b(?:on|over|during|in) (?:the )?weekends?\b", _fixed({"weekend": 0})),
    (
        "period",
        rf"\b(?P<which>this|next|last|previous|prev|past|current|coming) (?P<unit>{_UNIT.removeprefix('day|')})\b",
        _around,
    ),
    ("period", r"\b(?:year|month|quarter)[ -]to[ -]date\b|\b[ymq]td\b", _to_date),
    (
        "period",
        rf"\b(?P<quarter>q[1-4]|(?:first|second|third|fourth|1st|2nd|3rd|4th)(?= quarter))(?: quarter)?"
        rf"(?:,? (?:of )?(?P<year>{_YEAR}))?\b",
        _quarter,
    ),
    (
        "period",
        rf"\b(?:in|during|since|of|for|year|vs|and|from) ({_YEAR})\b(?!\s*(?:sq|%|-))",
        lambda m: {"year": int(m[1])},
    ),
    ("date", r"今[天日晚早]", _fixed({"relative": {"days": 0}})),
    ("date", r"明[天日晚早儿]", _fixed({"relative": {"days": 1}})),
    ("date", r"大后天", _fixed({"relative": {"days": 3}})),
    ("date", r"(?<!大)后天", _fixed({"relative": {"days": 2}})),
    ("date", r"昨[天日晚早]", _fixed({"relative": {"days": -1}})),
    ("date", r"(?<!大)前天", _fixed({"relative": {"days": -2}})),
    (
        "date",
        r"(?<![一两三每])(?P<week>上上|下下|上|下|这|本)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?!次)",
        _chinese_weekday,
    ),
    (
        "date",
        r"(?P<week>上上|下下|上|下|这|本)?个?周末",
        lambda match: {"weekend": _WEEK_OFFSETS.get(match["week"] or "", 0)},
    ),
    (
        "date",
        rf"(?P<n>{_CN})(?P<unit>天|日|周|个?星期|个?礼拜|个月|年)(?P<where>之?后|以后|之?前(?![几N])|以前)",
        _chinese_relative,
    ),
    ("period", rf"(?:最近|过去|近|前)的?(?P<n>{_CN})(?P<unit>{_CHINESE_UNIT})", _chinese_several),
    (
        "period",
        r"(?P<which>上上|下下|上|下|这|本|当)一?个?(?P<unit>月|周|星期|礼拜|季度|年)(?![一二三四五六日天份末])份?",
        _chinese_around,
    ),
    ("period", r"去年", _fixed({"period": "year", "offset": -1})),
    ("period", r"今年以来|年初至今", _fixed({"period": "year", "offset": 0, "to_date": True})),
    ("period", r"今年(?!以来)", _fixed({"period": "year", "offset": 0})),
    ("period", r"明年", _fixed({"period": "year", "offset": 1})),
    ("period", r"前年", _fixed({"period": "year", "offset": -2})),
    ("period", rf"(?:(?P<year>{_YEAR})年)?第?(?P<quarter>[1-4一二三四])季度", _quarter),
    (
        "date",
        rf"(?:(?P<year>{_YEAR})年)?(?P<month>\d\d?|十[一二]?|[一二三四五六七八九])月(?P<day>\d\d?|[一二三]?十?[一二三四五六七八九十])[日号]",
        _chinese_month,
    ),
    (
        "period",
        rf"(?:(?P<year>{_YEAR})年)?(?<![个\d])(?P<month>\d\d?|十[一二]?|(?<!十)[一二三四五六七八九])月(?:份|(?![\d一二三四五六七八九十]))(?P<day>)",
        _chinese_month,
    ),
    ("period", rf"({_YEAR})年(?![\d第])", lambda match: {"year": int(match[1])}),
    ("date", r"(?<!\d)(\d\d?)号(?![线楼房码店院门桌])", lambda match: _day_of_month(match[1])),
)
_COMPILED: Final = tuple((kind, re.compile(pattern, _FLAGS), build) for kind, pattern, build in _RULES)
