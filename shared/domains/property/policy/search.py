"""Finding homes: a search, its changes, more of it, and what to show when nothing fits."""

from collections.abc import Mapping

from shared.domains.base import Decision
from shared.domains.property.listings import Listing, Place, Wanted, card
from shared.domains.property.policy import signals
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.criteria import next_wanted
from shared.domains.property.policy.items import question
from shared.domains.property.policy.widening import widened
from shared.domains.property.state import Offer, PropertyState
from shared.domains.property.words import criteria, listed, result_line
from shared.events.replies import DataPart
from shared.events.signals import Signal

LIMIT = 4

_NOTHING: Mapping[str, str] = {
    "cheaper": "Nothing else that fits costs less.",
    "dearer": "Nothing else that fits costs more.",
    "bigger": "Nothing else that fits is bigger.",
}


async def search(ask: Ask) -> PropertyDecision:
    """Run the search that the words ask for or change."""
    await ask.progress.step("Searching listings")
    shown = await ask.tools.named([each.id for each in ask.turn.dialogue.shown]) if ask.reading.direction else ()
    wanted = next_wanted(ask, shown)
    if wanted == Wanted():
        return _ask_what(ask)
    seen = ask.state.seen if ask.reading.direction == "more" and wanted == ask.state.wanted else ()
    found = await ask.tools.search(wanted, limit=LIMIT + 1, without=seen)
    if found:
        return _results(ask, wanted, found, _intro(wanted, len(found), again=bool(seen)), seen=seen)
    if seen:
        return _exhausted(ask, wanted)
    return await _nothing_fits(ask, wanted)


def _ask_what(ask: Ask) -> PropertyDecision:
    words = "Gladly. Which city or area, how many bedrooms, and what budget?"
    return Decision(text=words, state=ask.state, question=question(ask, "search:wishes", words))


async def _nothing_fits(ask: Ask, wanted: Wanted) -> PropertyDecision:
    if wanted.places:
        missing = [place.name for place in wanted.places if not await _covered(ask, place)]
        if len(missing) == len(wanted.places):
            return await _not_covered(ask, missing)
    # What "cheaper" or "bigger" asks for is not given up, nor kept as a wish when nothing has it.
    directed = ask.reading.direction is not None
    kept = ask.state.wanted if directed else wanted
    for wider in widened(wanted, firm=directed):
        found = await ask.tools.search(wider.wanted, limit=LIMIT + 1)
        if found:
            nothing = _NOTHING.get(ask.reading.direction or "", f"Nothing on sale fits {criteria(wanted)}.")
            intro = f"{nothing} {wider.said}:"
            return _results(ask, kept, found, intro, fits=wider.wanted)
    text = f"I found nothing like {criteria(wanted)}. Tell me what could give: the area, the budget or the size?"
    return Decision(text=text, state=_after(ask, kept, (), None), shown=(), signals=_learned(ask, kept))


async def _covered(ask: Ask, place: Place) -> bool:
    return bool(await ask.tools.search(Wanted(places=(Place(city=place.city),)), limit=1))


async def _not_covered(ask: Ask, missing: list[str]) -> PropertyDecision:
    cities = await ask.tools.cities()
    text = (
        f"I have no listings in {listed(missing, 'or')}. I can show you homes in {listed(cities)}. Which one suits you?"
    )
    return Decision(text=text, state=ask.state, facts={"cities": list(cities)})


def _intro(wanted: Wanted, count: int, *, again: bool) -> str:
    if again:
        return f"More {criteria(wanted)}:"
    if count > LIMIT:
        return f"Here are the {LIMIT} least expensive {criteria(wanted)}; there are more:"
    return f"I found {count} {'project' if count == 1 else 'projects'} with {criteria(wanted)}:"


def _results(
    ask: Ask,
    wanted: Wanted,
    found: tuple[Listing, ...],
    intro: str,
    *,
    fits: Wanted | None = None,
    seen: tuple[str, ...] = (),
) -> PropertyDecision:
    page = found[:LIMIT]
    homes = {listing.id: (fits or wanted).homes(listing) for listing in page}
    lines = [result_line(number, listing, homes[listing.id]) for number, listing in enumerate(page, 1)]
    cards = [dict(card(listing, homes[listing.id])) for listing in page]
    return Decision(
        text="\n".join((intro, *lines, _next_step(page, more=len(found) > LIMIT))),
        state=_after(ask, wanted, (*seen, *(listing.id for listing in page)), page[0].id if len(page) == 1 else None),
        facts={"search": wanted.model_dump(mode="json"), "listings": [*cards]},
        data=(DataPart(kind="listings", value=[*cards]),),
        shown=tuple(listing.referent for listing in page),
        signals=_learned(ask, wanted),
    )


def _next_step(page: tuple[Listing, ...], *, more: bool) -> str:
    if len(page) == 1:
        return f"Shall I tell you more about {page[0].project}?"
    further = '; say "more" for the next ones' if more else ""
    return f"Ask for details of any, or compare two{further}."


def _exhausted(ask: Ask, wanted: Wanted) -> PropertyDecision:
    text = f"Those were all {criteria(wanted)} that I have. Shall I look at another area, budget or size?"
    return Decision(text=text, state=ask.state)


def _after(ask: Ask, wanted: Wanted, seen: tuple[str, ...], only: str | None) -> PropertyState:
    return ask.state.model_copy(
        update={
            "wanted": wanted,
            "seen": seen,
            "focus": only,
            "table": (),
            "offer": Offer(step="details", listing_id=only) if only else None,
        }
    )


def _learned(ask: Ask, wanted: Wanted) -> tuple[Signal, ...]:
    return signals.preferences(ask.state.wanted, wanted)
