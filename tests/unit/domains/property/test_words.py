"""Figures as people in India write them."""

from datetime import UTC, datetime

import pytest

from shared.domains.property.listings import Place, Wanted
from shared.domains.property.words import criteria, exact, listed, moment, rupees


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (12_000_000, "₹1.2 Cr"),
        (8_500_000, "₹85 L"),
        (10_000_000, "₹1 Cr"),
        (9_999_999, "₹1 Cr"),
        (9_949_000, "₹99.49 L"),
        (100_000, "₹1 L"),
        (61_830, "₹61,830"),
        (13_250_000, "₹1.32 Cr"),
    ],
)
def test_rupees_read_in_lakhs_and_crores(amount: int, words: str) -> None:
    assert rupees(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [(999, "₹999"), (64_435, "₹64,435"), (107_450, "₹1,07,450"), (12_345_678, "₹1,23,45,678")],
)
def test_exact_rupees_are_grouped_the_indian_way(amount: int, words: str) -> None:
    assert exact(amount) == words


def test_moments_are_told_in_indian_time() -> None:
    assert moment(datetime(2026, 11, 28, 10, 30, tzinfo=UTC)) == "Saturday 28 November at 4:00 pm"


def test_lists_end_in_and() -> None:
    assert [listed("a"), listed("ab"), listed("abc"), listed("")] == ["a", "a and b", "a, b and c", ""]


def test_search_reads_as_a_phrase() -> None:
    wanted = Wanted(
        places=(Place(city="Pune", locality="Baner"),),
        bedrooms=(2, 3),
        low=1,
        high=10_000_000,
        amenities=("gym",),
        ready=True,
    )
    assert criteria(wanted) == "2 or 3 BHK homes in Baner between ₹1 and ₹1 Cr with gym, ready to move in"
