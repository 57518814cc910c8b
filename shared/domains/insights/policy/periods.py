"""Periods and their names: months, quarters and years are called by them, anything else by its days."""

from calendar import monthrange
from datetime import date, timedelta

from shared.domains.insights.figures import Days
from shared.domains.insights.state import Period

_QUARTER = 3
_YEAR = 12


def named_period(days: Days) -> Period:
    """Some days with what people call them."""
    return Period(days=days, name=_name(days.first, days.last))


def last_month(today: date) -> Period:
    """The month before this one."""
    return last_months(today, 1)


def last_months(today: date, count: int) -> Period:
    """So many whole months before this one."""
    this = today.replace(day=1)
    return named_period(Days(first=_months_on(this, -count), last=this - timedelta(days=1)))


def year_before(period: Period) -> Period:
    """The same days a year earlier."""
    days = period.days
    return named_period(Days(first=_months_on(days.first, -_YEAR), last=_end_of_month_like(days.last, -_YEAR)))


def earlier(period: Period, which: str) -> Period:
    """The period that comes before: the one as long, or the same one a year ago when `which` speaks of years."""
    first, last = period.days.first, period.days.last
    if "year" in which or which == "yoy":
        return year_before(period)
    months = _months(first, last)
    if months:
        return named_period(Days(first=_months_on(first, -months), last=first - timedelta(days=1)))
    length = last - first
    return named_period(Days(first=first - length - timedelta(days=1), last=first - timedelta(days=1)))


def _name(first: date, last: date) -> str:
    months = _months(first, last)
    if months == 1:
        return f"{first:%B %Y}"
    if months == _QUARTER and first.month % _QUARTER == 1:
        return f"Q{(first.month + 2) // _QUARTER} {first.year}"
    if months == _YEAR and first.month == 1:
        return str(first.year)
    if months:
        start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
        return f"{start} to {last:%B %Y}"
    if first == last:
        return f"{first.day} {first:%B %Y}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _months(first: date, last: date) -> int:
    """How many whole months the days are; 0 when they are not."""
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        return 0
    return (last.year - first.year) * _YEAR + last.month - first.month + 1


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of_month_like(day: date, months: int) -> date:
    moved = _months_on(day, months)
    ends = day.day == monthrange(day.year, day.month)[1]
    return moved.replace(day=monthrange(moved.year, moved.month)[1]) if ends else moved
