"""Site visits: booking one takes a project, a day and a time, asked for one by one; moving, cancelling, looking up."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from pydantic import JsonValue

from shared.domains.base import Decision
from shared.domains.property.listings import INDIA, Listing, Visit
from shared.domains.property.outcomes import VisitBooked, VisitCancelled, VisitMoved
from shared.domains.property.policy import signals
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import ask_which, focused, question
from shared.domains.property.profile import VISIT
from shared.domains.property.state import PropertyState, VisitDraft
from shared.domains.property.words import listed, moment, weekday
from shared.events.replies import DataPart

OPENS = time(9)
CLOSES = time(18, 30)
_AHEAD = timedelta(days=60)


async def visit(ask: Ask) -> PropertyDecision:
    """Book a visit, or ask for what is missing; a new day or time for a visit just booked moves it."""
    listing = await _site(ask)
    if listing is None:
        return _without_site(ask)
    coming = await _coming(ask, listing.id)
    if coming and not (ask.reading.day or ask.reading.clock or ask.state.visit):
        return _booked_already(ask, listing, coming)
    draft = _draft(ask, listing, coming)
    state = focused(ask.state, listing).model_copy(update={"visit": draft})
    trouble = _trouble(ask, draft)
    if trouble:
        about, words = trouble
        told = words.format(project=listing.project)
        return Decision(
            text=told,
            state=state.model_copy(update={"visit": _cleared(draft, about)}),
            facts={"listing": listing.id},
            question=question(ask, about, told),
        )
    await ask.progress.step("Booking the visit")
    return _settled(ask, state, listing, coming)


async def cancel_visit(ask: Ask) -> PropertyDecision:
    """Call off the coming visit; with several, the one that was named or booked last."""
    coming = await ask.tools.visits(ask.turn.now)
    meant = ask.reading.picks or (ask.state.booked,)
    chosen = [each for each in coming if each.listing_id in meant]
    if not chosen and not ask.reading.picks and len(coming) == 1:
        chosen = [*coming]
    state = ask.state.model_copy(update={"visit": None, "booked": None})
    if not coming:
        return Decision(text="There is no visit to cancel. Is there anything else?", state=state)
    if not chosen:
        words = f"Which visit shall I cancel: {listed((each.project for each in coming), 'or')}?"
        asked = question(ask, "cancel_visit:listing", words, tuple(each.project for each in coming))
        return Decision(text=words, state=ask.state, question=asked)
    called_off = chosen[0]
    return Decision(
        text=f"Your visit to {called_off.project} on {moment(called_off.starts_at)} is cancelled.",
        state=state,
        facts={"visit": _facts(called_off)},
        effects=(ask.tools.cancel(called_off, ask.turn.now),),
        outcomes=(ask.turn.outcome(VisitCancelled, visit_id=called_off.id, listing_id=called_off.listing_id),),
    )


async def my_visits(ask: Ask) -> PropertyDecision:
    """Say which visits are coming."""
    coming = await ask.tools.visits(ask.turn.now)
    if not coming:
        text = "You have no visit booked. Which project would you like to see?"
        return Decision(text=text, state=ask.state, question=question(ask, "visit:listing", text))
    told = "; ".join(f"{each.project} on {moment(each.starts_at)}" for each in coming)
    return Decision(
        text=f"Your coming {'visit' if len(coming) == 1 else 'visits'}: {told}.",
        state=ask.state,
        facts={"visits": [_facts(each) for each in coming]},
        data=tuple(DataPart(kind="visit", value=_facts(each)) for each in coming),
    )


async def _site(ask: Ask) -> Listing | None:
    """What is to be visited: named now, offered, begun, booked last, or talked about."""
    offer, draft, shown = ask.offer, ask.state.visit, ask.turn.dialogue.shown
    candidates = (
        *ask.reading.picks,
        draft.listing_id if draft else None,
        offer.listing_id if offer and offer.step == "visit" else None,
        ask.state.focus,
        ask.state.booked,
        shown[0].id if len(shown) == 1 else None,
    )
    for candidate in candidates:
        if candidate and (found := await ask.tools.named([candidate])):
            return found[0]
    return None


def _without_site(ask: Ask) -> PropertyDecision:
    decision = ask_which(ask, "visit", "Which project would you like to visit?")
    draft = VisitDraft(day=ask.reading.day, clock=ask.reading.clock)
    return replace(decision, state=decision.state.model_copy(update={"visit": draft}))


def _booked_already(ask: Ask, listing: Listing, coming: Visit) -> PropertyDecision:
    text = (
        f"Your visit to {coming.project} is booked for {moment(coming.starts_at)}. Name another day or time to move it."
    )
    return Decision(
        text=text,
        state=focused(ask.state, listing).model_copy(update={"booked": listing.id}),
        facts={"visit": _facts(coming)},
        data=(DataPart(kind="visit", value=_facts(coming)),),
    )


async def _coming(ask: Ask, listing_id: str) -> Visit | None:
    return next((each for each in await ask.tools.visits(ask.turn.now) if each.listing_id == listing_id), None)


def _draft(ask: Ask, listing: Listing, coming: Visit | None) -> VisitDraft:
    begun = ask.state.visit or VisitDraft()
    standing = coming.starts_at.astimezone(INDIA) if coming and (ask.reading.day or ask.reading.clock) else None
    return VisitDraft(
        listing_id=listing.id,
        day=ask.reading.day or begun.day or (standing.date() if standing else None),
        clock=ask.reading.clock or begun.clock or (standing.time() if standing else None),
    )


def _trouble(ask: Ask, draft: VisitDraft) -> tuple[str, str] | None:
    """What keeps the visit from being booked: what to ask about, and the question."""
    today = ask.now.date()
    if draft.day is None:
        at = f" at {draft.clock.strftime('%H:%M')}" if draft.clock else ""
        return "visit:day", f"On which day would you like to visit {{project}}{at}?"
    if draft.day < today or (draft.day == today and ask.now.time() >= CLOSES):
        return "visit:day", f"{weekday(draft.day)} is over. On which day would you like to visit {{project}}?"
    if draft.day > today + _AHEAD:
        return "visit:day", f"Visits can be booked up to {_AHEAD.days} days ahead. Which day before that suits you?"
    if draft.clock is None:
        return "visit:time", f"At what time on {weekday(draft.day)}? {{project}} can be seen from 9 am to 6:30 pm."
    if not OPENS <= draft.clock <= CLOSES:
        return "visit:time", "{project} can be seen from 9 am to 6:30 pm. Which time suits you?"
    if _starts(draft.day, draft.clock) <= ask.now:
        return "visit:time", "That time has passed already. Which later time today suits you for {project}?"
    return None


def _cleared(draft: VisitDraft, about: str) -> VisitDraft:
    """The draft without the part that is asked for again."""
    return draft.model_copy(update={"visit:day": {"day": None}, "visit:time": {"clock": None}}[about])


def _settled(ask: Ask, state: PropertyState, listing: Listing, coming: Visit | None) -> PropertyDecision:
    draft = state.visit
    assert draft is not None and draft.day is not None and draft.clock is not None  # noqa: S101, PT018 - checked by _trouble
    starts_at = _starts(draft.day, draft.clock)
    booked = Visit(coming.id if coming else ask.turn.row_id("visit"), listing.id, listing.project, starts_at)
    kind = VisitMoved if coming else VisitBooked
    verb = "has been moved to" if coming else "is booked for"
    number = "" if ask.reachable else " Leave a phone number if you would like a call to confirm it."
    tools, now = ask.tools, ask.turn.now
    effect = tools.move(booked, now) if coming else tools.book(booked, ask.turn.session_id, now)
    done = () if coming else (signals.action(VISIT, listing.id),)
    return Decision(
        text=f"Your visit to {listing.project} in {listing.locality} {verb} {moment(starts_at)}.{number}",
        state=state.model_copy(update={"visit": None, "booked": listing.id}),
        facts={"visit": _facts(booked)},
        data=(DataPart(kind="visit", value=_facts(booked)),),
        signals=(*done, signals.interest(listing.id, "high")),
        effects=(effect,),
        outcomes=(ask.turn.outcome(kind, visit_id=booked.id, listing_id=listing.id, starts_at=starts_at),),
    )


def _starts(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, INDIA)


def _facts(booked: Visit) -> dict[str, JsonValue]:
    return {
        "id": str(booked.id),
        "listing": booked.listing_id,
        "project": booked.project,
        "starts_at": booked.starts_at.astimezone(INDIA).isoformat(),
    }
