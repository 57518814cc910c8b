"""Visits as a calendar that other programs subscribe to: iCalendar, RFC 5545. Pure.

No METHOD, so a DTSTAMP is when its visit was changed last, and the same visits are the same bytes at every poll.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from shared.domains.property.listings import BookedVisit
from shared.domains.property.sales.views import Contact

_ZONE: Final = "Asia/Kolkata"
_LASTS: Final = timedelta(hours=1)
_POLLED: Final = timedelta(minutes=15)


def calendar(visits: Iterable[BookedVisit], people: Mapping[str, Contact]) -> bytes:
    """The visits, cancelled ones too, so that they vanish from calendars that have them."""
    made = Calendar()
    made.add("prodid", "-//Parley//Site visits//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("name", "Site visits")
    made.add("x-wr-calname", "Site visits")
    made.add("refresh-interval", _POLLED, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT15M")
    made.add_component(_india())
    for visit in visits:
        made.add_component(_event(visit, people[visit.user_id]))
    return bytes(made.to_ical())


def _india() -> Timezone:
    """Half past five ahead, all the year round, as long as there are calendars."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - a zone's own times have none
    standard.add("tzname", "IST")
    standard.add("tzoffsetfrom", timedelta(hours=5, minutes=30))
    standard.add("tzoffsetto", timedelta(hours=5, minutes=30))
    zone = Timezone()
    zone.add("tzid", _ZONE)
    zone.add_component(standard)
    return zone


def _event(visit: BookedVisit, who: Contact) -> Event:
    starts_at = visit.starts_at.astimezone(ZoneInfo(_ZONE))
    event = Event()
    event.add("uid", str(visit.id))
    event.add("dtstamp", visit.changed_at.astimezone(UTC))
    event.add("created", visit.requested_at.astimezone(UTC))
    event.add("last-modified", visit.changed_at.astimezone(UTC))
    event.add("sequence", visit.revision)
    event.add("status", "CANCELLED" if visit.cancelled_at else "CONFIRMED")
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + _LASTS)
    event.add("summary", f"{visit.project}: {who.name or who.user_id}")
    event.add("location", f"{visit.project}, {visit.locality}, {visit.city}")
    if visit.latitude is not None and visit.longitude is not None:
        event.add("geo", (visit.latitude, visit.longitude))
    reached = [f"Phone: {who.phone}" if who.phone else "", f"E-mail: {who.email}" if who.email else ""]
    event.add("description", "\n".join(("Visit to the site.", *filter(None, reached))))
    return event
