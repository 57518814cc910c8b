"""What is said when no listing is asked for: greetings, thanks, help, a refusal, another subject, or doubt."""

import re

from shared.domains.base import Decision
from shared.domains.property.listings import Wanted
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import choices, question
from shared.domains.property.policy.recollection import recollect
from shared.domains.property.state import Offer
from shared.domains.property.words import listed

GREETING = 'Hello! Which home are you looking for? Try "2 BHK in Whitefield under 1.2 Cr".'
CAN_DO = (
    "I can find homes for sale by area, budget and size, tell you about a project, compare projects, "
    "work out a home loan, book a site visit, arrange a call or send a brochure"
)
_NOT_HOMES = re.compile(r"\b(land|plots?|commercial|office|shop|warehouse|farm ?house)\b", re.IGNORECASE)
_SELL = re.compile(r"\b(sell|selling|resale value|list) (my|our)\b", re.IGNORECASE)


async def greeting(ask: Ask) -> PropertyDecision:
    if ask.state.seen or ask.turn.no > 1:
        return _same(ask, "Hello! What shall I look for?")
    return _same(ask, GREETING)


async def thanks(ask: Ask) -> PropertyDecision:
    return _same(ask, "You are welcome. Anything else I can find for you?")


async def goodbye(ask: Ask) -> PropertyDecision:
    return _same(ask, "Goodbye, and good luck with the search. I will remember what you liked.")


async def assistance(ask: Ask) -> PropertyDecision:
    cities = await ask.tools.cities()
    text = f"{CAN_DO}. I have listings in {listed(cities)}. Where are you looking?"
    return Decision(text=text, state=ask.state, facts={"cities": list(cities)})


async def agreement(ask: Ask) -> PropertyDecision:
    """A "yes" to nothing in particular."""
    names = tuple(referent.name for referent in ask.turn.dialogue.shown)
    return _same(ask, f"Good. Which project shall we go on with? {choices(names)}")


async def refusal(ask: Ask) -> PropertyDecision:
    state = ask.state.model_copy(update={"visit": None, "open_objection": None})
    text = "No problem. Tell me if another area, budget or size would suit you better."
    return Decision(text=text, state=state)


async def out_of_scope(ask: Ask) -> PropertyDecision:
    if ask.reading.rents:
        return _same(ask, f"I only have homes for sale, none to rent. {CAN_DO}.")
    if _NOT_HOMES.search(ask.reading.text):
        return _same(ask, f"I only have flats for sale, no land and no commercial space. {CAN_DO}.")
    if _SELL.search(ask.reading.text):
        return _same(ask, f"I help people buy; an advisor can tell you about selling. {CAN_DO}.")
    return Decision(text=f"That is outside what I know. {CAN_DO}.", state=ask.state, free=True)


async def advice(ask: Ask) -> PropertyDecision:
    """Papers, taxes and rules differ by state and by person: those questions are for a human being."""
    text = "That depends on your case and the state's rules: our advisors can tell you exactly. Shall one call you?"
    state = ask.state.model_copy(update={"offer": Offer(step="callback", listing_id=ask.state.focus)})
    return Decision(text=text, state=state)


async def restart(ask: Ask) -> PropertyDecision:
    """Forget the search that stands."""
    update = {"wanted": Wanted(), "seen": (), "focus": None, "table": (), "visit": None}
    words = "A fresh start, then. Which city or area, how many bedrooms, and what budget?"
    return Decision(
        text=words,
        state=ask.state.model_copy(update=update),
        question=question(ask, "search:wishes", words),
        shown=(),
    )


async def unsure(ask: Ask) -> PropertyDecision:
    """Nothing was understood: say what would help, from where the talk is."""
    shown = ask.turn.dialogue.shown
    if ask.turn.dialogue.question is not None:
        return _same(ask, f"I did not get that. {ask.turn.dialogue.question.clarification.question}")
    if shown:
        names = listed((referent.name for referent in shown), "or")
        text = f"I am not sure what you mean. Is it about {names}, or shall I search for something else?"
        return Decision(text=text, state=ask.state, free=True)
    text = "I am not sure what you mean. Which area, budget and number of bedrooms are you looking for?"
    return Decision(text=text, state=ask.state, free=True)


async def frustration(ask: Ask) -> PropertyDecision:
    """The person is annoyed: own it, and offer a human being."""
    text = (
        "I am sorry, I have not been of much help. Shall an advisor call you? Or tell me in other words what you need."
    )
    state = ask.state.model_copy(update={"offer": Offer(step="callback", listing_id=ask.state.focus)})
    return Decision(text=text, state=state)


async def recap(ask: Ask) -> PropertyDecision:
    """What the person has looked at so far, in this session and before."""
    known = await recollect(ask)
    if not known.words:
        return _same(ask, "We have not looked at anything yet. Which area, budget and size are you looking for?")
    state = ask.state.model_copy(update={"offer": known.offer})
    shown = tuple(listing.referent for listing in known.listings) or None
    return Decision(
        text=f"You were exploring {known.words}. {known.suggestion}",
        state=state,
        facts={"listings": [listing.id for listing in known.listings]},
        shown=shown,
    )


def _same(ask: Ask, text: str) -> PropertyDecision:
    return Decision(text=text, state=ask.state)
