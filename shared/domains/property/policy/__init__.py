"""Decides turns about homes for sale: which subject a turn is about, and who answers it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from shared.domains.base import Progress, Turn
from shared.domains.property.policy.comparing import compare
from shared.domains.property.policy.contact import brochure, callback, contact, details_given
from shared.domains.property.policy.context import Ask, Handler, PropertyDecision, Tools
from shared.domains.property.policy.details import details, like
from shared.domains.property.policy.lending import loan
from shared.domains.property.policy.objections import OBJECTIONS
from shared.domains.property.policy.pricing import price
from shared.domains.property.policy.reading import read
from shared.domains.property.policy.search import search
from shared.domains.property.policy.subject import subject_of
from shared.domains.property.policy.talk import (
    advice,
    agreement,
    assistance,
    frustration,
    goodbye,
    greeting,
    out_of_scope,
    recap,
    refusal,
    restart,
    thanks,
    unsure,
)
from shared.domains.property.policy.visits import cancel_visit, my_visits, visit
from shared.domains.property.policy.welcome import welcomed
from shared.domains.property.state import PropertyState
from shared.events.signals import Signal

UNSURE = "unsure"
_ANNOYED = 0.6

HANDLERS: Mapping[str, Handler] = {
    "search": search,
    "details": details,
    "like": like,
    "compare": compare,
    "price": price,
    "loan": loan,
    "visit": visit,
    "cancel_visit": cancel_visit,
    "my_visits": my_visits,
    "callback": callback,
    "brochure": brochure,
    "contact": details_given,
    "recap": recap,
    "restart": restart,
    "advice": advice,
    "greeting": greeting,
    "thanks": thanks,
    "goodbye": goodbye,
    "help": assistance,
    "affirm": agreement,
    "deny": refusal,
    "frustration": frustration,
    "out_of_scope": out_of_scope,
    UNSURE: unsure,
    **OBJECTIONS,
}
"""Subject of a turn -> who answers it. Apart from `contact` and `unsure` they are the pack's intents."""


async def decide(turn: Turn[PropertyState], tools: Tools, progress: Progress) -> PropertyDecision:
    """Answer one turn."""
    known = turn.state.acquainted(turn.person) if turn.person and turn.no == 1 else turn.state
    settled = replace(turn, state=known.model_copy(update={"offer": None}))
    ask = Ask(settled, read(settled), tools, progress, offer=turn.state.offer)
    subject = subject_of(ask)
    decision = _with_mood(ask, subject, await HANDLERS[subject](ask))
    if turn.returning:
        decision = await welcomed(ask, decision, answers=subject not in {"greeting", UNSURE})
    return _completed(ask, subject, decision)


def _with_mood(ask: Ask, subject: str, decision: PropertyDecision) -> PropertyDecision:
    """Acknowledge annoyance before the answer, where the answer is not itself about it."""
    if subject == "frustration" or ask.turn.understood.frustration < _ANNOYED:
        return decision
    return replace(decision, text=f"I am sorry that this is taking long. {decision.text}")


def _completed(ask: Ask, subject: str, decision: PropertyDecision) -> PropertyDecision:
    """Add what every turn tells: the intent it was answered as, and the contact details."""
    intent = None if subject in {UNSURE, "contact"} else subject
    understood = ask.turn.understood
    settled = _settles(ask, decision)
    return replace(
        decision,
        language="en",
        state=_remembering(ask, decision, settled),
        understood=None if understood.intent == intent else understood.model_copy(update={"intent": intent}),
        signals=(*decision.signals, *settled),
        contact=contact(ask),
    )


def _remembering(ask: Ask, decision: PropertyDecision, settled: tuple[Signal, ...]) -> PropertyState:
    views = Counter(decision.state.views)
    views.update(signal.name for signal in decision.signals if signal.kind == "view")
    answered = (*decision.state.answered, *(signal.name for signal in settled))
    update = {"views": dict(views), "answered": answered, "reachable": ask.reachable}
    if settled:
        update["open_objection"] = None
    return decision.state.model_copy(update=update)


def _settles(ask: Ask, decision: PropertyDecision) -> tuple[Signal, ...]:
    """A concern that waited for a figure is answered by the listings that now fit."""
    waiting = ask.state.open_objection
    answered = waiting is not None and any(part.kind in {"listings", "loan"} for part in decision.data)
    return (Signal(kind="objection_answered", name=waiting),) if answered and waiting else ()
