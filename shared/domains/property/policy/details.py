"""Telling about projects: everything, or the one thing that was asked; and interest said aloud."""

from shared.domains.base import Decision
from shared.domains.property.listings import Listing, card
from shared.domains.property.policy import signals
from shared.domains.property.policy.aspects import particular
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import (
    ask_which,
    focused,
    kept_shown,
    meant,
    newly_looked_at,
    offered,
    together,
)
from shared.domains.property.state import Offer
from shared.domains.property.words import home_line, listed, readiness, sentence
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
    part = particular(ask.reading, listing)
    seen = (listing.id,) if part is None else newly_looked_at(ask, found)
    offer = Offer(step="visit", listing_id=listing.id)
    return Decision(
        text=f"{part or describe(listing)} {_next_step(ask, listing)}",
        state=focused(ask.state, listing).model_copy(update={"offer": offer}),
        facts={"listing": dict(card(listing))},
        data=(DataPart(kind="listing", value=dict(card(listing))),),
        shown=kept_shown(ask, found),
        signals=signals.views(seen),
    )


async def like(ask: Ask) -> PropertyDecision:
    """The person likes a project: remember it and suggest to see it."""
    found = await meant(ask)
    if not found:
        return ask_which(ask, "like", "Good to hear. Which project do you mean?")
    listing = found[0]
    offer = Offer(step="visit", listing_id=listing.id)
    return Decision(
        text=f"Glad you like {listing.project}. Shall I arrange a site visit?",
        state=focused(ask.state, listing).model_copy(update={"offer": offer}),
        facts={"listing": dict(card(listing))},
        signals=(signals.interest(listing.id, "medium"),),
    )


def describe(listing: Listing) -> str:
    """A project in a few sentences."""
    homes = "; ".join(home_line(home) for home in listing.homes)
    sentences = [
        f"{listing.project} by {listing.developer} is in {listing.locality}, {listing.city}: {homes}.",
        f"{sentence(readiness(listing))}.",
        f"It has {listed(listing.amenities)}." if listing.amenities else "",
        f"RERA number {listing.rera}.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _several(ask: Ask, found: tuple[Listing, ...]) -> PropertyDecision:
    cards = [dict(card(listing)) for listing in found]
    return Decision(
        text="\n".join((*map(describe, found), "Shall I compare them?")),
        state=together(ask.state, found),
        facts={"listings": [*cards]},
        data=(DataPart(kind="listings", value=[*cards]),),
        shown=kept_shown(ask, found),
        signals=signals.views(listing.id for listing in found),
    )


def _next_step(ask: Ask, listing: Listing) -> str:
    if ask.state.views.get(listing.id, 0) == _KEEPS_LOOKING:
        return f"You keep coming back to {listing.project}. Shall I arrange a site visit?"
    return "Would you like a site visit, the loan figures or the brochure?"
