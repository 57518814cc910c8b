"""The greeting that opens the second session of a returning user, and only that."""

from dataclasses import replace

from pydantic import JsonValue

from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.recollection import recollect


async def welcomed(ask: Ask, decision: PropertyDecision, *, answers: bool) -> PropertyDecision:
    """The decision opened by a greeting that names what the person was looking at.

    When the turn was no more than a greeting (`answers` is false), the welcome is the whole reply, and what it names
    and suggests is what later words may refer to. Without a profile, which may be late, nothing is named.
    """
    person = ask.turn.person
    if person is None:
        return replace(decision, text=f"Welcome back! {decision.text if answers else _OPEN}")
    known = await recollect(ask)
    name = f", {person.name.split()[0]}" if person.name else ""
    if not known.words:
        return replace(decision, text=f"Welcome back{name}! {decision.text if answers else _OPEN}")
    opening = f"Welcome back{name}! You were exploring {known.words}. {known.suggestion}"
    facts: dict[str, JsonValue] = {**decision.facts, "exploring": [listing.id for listing in known.listings]}
    if answers:
        return replace(decision, text=f"{opening}\n\n{decision.text}", facts=facts)
    only = known.listings[0].id if known.listings else None
    state = decision.state.model_copy(update={"wanted": known.wanted, "offer": known.offer, "focus": only})
    shown = tuple(listing.referent for listing in known.listings)
    return replace(decision, text=opening, facts=facts, state=state, shown=shown)


_OPEN = "It is good to see you again. What shall I look for today?"
