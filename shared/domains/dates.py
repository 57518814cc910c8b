"""Turns the dates and times that were understood, which know no "now", into days and clock times.

A value is one of these objects; weekdays are ISO (Monday is 1):

- a day: `{"date": "2026-12-25"}`, `{"month": 12, "day": 25}`, `{"day": 25}`, `{"relative": {"days": 1}}`,
  `{"weekday": 6, "which": "coming" | "this" | "next" | "last"}`, `{"weekday": 3, "week": -1}`
- a period: `{"period": "week" | "month" | "quarter" | "year", "offset": -1}` (with `"to_date": true` up to today),
  `{"weekend": 0}` (offset in weeks), `{"last": {"days": 30}}`, `{"next": {"weeks": 2}}`, `{"year": 2025}`,
  `{"quarter": 3}`, `{"month": 3}`, each with an optional `"year"`, or `"which"` where they name none
- a time: `{"hour": 16, "minute": 30}`, with `"meridiem": "unknown"` where am or pm was left open,
  or `{"part": "morning"}`
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any, Final

PARTS: Final[Mapping[str, time]] = {
    "morning": time(10),
    "noon": time(12),
    "afternoon": time(15),
    "evening": time(18),
    "night": time(20),
    "midnight": time(0),
}
"""The clock time that stands for a part of the day."""

MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "year": 12}

MALAY_MONTHS: Final = (
    *("Januari", "Februari", "Mac", "April", "Mei", "Jun"),
    *("Julai", "Ogos", "September", "Oktober", "November", "Disember"),
)

Days = tuple[date, date]


def resolve(value: Any, today: date) -> date:
    """The day a date names, or the first day of a period. ValueError: the value is no date."""
    return span(value, today)[0]


def span(value: Any, today: date) -> Days:
    """The first and the last day that a date or period covers. ValueError: the value is neither."""
    if isinstance(value, Mapping):
        for key, reading in _READINGS:
            if key in value:
                return reading(value, today)
    raise ValueError(f"not a date: {value!r}")


def clock(value: Any) -> time:
    """The clock time that a time names; hours 1 to 7 without am or pm are afternoon. ValueError: it is no time."""
    if isinstance(value, Mapping) and value.get("part") in PARTS:
        return PARTS[value["part"]]
    if isinstance(value, Mapping) and "hour" in value:
        hour = value["hour"]
        later = value.get("meridiem") == "unknown" and 1 <= hour <= 7
        return time(hour + 12 if later else hour, value.get("minute", 0))
    raise ValueError(f"not a time: {value!r}")


def _day(day: date) -> Days:
    return day, day


def _absolute(value: Mapping[str, Any], _: date) -> Days:
    return _day(date.fromisoformat(value["date"]))


def _relative(value: Mapping[str, Any], today: date) -> Days:
    return _day(_moved(today, value["relative"]))


def _weekday(value: Mapping[str, Any], today: date) -> Days:
    monday = today - timedelta(days=today.isoweekday() - 1)
    in_week = monday + timedelta(days=value["weekday"] - 1)
    if "week" in value:
        return _day(in_week + timedelta(weeks=value["week"]))
    match value["which"]:
        case "next":
            return _day(in_week + timedelta(weeks=1))
        case "last":
            return _day(in_week if in_week < today else in_week - timedelta(weeks=1))
        case "this":
            return _day(in_week if in_week >= today else in_week + timedelta(weeks=1))
        case _:
            return _day(in_week if in_week > today else in_week + timedelta(weeks=1))


def _weekend(value: Mapping[str, Any], today: date) -> Days:
    saturday = today + timedelta(days=6 - today.isoweekday(), weeks=value["weekend"])
    sunday = saturday + timedelta(days=1)
    return (today if today == sunday else saturday), sunday


def _trailing(value: Mapping[str, Any], today: date) -> Days:
    return _moved(today, {unit: -count for unit, count in value["last"].items()}) + timedelta(days=1), today


def _leading(value: Mapping[str, Any], today: date) -> Days:
    return today, _moved(today, value["next"]) - timedelta(days=1)


def _period(value: Mapping[str, Any], today: date) -> Days:
    first, last = _period_around(value["period"], value["offset"], today)
    return first, today if value.get("to_date") else last


def _period_around(period: str, offset: int, today: date) -> Days:
    if period == "week":
        monday = today + timedelta(days=1 - today.isoweekday(), weeks=offset)
        return monday, monday + timedelta(days=6)
    length = MONTHS[period]
    first = _months_on(today.replace(day=1, month=(today.month - 1) // length * length + 1), offset * length)
    return first, _months_on(first, length) - timedelta(days=1)


def _calendar_day(value: Mapping[str, Any], today: date) -> Days:
    """The next such day, today included; years without a 29th of February and short months are passed over."""
    month, day = value.get("month"), value["day"]
    first = today.replace(day=1)
    for ahead in range(12 * 9):
        candidate = _months_on(first, ahead)
        if month in (None, candidate.month) and day <= monthrange(candidate.year, candidate.month)[1]:
            found = candidate.replace(day=day)
            if found >= today:
                return _day(found)
    raise ValueError(f"no such day: {value!r}")


def _calendar_month(value: Mapping[str, Any], today: date) -> Days:
    return _calendar_period(value, today, value["month"], 1)


def _calendar_quarter(value: Mapping[str, Any], today: date) -> Days:
    return _calendar_period(value, today, value["quarter"] * 3 - 2, 3)


def _calendar_year(value: Mapping[str, Any], today: date) -> Days:
    return _calendar_period(value, today, 1, 12)


def _calendar_period(value: Mapping[str, Any], today: date, month: int, length: int) -> Days:
    first = date(value.get("year", today.year), month, 1)
    last = _months_on(first, length) - timedelta(days=1)
    which = value.get("which")
    if which == "last" and last >= today:
        first = _months_on(first, -12)
    elif which == "next" and first <= today:
        first = _months_on(first, 12)
    return first, _months_on(first, length) - timedelta(days=1)


def _moved(day: date, by: Mapping[str, int]) -> date:
    moved = _months_on(day, by.get("months", 0) + 12 * by.get("years", 0))
    return moved + timedelta(days=by.get("days", 0), weeks=by.get("weeks", 0))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_READINGS: Final[tuple[tuple[str, Callable[[Mapping[str, Any], date], Days]], ...]] = (
    ("date", _absolute),
    ("relative", _relative),
    ("weekday", _weekday),
    ("weekend", _weekend),
    ("last", _trailing),
    ("next", _leading),
    ("period", _period),
    ("day", _calendar_day),
    ("month", _calendar_month),
    ("quarter", _calendar_quarter),
    ("year", _calendar_year),
)
