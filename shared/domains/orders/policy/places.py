"""When and where people want their goods, out of their words. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from shared.domains.base import Turn
from shared.domains.dates import resolve
from shared.domains.orders.catalogue import Outlet
from shared.domains.orders.state import OrdersState

_TIMES: Final = frozenset({"date", "period", "time"})
_BEFORE_DAY: Final = re.compile(r"(?:\b(?:on|by|for|before|until|pada|hari|sebelum|untuk)\s+|在)$", re.IGNORECASE)
_MALAY_DAYS: Final[Mapping[str, int]] = {
    "isnin": 1, "selasa": 2, "rabu": 3, "khamis": 4, "jumaat": 5, "sabtu": 6, "ahad": 7,
}  # fmt: skip
_MALAY_DAY: Final = re.compile(rf"\b(?:(?P<ahead>esok|lusa)|(?P<weekday>{'|'.join(_MALAY_DAYS)}))\b", re.IGNORECASE)
_PLACE: Final = re.compile(
    r"(?:\b(?:and |please )?(?:deliver(?:y|ed)?|ship(?:ped)?|send|bring)(?: it| them| this| everything)? to\b"
    r"|\bhantar ke\b|送[到去])[:：]?(?P<place>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_OUTLET_CODE: Final = re.compile(r"\bOUT-?\s?(?P<digits>\d+)\b", re.IGNORECASE)
_TELLING: Final = 4
"""Letters of a word that tells outlets apart."""
_NO_PLACE: Final = re.compile(r"^(?:us|me|kami|saya|我们|我|our|the usual|here)\b", re.IGNORECASE)


def wanted_day(turn: Turn[OrdersState], text: str, today: date) -> date | None:
    """The day that is named, if it lies ahead."""
    named = [each.value for each in turn.understood.entities if each.kind == "date"]
    days = [day for value in named if (day := _day(value, today)) is not None]
    malay = _MALAY_DAY.search(text)
    if malay is not None:
        days.append(today + timedelta(days=_days_ahead(malay, today)))
    return next((day for day in days if day > today), None)


def without_days(turn: Turn[OrdersState], text: str) -> str:
    """The words without the days and times in them, whose numbers are no amounts."""
    for entity in sorted(turn.understood.entities, key=lambda each: -each.start):
        if entity.kind in _TIMES:
            before = _BEFORE_DAY.sub("", text[: entity.start])
            text = f"{before} {text[entity.end :]}"
    return _MALAY_DAY.sub(" ", text)


def split_place(text: str) -> tuple[str, str | None]:
    """The words without "deliver to ..." at their end, and the place that is named there."""
    found = _PLACE.search(text)
    place = "" if found is None else found["place"].strip(" .!。！\n")
    if found is None or not place or _NO_PLACE.search(place):
        return text, None
    return text[: found.start()], place


def outlet_in(text: str, outlets: Sequence[Outlet]) -> Outlet | None:
    """The outlet that is named, by its code or its name."""
    code = _OUTLET_CODE.search(text)
    if code is not None:
        wanted = f"OUT-{int(code['digits']):02d}"
        return next((each for each in outlets if each.outlet_id == wanted), None)
    named = [each for each in outlets if each.name.lower() in text.lower()] or _alluded_to(text, outlets)
    return named[0] if len(named) == 1 else None


def _alluded_to(text: str, outlets: Sequence[Outlet]) -> list[Outlet]:
    """The outlets of which a word is said: "the Jurong one". With a number it is an address that may hold the word."""
    if any(letter.isdigit() for letter in text):
        return []
    words = {word for word in re.findall(r"[a-z]+", text.lower()) if len(word) >= _TELLING}
    return [each for each in outlets if words & set(re.findall(r"[a-z]+", each.name.lower()))]


def _day(value: object, today: date) -> date | None:
    try:
        return resolve(value, today)
    except ValueError:
        return None


def _days_ahead(named: re.Match[str], today: date) -> int:
    if named["ahead"]:
        return 1 if named["ahead"].lower() == "esok" else 2
    return (_MALAY_DAYS[named["weekday"].lower()] - today.isoweekday() - 1) % 7 + 1
