"""Clock times and parts of the day in English and Chinese; their values are those of shared.domains.dates."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue

from services.agent.understanding.entities.calendar import Build, Rule, fixed, rule, whole
from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.gates import Gate
from services.agent.understanding.normalisation import Normalised

_PARTS: Final = {
    "凌晨": "night",
    "早上": "morning",
    "早晨": "morning",
    "上午": "morning",
    "中午": "noon",
    "下午": "afternoon",
    "傍晚": "evening",
    "晚上": "evening",
    "晚": "evening",
}
_MINUTES: Final = {"半": 30, "一刻": 15, "三刻": 45}
_PART: Final = "|".join(_PARTS)
_CN: Final = r"\d\d?|[一二两三四五六七八九十]{1,3}"
_LATER: Final = frozenset({"noon", "afternoon", "evening"})


def _time(hour: int, minute: int, meridiem: str) -> JsonValue:
    """A clock time; `meridiem` is "am", "pm" or empty."""
    if meridiem and hour <= 12:
        hour = hour % 12 + (12 if meridiem == "pm" else 0)
    if hour > 23 or minute > 59:
        return None
    if meridiem or hour > 12 or hour == 0:
        return {"hour": hour, "minute": minute}
    return {"hour": hour, "minute": minute, "meridiem": "unknown"}


def _meridiem(text: str | None) -> str:
    return (text or "").lower().replace(".", "")


def _clock(match: re.Match[str]) -> JsonValue:
    return _time(int(match["hour"]), int(match["minute"] or 0), _meridiem(match["meridiem"]))


def _shifted(minutes: int) -> Build:
    def build(match: re.Match[str]) -> JsonValue:
        hour = whole(match["hour"]) - (minutes < 0)
        return _time(hour, minutes % 60, _meridiem(match["meridiem"])) if 0 < hour <= 12 else None

    return build


def _part(match: re.Match[str]) -> JsonValue:
    return {"part": match["part"].lower()}


def _chinese(match: re.Match[str]) -> JsonValue:
    part = _PARTS.get(match["part"] or "")
    after = match["after"] or ""
    hour = whole(match["hour"])
    minute = _MINUTES.get(after) or (whole(after.removesuffix("分")) if after else 0)
    if not part:
        return _time(hour, minute, "")
    later = part in _LATER and not (part == "noon" and hour >= 10)
    return _time(hour, minute, "pm" if later or hour == 12 else "am")


def _chinese_part(match: re.Match[str]) -> JsonValue:
    return {"part": _PARTS[match["part"]]}


_HOUR: Final = r"(?P<hour>\d\d?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_AM_PM: Final = r"(?: ?(?P<meridiem>[ap]\.?m\b\.?))?"

_RULES: Final[tuple[Rule, ...]] = (
    rule("time", r"(?<![\d.:])(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))? ?(?P<meridiem>[ap]\.?m\b\.?)", _clock),
    rule("time", r"(?<![\d.:])(?P<hour>\d\d?):(?P<minute>\d\d)(?![\d:])(?P<meridiem>)", _clock),
    rule("time", r"(?<![\d.:])(?P<hour>\d\d?)(?P<minute>) ?o'? ?clock\b(?P<meridiem>)", _clock),
    rule(
        "time",
        r"(?<![a-z])at (?P<hour>[1-9]|1\d|2[0-3])(?P<minute>)(?P<meridiem>)"
        r"(?= ?(?:$|[,.!?](?!\d)|today|tomorrow|on |in the|this|next|please|instead|works|is |for ))",
        _clock,
    ),
    rule("time", rf"\bhalf past {_HOUR}{_AM_PM}\b", _shifted(30)),
    rule("time", rf"\bquarter past {_HOUR}{_AM_PM}\b", _shifted(15)),
    rule("time", rf"\bquarter to {_HOUR}{_AM_PM}\b", _shifted(-15)),
    rule("time", r"\b(?:midday|noon)\b", fixed({"part": "noon"})),
    rule("time", r"\bmidnight\b", fixed({"part": "midnight"})),
    rule("time", r"(?<!good )(?<!gud )\b(?P<part>morning|afternoon|evening|night)s?\b", _part),
    rule(
        "time",
        rf"(?P<part>{_PART})(?P<hour>{_CN})(?:点钟?|时|:)(?P<after>半|[一三]刻|(?:{_CN})分?)?",
        _chinese,
    ),
    rule("time", r"(?<![\d.])(?P<part>)(?P<hour>\d\d?)点钟?(?P<after>半|[一三]刻|\d\d?分?)?(?!\d)", _chinese),
    rule(
        "time",
        r"(?<=[天日号晚早周末一二三四五六])(?P<part>)(?P<hour>[两二三四五六七八九]|十[一二]?)点钟?(?P<after>半|[一三]刻)?",
        _chinese,
    ),
    rule("time", rf"(?P<part>{_PART})(?!好|安|上)", _chinese_part),
)

_GATE: Final = Gate(_RULES)


def read(words: Normalised, _: Situation) -> Iterator[Reading]:
    """The times in `words`."""
    for each in _GATE.passing(words):
        for match in each.pattern.finditer(words.text):
            value = each.build(match)
            if value is not None:
                yield Reading(each.kind, value, match.start(), match.end())
