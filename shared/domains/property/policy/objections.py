"""Concerns: each is answered once, with facts from the listings; after that a person is offered instead."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from shared.domains.base import Decision
from shared.domains.property.listings import Home, Listing, Place, Wanted, card
from shared.domains.property.policy import loans, signals
from shared.domains.property.policy.context import Ask, Handler, PropertyDecision
from shared.domains.property.policy.items import focused, meant, question
from shared.domains.property.policy.lending import example
from shared.domains.property.state import Offer
from shared.domains.property.words import exact, home_line, listed, readiness, rupees
from shared.events.replies import DataPart

PREFIX = "objection_"
_MOST = 3
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is said to a concern, with the listings it names."""

    text: str
    instead: tuple[Listing, ...] = ()
    comparable: Wanted = field(default_factory=Wanted)
    """Which of their homes are meant."""


def objection(name: str) -> Handler:
    """The handler of one kind of concern."""

    async def handle(ask: Ask) -> PropertyDecision:
        if name in ask.state.answered:
            return _again(ask, name)
        found = await meant(ask) or await ask.tools.named([each.id for each in ask.turn.dialogue.shown[:1]])
        if not found:
            return _what_would_help(ask, name)
        await ask.progress.step("Looking for what would suit you better")
        return _said(ask, name, found[0], await _ANSWERS[name](ask, found[0]))

    return handle


def _again(ask: Ask, name: str) -> PropertyDecision:
    text = f"{_HEARD[name]} I have told you what I can; an advisor may be able to do more. Shall somebody call you?"
    state = ask.state.model_copy(update={"offer": Offer(step="callback", listing_id=ask.state.focus)})
    return Decision(text=text, state=state, signals=signals.objection(name, answered=True))


def _what_would_help(ask: Ask, name: str) -> PropertyDecision:
    """Nothing is talked about yet, so the concern becomes a wish."""
    asked = _WISHES[name]
    return Decision(
        text=f"{_HEARD[name]} {asked}",
        state=ask.state.model_copy(update={"open_objection": name}),
        question=question(ask, f"search:{name}", asked),
        signals=signals.objection(name, answered=False),
    )


def _said(ask: Ask, name: str, listing: Listing, answer: _Answer) -> PropertyDecision:
    state = focused(ask.state, listing).model_copy(
        update={
            "answered": tuple(dict.fromkeys((*ask.state.answered, name))),
            "offer": None if answer.instead else Offer(step="callback", listing_id=listing.id),
        }
    )
    cards = [dict(card(each, answer.comparable.homes(each))) for each in answer.instead]
    decision = Decision(
        text=f"{_HEARD[name]} {answer.text}",
        state=state,
        facts={"listing": dict(card(listing)), "alternatives": [*cards]},
        signals=signals.objection(name, answered=True),
    )
    if not answer.instead:
        return decision
    shown = tuple(each.referent for each in answer.instead)
    return replace(decision, data=(DataPart(kind="listings", value=[*cards]),), shown=shown)


async def _price(ask: Ask, listing: Listing) -> _Answer:
    home = ask.state.wanted.homes(listing)[0]
    monthly = example(home)
    instalment = (
        f"A home at {listing.project} for {rupees(home.price)} would be about {exact(monthly.emi)} a month with "
        f"{rupees(monthly.down)} down, at {loans.RATE:g} % over {loans.YEARS} years."
    )
    comparable = _comparable(listing, home, high=home.price - 1)
    cheaper = (await _others(ask, listing, comparable))[-_MOST:]
    if cheaper:
        return _Answer(f"{instalment} These cost less:\n{_lines(comparable, cheaper)}", cheaper, comparable)
    return _Answer(
        f"{instalment} I have nothing comparable for less; an advisor can discuss the price. Shall somebody call you?"
    )


async def _location(ask: Ask, listing: Listing) -> _Answer:
    comparable = _comparable(listing, ask.state.wanted.homes(listing)[0])
    others = await _others(ask, listing, comparable)
    elsewhere = tuple(each for each in others if each.locality != listing.locality)[:_MOST]
    if elsewhere:
        told = f"In other parts of {listing.city} there are:\n{_lines(comparable, elsewhere)}"
        return _Answer(told, elsewhere, comparable)
    return _Answer(
        f"All I have in {listing.city} is in {listing.locality}. An advisor knows the area; shall somebody call you?"
    )


async def _trust(ask: Ask, listing: Listing) -> _Answer:
    finished = await ask.tools.search(Wanted(developer=listing.developer, ready=True), limit=_MOST + 1)
    others = tuple(each for each in finished if each.id != listing.id)[:_MOST]
    registered = (
        f"{listing.project} is registered under RERA number {listing.rera}, where you can check the builder's filings, "
        "and 70 % of what buyers pay must stay in an account for the construction."
    )
    if others:
        names = listed(f"{each.project} in {each.locality}" for each in others)
        return _Answer(f"{registered} {listing.developer} has finished {names}, which you can go and see.")
    return _Answer(f"{registered} An advisor can take you through the papers; shall somebody call you?")


async def _timing(ask: Ask, listing: Listing) -> _Answer:
    when = f"{listing.project}: {readiness(listing)}."
    if listing.status == "ready":
        return _Answer(f"{when} You could move in as soon as the papers are signed. Shall somebody call you about it?")
    comparable = _comparable(listing, ask.state.wanted.homes(listing)[0], ready=True)
    ready = (await _others(ask, listing, comparable))[:_MOST]
    if ready:
        return _Answer(f"{when} These are ready to move in:\n{_lines(comparable, ready)}", ready, comparable)
    return _Answer(
        f"{when} RERA obliges the builder to pay interest for a delay. Shall somebody call you about the dates?"
    )


async def _loan(ask: Ask, listing: Listing) -> _Answer:
    terms = example(ask.state.wanted.homes(listing)[0])
    return _Answer(
        f"For {listing.project} a loan of {rupees(terms.principal)} is about {exact(terms.emi)} a month at "
        f"{loans.RATE:g} % over {loans.YEARS} years, with {rupees(terms.down)} down; a longer term or a co-applicant "
        "makes approval easier. An advisor can check what a bank would grant; shall somebody call you?"
    )


def _comparable(listing: Listing, home: Home, **change: object) -> Wanted:
    """Homes of the same city with as many bedrooms."""
    wanted = Wanted(places=(Place(city=listing.city),), bedrooms=(home.bedrooms,))
    return wanted.model_copy(update=change)


async def _others(ask: Ask, listing: Listing, wanted: Wanted) -> tuple[Listing, ...]:
    return await ask.tools.search(wanted, limit=_ENOUGH, without=(listing.id,))


def _lines(comparable: Wanted, listings: tuple[Listing, ...]) -> str:
    return "\n".join(
        f"{number}. {each.project}, {each.locality}: {home_line(comparable.homes(each)[0])}"
        for number, each in enumerate(listings, 1)
    )


_HEARD: Mapping[str, str] = {
    "price": "I understand that the price matters.",
    "location": "I see that the place has to be right.",
    "trust": "It is wise to check the builder.",
    "timing": "Waiting is not for everyone.",
    "loan": "The loan should not be what stops you.",
}

_WISHES: Mapping[str, str] = {
    "price": "What budget would be comfortable?",
    "location": "Which area or city would suit you better?",
    "trust": "Which project is it about? Or shall I list homes that are ready, so that you see what you buy?",
    "timing": "Shall I list homes that are ready to move in, and in which city?",
    "loan": "How much do you want to borrow, or what is your monthly income?",
}

_ANSWERS: Mapping[str, Callable[[Ask, Listing], Awaitable[_Answer]]] = {
    "price": _price,
    "location": _location,
    "trust": _trust,
    "timing": _timing,
    "loan": _loan,
}

OBJECTIONS: Mapping[str, Handler] = {f"{PREFIX}{name}": objection(name) for name in _ANSWERS}
