"""Telling about projects: everything, or the one thing that was asked; and interest said aloud."""

from dataclasses import replace

from shared.domains.property.listings import Listing, card
from shared.domains.property.policy import signals
from shared.domains.property.policy.aspects import particular
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import ask_which, focused, offered
from shared.domains.property.state import Offer
from shared.domains.property.words import home_line, listed, readiness
from shared.events.replies import DataPart

_KEEPS_LOOKING = 2


async def details(ask: Ask) -> PropertyDecision:
    """Tell about the projects that are meant; of one, only what was asked if that was something particular."""
    found = await offered(ask, "details")
    if not found:
        return ask_which(ask, "details", "Which project do you mean?")
    await ask.progress.step(f"Looking up {listed(each.project for each in found)}")
    if len(found) > 1:
        return _several(ask, found)
    listing = found[0]
    told = particular(ask.reading, listing) or describe(listing)
    offer = Offer(step="visit", listing_id=listing.id)
    return PropertyDecision(
        text=f"{told} {_next_step(ask, listing)}",
        state=focused(ask.state, listing).model_copy(update={"offer": offer}),
        facts={"listing": dict(card(listing))},
        data=(DataPart(kind="listing", value=dict(card(listing))),),
        shown=ask.turn.dialogue.shown if _among_shown(ask, listing) else (listing.referent,),
        signals=signals.views([listing.id]),
    )


async def like(ask: Ask) -> PropertyDecision:
    """The person likes a project: remember it and go on."""
    decision = await details(ask)
    if decision.question is not None:
        return decision
    liked = [signals.interest(signal.name, "medium") for signal in decision.signals if signal.kind == "view"]
    return replace(decision, text=f"Glad you like it. {decision.text}", signals=(*decision.signals, *liked))


def describe(listing: Listing) -> str:
    """A project in a few sentences."""
    homes = "; ".join(home_line(home) for home in listing.homes)
    sentences = [
        f"{listing.project} by {listing.developer} is in {listing.locality}, {listing.city}: {homes}.",
        f"{readiness(listing).capitalize()}.",
        f"It has {listed(listing.amenities)}." if listing.amenities else "",
        f"RERA number {listing.rera}.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _several(ask: Ask, found: tuple[Listing, ...]) -> PropertyDecision:
    cards = [dict(card(listing)) for listing in found]
    return PropertyDecision(
        text="\n".join((*map(describe, found), "Shall I compare them?")),
        state=ask.state.model_copy(update={"focus": None}),
        facts={"listings": [*cards]},
        data=(DataPart(kind="listings", value=[*cards]),),
        shown=tuple(listing.referent for listing in found),
        signals=signals.views(listing.id for listing in found),
    )


def _next_step(ask: Ask, listing: Listing) -> str:
    if ask.state.views.get(listing.id, 0) >= _KEEPS_LOOKING:
        return f"You keep coming back to {listing.project}. Shall I arrange a site visit?"
    return "Would you like a site visit, the loan figures or the brochure?"


def _among_shown(ask: Ask, listing: Listing) -> bool:
    return any(referent.id == listing.id for referent in ask.turn.dialogue.shown)
