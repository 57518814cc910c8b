"""The rules of dates and periods in Chinese."""

import re
from typing import Final

from pydantic import JsonValue

from services.agent.understanding.entities.calendar import (
    CHINESE_DAYS,
    CHINESE_UNITS,
    QUARTERS,
    YEAR,
    Rule,
    day_of_month,
    day_of_year,
    fixed,
    rule,
    whole,
)

_CN: Final = r"\d{1,3}|[一二两三四五六七八九十]{1,3}"
_UNIT: Final = "天|日|周|个?星期|个?礼拜|个月|月|个?季度|年"
_WEEK_OFFSETS: Final = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}


def _weekday(match: re.Match[str]) -> JsonValue:
    number = CHINESE_DAYS[match["day"]]
    week = match["week"]
    if not week:
        return {"weekday": number, "which": "coming"}
    return {"weekday": number, "which": "this"} if week in "这本" else {"weekday": number, "week": _WEEK_OFFSETS[week]}


def _relative(match: re.Match[str]) -> JsonValue:
    sign = 1 if "后" in match["where"] else -1
    return {"relative": {CHINESE_UNITS[match["unit"]]: sign * whole(match["n"])}}


def _several(match: re.Match[str]) -> JsonValue:
    unit, count = CHINESE_UNITS[match["unit"]], whole(match["n"])
    return {"last": {"months": 3 * count}} if unit == "quarters" else {"last": {unit: count}}


def _around(match: re.Match[str]) -> JsonValue:
    offset = _WEEK_OFFSETS.get(match["which"], 0)
    unit = CHINESE_UNITS[match["unit"]].removesuffix("s")
    return {"period": unit, "offset": offset}


def _quarter(match: re.Match[str]) -> JsonValue:
    value: dict[str, JsonValue] = {"quarter": QUARTERS[match["quarter"].lower()]}
    return {**value, "year": int(match["year"])} if match["year"] else value


def _month(match: re.Match[str]) -> JsonValue:
    month = whole(match["month"])
    if not 1 <= month <= 12:
        return None
    if match["day"]:
        return day_of_year(whole(match["day"]), month, match["year"])
    return {"month": month, "year": int(match["year"])} if match["year"] else {"month": month}


RULES: Final[tuple[Rule, ...]] = (
    rule("date", r"今[天日晚早]", fixed({"relative": {"days": 0}})),
    rule("date", r"明[天日晚早儿]", fixed({"relative": {"days": 1}})),
    rule("date", r"大后天", fixed({"relative": {"days": 3}})),
    rule("date", r"(?<!大)后天", fixed({"relative": {"days": 2}})),
    rule("date", r"昨[天日晚早]", fixed({"relative": {"days": -1}})),
    rule("date", r"(?<!大)前天", fixed({"relative": {"days": -2}})),
    rule(
        "date",
        r"(?<![一两三每])(?P<week>上上|下下|上|下|这|本)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?!次)",
        _weekday,
    ),
    rule(
        "date",
        r"(?P<week>上上|下下|上|下|这|本)?个?周末",
        lambda match: {"weekend": _WEEK_OFFSETS.get(match["week"] or "", 0)},
    ),
    rule(
        "date",
        rf"(?P<n>{_CN})(?P<unit>天|日|周|个?星期|个?礼拜|个月|年)(?P<where>之?后|以后|之?前(?![几N])|以前)",
        _relative,
    ),
    rule("period", rf"(?:最近|过去|近|前)的?(?P<n>{_CN})(?P<unit>{_UNIT})", _several),
    rule(
        "period",
        r"(?P<which>上上|下下|上|下|这|本|当)一?个?(?P<unit>月|周|星期|礼拜|季度|年)(?![一二三四五六日天份末])份?",
        _around,
    ),
    rule("period", r"去年", fixed({"period": "year", "offset": -1})),
    rule("period", r"今年以来|年初至今", fixed({"period": "year", "offset": 0, "to_date": True})),
    rule("period", r"今年(?!以来)", fixed({"period": "year", "offset": 0})),
    rule("period", r"明年", fixed({"period": "year", "offset": 1})),
    rule("period", r"前年", fixed({"period": "year", "offset": -2})),
    rule("period", rf"(?:(?P<year>{YEAR})年)?第?(?P<quarter>[1-4一二三四])季度", _quarter),
    rule(
        "date",
        rf"(?:(?P<year>{YEAR})年)?(?P<month>\d\d?|十[一二]?|[一二三四五六七八九])月(?P<day>\d\d?|[一二三]?十?[一二三四五六七八九十])[日号]",
        _month,
    ),
    rule(
        "period",
        rf"(?:(?P<year>{YEAR})年)?(?<![个\d])(?P<month>\d\d?|十[一二]?|(?<!十)[一二三四五六七八九])月(?:份|(?![\d一二三四五六七八九十]))(?P<day>)",
        _month,
    ),
    rule("period", rf"({YEAR})年(?![\d第])", lambda match: {"year": int(match[1])}),
    rule("date", r"(?<!\d)(\d\d?)号(?![线楼房码店院门桌])", lambda match: day_of_month(int(match[1]))),
)
