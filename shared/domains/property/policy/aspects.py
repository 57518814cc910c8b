"""Answers to questions about one side of a project: an amenity, possession, the builder, the size, the place."""

import re
from collections.abc import Callable, Mapping

from shared.domains.property.listings import Listing
from shared.domains.property.policy.reading import Reading
from shared.domains.property.words import listed, readiness


def particular(reading: Reading, listing: Listing) -> str | None:
    """What was asked about in particular; None when the question was about the project as a whole."""
    amenities = (*reading.amenities, *reading.unwanted)
    answers = [_amenities(amenities, listing)] if amenities else []
    answers += [
        answer(listing)
        for pattern, answer in _ANSWERS.items()
        if any(pattern.search(aspect) for aspect in reading.aspects) and not (amenities and answer is _all_amenities)
    ]
    if not answers and _NEARBY.search(reading.text):
        answers.append(f"{_place(listing)} What lies near it is not in its listing; an advisor can tell you.")
    return " ".join(answers) or None


def _amenities(asked: tuple[str, ...], listing: Listing) -> str:
    has = [amenity for amenity in asked if amenity in listing.amenities]
    lacks = [amenity for amenity in asked if amenity not in listing.amenities]
    yes = f"Yes, the amenities of {listing.project} include {listed(has)}." if has else ""
    no = f"{listing.project} does not list {listed(lacks, 'or')}." if lacks else ""
    return " ".join(part for part in (yes, no) if part)


def _possession(listing: Listing) -> str:
    return f"{listing.project}: {readiness(listing)}."


def _builder(listing: Listing) -> str:
    return f"{listing.project} is built by {listing.developer}."


def _registration(listing: Listing) -> str:
    return f"{listing.project} is registered with RERA under {listing.rera}; you can look it up on the state's portal."


def _sizes(listing: Listing) -> str:
    sizes = listed(f"{home.name} {home.area:,} sq ft" for home in listing.homes)
    return f"Carpet areas at {listing.project}: {sizes}."


def _place(listing: Listing) -> str:
    return f"{listing.project} is in {listing.locality}, {listing.city}."


def _all_amenities(listing: Listing) -> str:
    return f"{listing.project} has {listed(listing.amenities)}."


_ANSWERS: Mapping[re.Pattern[str], Callable[[Listing], str]] = {
    re.compile(r"possession|hand ?over|complet|ready|move in|deliver"): _possession,
    re.compile(r"builder|developer|who (is )?buil"): _builder,
    re.compile(r"rera|regist|approved"): _registration,
    re.compile(r"area|size|sq|big|carpet"): _sizes,
    re.compile(r"where|located|location|address"): _place,
    re.compile(r"amenit|facilit"): _all_amenities,
}
_NEARBY = re.compile(r"\b(?:near(?:by|est)?|close to|close by|walking distance|how far|surround\w+)\b", re.IGNORECASE)
