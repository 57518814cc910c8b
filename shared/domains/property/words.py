"""How figures and lists read: rupees the Indian way, areas, dates, and enumerations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from shared.domains.property.listings import INDIA, Home, Listing, Place, Wanted

_LAKH = 100_000
_CRORE = 10_000_000


def rupees(amount: float) -> str:
    """An amount as people in India say it: ₹1.2 Cr, ₹85 L, ₹61,830."""
    if round(amount / _CRORE, 2) >= 1:
        return f"₹{amount / _CRORE:.2f}".rstrip("0").rstrip(".") + " Cr"
    if round(amount / _LAKH, 2) >= 1:
        return f"₹{amount / _LAKH:.2f}".rstrip("0").rstrip(".") + " L"
    return f"₹{round(amount):,}"


def exact(amount: int) -> str:
    """An amount to the rupee with Indian grouping: ₹1,07,450."""
    digits = str(amount)
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return "₹" + ",".join([*reversed(pairs), tail])


def listed(words: Iterable[str], joint: str = "and") -> str:
    """An enumeration: "a", "a and b", "a, b and c"."""
    each = list(words)
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} {joint} {each[-1]}" if each else ""


def span(low: float, high: float) -> str:
    """A range of prices; one price when both ends are the same."""
    return rupees(low) if low == high else f"{rupees(low)} to {rupees(high)}"


def month(day: date) -> str:
    """A month as "December 2027"."""
    return f"{day:%B %Y}"


def moment(at: datetime) -> str:
    """A day and a time in India as "Saturday 28 November at 4:00 pm"."""
    local = at.astimezone(INDIA)
    return f"{weekday(local.date())} at {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def weekday(day: date) -> str:
    """A day as "Saturday 28 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def sentence(words: str) -> str:
    """The words with a capital at the start."""
    return words[:1].upper() + words[1:]


def home_line(home: Home) -> str:
    """A home as "2 BHK, 1,180 sq ft, ₹99 L"."""
    return f"{home.name}, {home.area:,} sq ft, {rupees(home.price)}"


def readiness(listing: Listing) -> str:
    """When one can move in."""
    if listing.status == "ready" or listing.possession is None:
        return "ready to move in"
    return f"{'new launch, ' if listing.status == 'new_launch' else ''}possession {month(listing.possession)}"


def result_line(number: int, listing: Listing, homes: Sequence[Home]) -> str:
    """One numbered line of a result list."""
    offered = "; ".join(home_line(home) for home in homes[:3])
    return f"{number}. {listing.project}, {listing.locality}: {offered} ({readiness(listing)})"


def bedroom_words(bedrooms: Sequence[int]) -> str:
    """Bedroom counts as "2 or 3 BHK"."""
    return f"{listed((str(count) for count in bedrooms), 'or')} BHK" if bedrooms else ""


def place_words(places: Sequence[Place]) -> str:
    """Places as "Whitefield or Hebbal"."""
    return listed((place.name for place in places), "or")


def criteria(wanted: Wanted) -> str:
    """A search in words: "2 BHK homes in Whitefield up to ₹1.2 Cr with gym, ready to move in"."""
    parts = [
        bedroom_words(wanted.bedrooms),
        "homes",
        f"by {wanted.developer}" if wanted.developer else "",
        f"in {place_words(wanted.places)}" if wanted.places else "",
        _price_words(wanted),
        f"of at least {wanted.area:,} sq ft" if wanted.area else "",
        f"with {listed(wanted.amenities)}" if wanted.amenities else "",
    ]
    return " ".join(part for part in parts if part) + (", ready to move in" if wanted.ready else "")


def _price_words(wanted: Wanted) -> str:
    if wanted.low is not None and wanted.high is not None:
        return f"between {rupees(wanted.low)} and {rupees(wanted.high)}"
    if wanted.high is not None:
        return f"up to {rupees(wanted.high)}"
    return f"from {rupees(wanted.low)}" if wanted.low is not None else ""
