"""What a person was looking at, from the profile and this session, and what to suggest next."""

from dataclasses import dataclass

from pydantic import JsonValue

from shared.domains.person import Profile
from shared.domains.property.listings import Listing, Place, Wanted
from shared.domains.property.policy.context import Ask
from shared.domains.property.profile import VISIT
from shared.domains.property.state import Offer
from shared.domains.property.words import criteria, listed

_NAMED = 2

_CONCERNS = {
    "price": "Shall I look for something less expensive?",
    "location": "Shall I look in another area?",
    "timing": "Shall I look for homes that are ready to move in?",
    "loan": "Shall I work out what the loan would come to?",
}
"""Next steps for a concern that was voiced and not answered; an answered one is never brought up again."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """What was looked at, in words; empty when nothing was. The wants are what a later search starts from."""

    words: str
    suggestion: str
    listings: tuple[Listing, ...]
    wanted: Wanted
    offer: Offer | None


async def recollect(ask: Ask) -> Recollection:
    """What the person was looking at: the projects viewed most, the later first, else the search."""
    person = ask.turn.person
    wanted = ask.state.wanted if ask.state.seen else wanted_of(person)
    listings = await ask.tools.named(_ids(ask))
    names = listed(f"{listing.project} in {listing.locality}" for listing in listings)
    words = names or ("" if wanted == Wanted() else criteria(wanted))
    suggestion, offer = _suggestion(person, listings)
    return Recollection(words, suggestion, listings, wanted, offer)


def wanted_of(person: Profile | None) -> Wanted:
    """The search that a profile's preferences amount to."""
    if person is None:
        return Wanted()
    known = {name: preference.value for name, preference in person.preferences.items()}
    budget = known.get("budget")
    low, high = (_amount(budget.get(key)) for key in ("low", "high")) if isinstance(budget, dict) else (None, None)
    return Wanted(
        places=tuple(Place.parse(str(code)) for code in _many(known.get("location"))),
        bedrooms=tuple(count for count in _many(known.get("configuration")) if isinstance(count, int)),
        low=low,
        high=high,
        amenities=tuple(str(amenity) for amenity in _many(known.get("amenities"))),
    )


def _ids(ask: Ask) -> tuple[str, ...]:
    person, views = ask.turn.person, ask.state.views
    latest = {item: view.last_at.timestamp() for item, view in person.views.items()} if person else {}
    ranked = sorted(views, key=lambda item: (views[item], latest.get(item, 0)), reverse=True)
    return tuple(ranked)[:_NAMED]


def _suggestion(person: Profile | None, listings: tuple[Listing, ...]) -> tuple[str, Offer | None]:
    if person:
        pending = [name for name, each in person.objections.items() if not each.answered and name in _CONCERNS]
        if pending:
            step = Offer(step="loan" if pending[0] == "loan" else "search")
            return _CONCERNS[pending[0]], step.model_copy(update={"listing_id": listings[0].id if listings else None})
    if not listings:
        return "Shall I show you what is on sale now?", Offer(step="search")
    first = listings[0]
    visited = {action.item for action in person.actions if action.name == VISIT} if person else set()
    if first.id in visited:
        return f"Shall I work out a loan for {first.project}?", Offer(step="loan", listing_id=first.id)
    return f"Shall I arrange a site visit to {first.project}?", Offer(step="visit", listing_id=first.id)


def _many(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _amount(value: JsonValue) -> int | None:
    return round(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
