"""Reaching the person: call-backs, brochures, and the contact details they give."""

from datetime import datetime, time, timedelta

from shared.domains.base import Decision
from shared.domains.property.listings import INDIA, Callback, Listing, card
from shared.domains.property.outcomes import BrochureRequested, CallbackRequested
from shared.domains.property.policy import signals
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import ask_which, focused, meant, offered, question
from shared.domains.property.profile import CALLBACK, DOWNLOAD
from shared.domains.property.state import Offer
from shared.domains.property.words import moment
from shared.events.replies import Contact, DataPart
from shared.events.signals import Signal

_EARLIEST = time(9)
_LATEST = time(20)
_USUAL = time(11)


async def callback(ask: Ask) -> PropertyDecision:
    """Have somebody call; the number is asked for when none is known."""
    if ask.state.called and not (ask.reading.day or ask.reading.clock or ask.reading.picks):
        text = "An advisor is going to call you already. Name a day or a time if you would like to choose it."
        return Decision(text=text, state=ask.state)
    found = await offered(ask, "callback")
    listing = found[0] if found else None
    state = focused(ask.state, listing) if listing else ask.state
    if not ask.reachable:
        words = "Gladly. On which number can we reach you?"
        return Decision(
            text=words,
            state=state.model_copy(update={"call_at": _preferred(ask)}),
            question=question(ask, "callback:phone", words),
        )
    await ask.progress.step("Arranging the call")
    at = _preferred(ask) or ask.state.call_at
    asked_for = Callback(ask.turn.row_id("callback"), listing.id if listing else None, at)
    about = f" about {listing.project}" if listing else ""
    when = f"on {moment(at)}" if at else "within one working day"
    return Decision(
        text=f"Done: an advisor will call you{about} {when}.",
        state=state.model_copy(update={"called": True, "call_at": None}),
        facts={"callback": {"listing": asked_for.listing_id, "preferred_at": at.isoformat() if at else None}},
        signals=_called(listing),
        effects=(ask.tools.call_back(asked_for, ask.turn.session_id, ask.turn.now),),
        outcomes=(
            ask.turn.outcome(
                CallbackRequested, callback_id=asked_for.id, listing_id=asked_for.listing_id, preferred_at=at
            ),
        ),
    )


async def brochure(ask: Ask) -> PropertyDecision:
    """Give out a project's brochure."""
    found = await meant(ask)
    if not found:
        return ask_which(ask, "brochure", "The brochure of which project?")
    listing = found[0]
    await ask.progress.step("Fetching the brochure")
    value = dict(card(listing))
    return Decision(
        text=f"Here is the brochure of {listing.project}: {listing.brochure}. Would you like to see the site as well?",
        state=focused(ask.state, listing).model_copy(update={"offer": Offer(step="visit", listing_id=listing.id)}),
        facts={"listing": value},
        data=(DataPart(kind="listing", value=value),),
        signals=(signals.action(DOWNLOAD, listing.id), signals.interest(listing.id, "medium")),
        outcomes=(ask.turn.outcome(BrochureRequested, listing_id=listing.id, brochure=listing.brochure),),
    )


async def details_given(ask: Ask) -> PropertyDecision:
    """The person gave contact details without being asked."""
    thanks = f"Thank you{', ' + ask.reading.name if ask.reading.name else ''}. I have noted that."
    return Decision(text=f"{thanks} Shall an advisor call you, or shall I go on with the search?", state=ask.state)


def contact(ask: Ask) -> Contact | None:
    """How to reach the person, as said in this turn."""
    told = ask.reading
    if not (told.phone or told.email or told.name):
        return None
    return Contact(name=told.name, phone=told.phone, email=told.email)


def _called(listing: Listing | None) -> tuple[Signal, ...]:
    asked = signals.action(CALLBACK, listing.id if listing else None)
    return (asked, signals.interest(listing.id, "high")) if listing else (asked,)


def _preferred(ask: Ask) -> datetime | None:
    """When to call, if that was said: within calling hours and not in the past."""
    day, clock = ask.reading.day, ask.reading.clock
    if day is None and clock is None:
        return None
    at = datetime.combine(day or ask.now.date(), min(max(clock or _USUAL, _EARLIEST), _LATEST), INDIA)
    if day is None and at <= ask.now:
        at += timedelta(days=1)
    return at if at > ask.now else None
