"""Two or three projects side by side."""

from dataclasses import dataclass

from pydantic import JsonValue

from shared.domains.base import Decision
from shared.domains.property.listings import Home, Listing, Wanted, card
from shared.domains.property.policy import signals
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import ask_which, kept_shown, meant, shown_together, together
from shared.domains.property.words import home_line, listed, readiness, rupees
from shared.events.replies import DataPart

_PAIR = 2


@dataclass(frozen=True, slots=True)
class _Side:
    """A project by the home in it that is compared."""

    listing: Listing
    home: Home


async def compare(ask: Ask) -> PropertyDecision:
    """Compare the projects that are meant; one that is named is compared with the one talked about."""
    found = await _sides(ask)
    if len(found) < _PAIR:
        return ask_which(ask, "compare", "Which projects shall I compare?")
    await ask.progress.step(f"Comparing {listed(each.project for each in found)}")
    sides = _alike(found, ask.state.wanted)
    lines = [f"{side.listing.project}: {home_line(side.home)}, {readiness(side.listing)}." for side in sides]
    table: list[JsonValue] = [dict(card(side.listing, (side.home,))) for side in sides]
    ids = [listing.id for listing in found]
    return Decision(
        text="\n".join((*lines, _verdict(sides), "Would you like to visit one of them?")),
        state=together(ask.state, found),
        facts={"comparison": table},
        data=(DataPart(kind="comparison", value=table),),
        shown=kept_shown(ask, found),
        signals=(*signals.views(ids), *(signals.interest(each, "medium") for each in ids)),
    )


async def _sides(ask: Ask) -> tuple[Listing, ...]:
    if numbered := _numbered(ask):
        return await ask.tools.named(numbered)
    if not ask.reading.picks:
        return await shown_together(ask)
    found = await meant(ask)
    if len(found) != 1 or ask.state.focus in {None, found[0].id}:
        return found
    return await ask.tools.named([str(ask.state.focus), found[0].id])


def _numbered(ask: Ask) -> tuple[str, ...]:
    """What "compare 1 and 3" picks from the list."""
    shown = ask.turn.dialogue.shown
    return tuple(shown[number - 1].id for number in ask.reading.numbers if 0 < number <= len(shown))


def _alike(found: tuple[Listing, ...], wanted: Wanted) -> tuple[_Side, ...]:
    """The home of each that answers to the others: what is wanted, else a size that all have."""
    common = set.intersection(*({home.bedrooms for home in listing.homes} for listing in found))
    sizes = [count for count in wanted.bedrooms if count in common] or sorted(common)
    if not sizes:
        return tuple(_Side(listing, wanted.homes(listing)[0]) for listing in found)
    return tuple(_Side(listing, next(home for home in listing.homes if home.bedrooms == sizes[0])) for listing in found)


def _verdict(sides: tuple[_Side, ...]) -> str:
    cheap, dear = (pick(sides, key=lambda side: side.home.price) for pick in (min, max))
    large = max(sides, key=lambda side: side.home.area)
    rate = min(sides, key=lambda side: side.home.price / side.home.area)
    told = [
        f"{cheap.listing.project} costs {rupees(dear.home.price - cheap.home.price)} less than {dear.listing.project}"
        if cheap.home.price < dear.home.price
        else "Their prices are the same",
        f"{large.listing.project} is the {'larger' if len(sides) == _PAIR else 'largest'}"
        if len({side.home.area for side in sides}) > 1
        else "",
        f"{rate.listing.project} costs least per square foot (₹{rate.home.price / rate.home.area:,.0f})",
    ]
    ready = [side.listing.project for side in sides if side.listing.status == "ready"]
    if ready and len(ready) < len(sides):
        told.append(f"{listed(ready)} {'is' if len(ready) == 1 else 'are'} ready to move in")
    return "; ".join(part for part in told if part) + "."
