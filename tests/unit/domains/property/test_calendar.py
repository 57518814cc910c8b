"""Visits as iCalendar, read back by a parser and by the letter of RFC 5545."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest

from shared.domains.property.listings import BookedVisit
from shared.domains.property.sales.calendar import calendar
from shared.domains.property.sales.views import Contact

REQUESTED = datetime(2026, 11, 20, 8, tzinfo=UTC)
FOUR_IN_INDIA = datetime(2026, 11, 28, 10, 30, tzinfo=UTC)
ASHA = Contact(user_id="asha", name="Asha Rao; née Iyer, \\ & सोहन", phone="+91 98450 12345", email="asha@example.org")


def visit(**more: object) -> BookedVisit:
    given = {
        "id": UUID(int=7),
        "user_id": "asha",
        "listing_id": "brigade-citrine",
        "project": "Brigade Citrine",
        "locality": "Whitefield",
        "city": "Bengaluru",
        "latitude": 12.97,
        "longitude": 77.75,
        "starts_at": FOUR_IN_INDIA,
        "requested_at": REQUESTED,
        "changed_at": REQUESTED,
        "revision": 0,
        "cancelled_at": None,
    }
    return BookedVisit.model_validate({**given, **more})


def made(*visits: BookedVisit, who: Contact = ASHA) -> bytes:
    return calendar(visits, {each.user_id: who for each in visits})


def event(content: bytes) -> Any:
    """The one event in it: what its properties are only a parser knows."""
    [found] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return found


def test_a_visit_is_an_event_where_and_when_it_takes_place() -> None:
    found = event(made(visit()))

    assert found.decoded("dtstart") == FOUR_IN_INDIA
    assert found["dtstart"].params["TZID"] == "Asia/Kolkata"
    assert found.decoded("dtend") - found.decoded("dtstart") == timedelta(hours=1)
    assert str(found["location"]) == "Brigade Citrine, Whitefield, Bengaluru"
    assert str(found["status"]) == "CONFIRMED"
    assert (found["geo"].latitude, found["geo"].longitude) == (12.97, 77.75)


def test_what_people_write_comes_back_as_it_was() -> None:
    found = event(made(visit()))

    assert str(found["summary"]) == f"Brigade Citrine: {ASHA.name}"
    assert str(found["description"]).splitlines()[1:] == ["Phone: +91 98450 12345", "E-mail: asha@example.org"]


def test_lines_end_in_crlf_and_are_folded_at_75_octets() -> None:
    long = ASHA.model_copy(update={"name": "आशा " * 60})
    content = made(visit(), who=long)

    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    for line in content.split(b"\r\n"):
        line.decode()
    assert str(event(content)["summary"]).startswith("Brigade Citrine: आशा आशा")


def test_text_is_escaped() -> None:
    content = made(visit()).replace(b"\r\n ", b"").decode()

    assert "SUMMARY:Brigade Citrine: Asha Rao\\; née Iyer\\, \\\\ & सोहन\r\n" in content
    assert "DESCRIPTION:Visit to the site.\\nPhone: +91 98450 12345\\n" in content


def test_the_calendar_says_what_it_is_and_defines_its_zone() -> None:
    found: Any = icalendar.Calendar.from_ical(made(visit()))

    assert (str(found["version"]), bool(found["prodid"]), "method" in found) == ("2.0", True, False)
    [zone] = found.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Kolkata"
    assert zone.to_tz().utcoffset(datetime(2026, 7, 1)) == timedelta(hours=5, minutes=30)  # noqa: DTZ001 - local
    assert found.get_missing_tzids() == set()


@pytest.mark.parametrize("name", ["uid", "dtstamp", "dtstart", "dtend", "sequence", "status", "summary", "created"])
def test_what_must_occur_once_occurs_once(name: str) -> None:
    assert not isinstance(event(made(visit()))[name], list)


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    before = event(made(visit()))
    later = REQUESTED + timedelta(hours=3)
    after = event(made(visit(starts_at=FOUR_IN_INDIA + timedelta(days=1), revision=1, changed_at=later)))

    assert str(before["uid"]) == str(after["uid"]) == str(UUID(int=7))
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstamp") == after.decoded("last-modified") == later


def test_a_cancelled_visit_is_told_as_cancelled() -> None:
    off = REQUESTED + timedelta(days=1)

    assert str(event(made(visit(cancelled_at=off, changed_at=off, revision=1)))["status"]) == "CANCELLED"


def test_the_same_visits_are_the_same_bytes() -> None:
    assert made(visit(), visit(id=UUID(int=8))) == made(visit(), visit(id=UUID(int=8)))


def test_somebody_unknown_is_named_by_their_id_and_a_place_without_coordinates_has_none() -> None:
    nobody = Contact(user_id="asha", name=None, phone=None, email=None)
    found = event(made(visit(latitude=None, longitude=None), who=nobody))

    assert str(found["summary"]) == "Brigade Citrine: asha"
    assert "geo" not in found


def test_no_visits_are_a_calendar_without_events() -> None:
    assert icalendar.Calendar.from_ical(made()).walk("VEVENT") == []
