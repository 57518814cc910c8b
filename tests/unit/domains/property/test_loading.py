"""The CSV file: what is wrong is named by line and reason, nothing is dropped silently."""

from pathlib import Path

import pytest

from shared.domains.property.loading import COLUMNS, read_listings
from tests.support.property import LISTINGS_FILE

GOOD = {
    "id": "palm-court",
    "project": "Palm Court",
    "aliases": "Palm",
    "developer": "Palm Homes",
    "city": "Pune",
    "locality": "Baner",
    "homes": "2 BHK 900 sqft 8000000; 3 BHK 1200 sqft 11000000",
    "status": "under_construction",
    "possession": "2028-01",
    "amenities": "gym; clubhouse",
    "rera": "P521000000001",
    "brochure": "BR-PUN-100",
    "latitude": "18.5",
    "longitude": "73.7",
}


def write(folder: Path, *rows: dict[str, str]) -> Path:
    lines = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]
    file = folder / "listings.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_own_listings_all_load() -> None:
    listings, rejected = read_listings(LISTINGS_FILE)
    assert rejected == ()
    assert len(listings) >= 60
    assert "Brigade Citrine" in {listing.project for listing in listings}
    assert len({listing.city for listing in listings}) >= 6


def test_row_becomes_a_listing(tmp_path: Path) -> None:
    (listing,), rejected = read_listings(write(tmp_path, GOOD))
    assert rejected == ()
    assert [(home.bedrooms, home.area, home.price) for home in listing.homes] == [
        (2, 900, 8_000_000),
        (3, 1200, 11_000_000),
    ]
    assert listing.amenities == ("gym", "clubhouse")
    assert listing.possession is not None


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("id", "Palm Court", "id 'Palm Court' must be lower-case words joined by hyphens"),
        ("project", "", "project must not be empty"),
        ("homes", "2 BHK 900 sqft", "home '2 BHK 900 sqft' must read like"),
        ("homes", "2 BHK 900 sqft -5", "must read like"),
        ("homes", ";", "names no home"),
        ("homes", "2 BHK 900 sqft 1; 2 BHK 900 sqft 2", "names 2 BHK of 900 sqft twice"),
        ("status", "sold", "status 'sold' is none of ready, under_construction, new_launch"),
        ("possession", "soon", "possession 'soon' must be a month"),
        ("latitude", "north", "latitude 'north' is not a number"),
        ("longitude", "200", "longitude 200 is out of range"),
        ("project", "Palm \ufffd", "not UTF-8"),
        ("locality", "Baner, Pune", "more fields than there are columns"),
    ],
)
def test_wrong_row_is_named_and_the_others_load(tmp_path: Path, field: str, value: str, reason: str) -> None:
    file = write(tmp_path, GOOD | {field: value}, GOOD | {"id": "other"})
    listings, (rejected,) = read_listings(file)
    assert [listing.id for listing in listings] == ["other"]
    assert rejected.line == 2
    assert reason in rejected.reason


def test_id_used_twice_is_named_at_its_second_line(tmp_path: Path) -> None:
    listings, (rejected,) = read_listings(write(tmp_path, GOOD, GOOD))
    assert len(listings) == 1
    assert (rejected.line, rejected.reason) == (3, "id 'palm-court' is used by an earlier row")


def test_missing_column_is_named(tmp_path: Path) -> None:
    file = tmp_path / "listings.csv"
    file.write_text("id,project\na,b\n", encoding="utf-8")
    listings, (rejected,) = read_listings(file)
    assert listings == ()
    assert rejected.line == 1
    assert "city" in rejected.reason


def test_empty_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "listings.csv"
    file.write_text("", encoding="utf-8")
    assert [row.line for row in read_listings(file)[1]] == [1]


def test_bytes_that_are_no_utf8_are_named(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    file.write_bytes(file.read_bytes().replace(b"Palm Court", b"Palm C\xf6urt"))
    assert "not UTF-8" in read_listings(file)[1][0].reason
