"""What is wanted after a turn: the search that stands, changed by what the words said."""

from collections.abc import Sequence

from shared.domains.property.listings import Listing, Wanted
from shared.domains.property.policy.context import Ask
from shared.domains.property.policy.reading import Reading

_ADJUSTING = frozenset({"modification", "follow_up", "correction", "answer"})


def next_wanted(ask: Ask, shown: Sequence[Listing] = ()) -> Wanted:
    """The search to run now.

    A fresh request that names a place or a builder starts over. Anything else changes the standing search in what it
    mentions, so "show me 3BHK" stays where the talk was. "Cheaper", "premium" and "bigger" are measured by what was
    shown.
    """
    reading, standing = ask.reading, ask.state.wanted
    fresh = ask.turn.understood.relation not in _ADJUSTING
    changed = _mentioned(Wanted() if fresh and (reading.places or reading.developer) else standing, reading)
    return _directed(changed, reading.direction, shown)


def _mentioned(base: Wanted, reading: Reading) -> Wanted:
    update: dict[str, object] = {
        "places": reading.places,
        "bedrooms": reading.bedrooms,
        "area": reading.area,
        "developer": reading.developer,
        "ready": reading.ready,
    }
    update = {name: value for name, value in update.items() if value}
    update["amenities"] = _amenities(base, reading)
    if reading.money and reading.budget_step and base.high:
        update["high"] = max(base.high + reading.budget_step, 0)
    elif reading.money:
        update |= {"low": reading.money.low, "high": reading.money.high or reading.money.amount}
    return base.model_copy(update=update)


def _amenities(base: Wanted, reading: Reading) -> tuple[str, ...]:
    unwanted = {*reading.unwanted, *(reading.amenities if reading.drops else ())}
    return tuple(each for each in dict.fromkeys((*base.amenities, *reading.amenities)) if each not in unwanted)


def _directed(wanted: Wanted, direction: str | None, shown: Sequence[Listing]) -> Wanted:
    homes = [home for listing in shown for home in wanted.homes(listing)]
    if not homes or direction in {None, "more"}:
        return wanted
    if direction == "cheaper":
        return wanted.model_copy(update={"low": None, "high": min(home.price for home in homes) - 1})
    if direction == "dearer":
        return wanted.model_copy(update={"low": max(home.price for home in homes) + 1, "high": None})
    return wanted.model_copy(update={"area": max(home.area for home in homes) + 1})
