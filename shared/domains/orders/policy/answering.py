"""The question that is open: whether a turn answers it, and what follows."""

import re
from dataclasses import replace
from typing import Final

from shared.domains.orders.policy.changes import amend, confirmed_cancel, deliver_to
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.drafts import bare_size, completed, declined, options_of
from shared.domains.orders.policy.lines import answer_in, wishes_in
from shared.domains.orders.policy.matching import match, names_others
from shared.domains.orders.policy.ordering import ordered
from shared.domains.orders.state import Draft, Wish

_BUSINESS: Final = frozenset(
    {"repeat", "order_status", "invoice", "products", "price", "stock", "human", "help", "terms"}
)
"""Subjects that "ok, ..." may go on to."""
_ELSEWHERE: Final = _BUSINESS | {"cancel", "greeting", "thanks", "goodbye"}
"""Subjects that somebody may turn to instead of answering a question."""
_YES: Final = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|yup|sure|ok(?:ay)?|fine|please do|go ahead|that'?s fine|no (?:problem|worries)|ya|boleh"
    r"|baik|setuju)\b|好的?|可以|行|要|是的?|没问题)",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"^\W*(?:(?:no(?! (?:problem|worries))|nope|nah|never ?mind|don'?t|do not|leave|keep|tidak|tak|jangan)\b"
    r"|不|别|算了)",
    re.IGNORECASE,
)
_SPOKEN: Final = re.compile(r"\w")


async def answer(ask: Ask) -> tuple[str, OrdersDecision] | None:
    """The subject and the answer to the question that is open; None when the turn is about something else."""
    state = ask.state
    if state.cancelling is not None and _is_asked(ask, "cancel"):
        if _says_yes(ask):
            return "affirm", await confirmed_cancel(ask, state.cancelling)
        if _NO.search(ask.text):
            return "deny", ask.told(ask.say("kept", order=state.cancelling), cancelling=None)
    if state.considered and not wishes_in(ask.goods) and _takes(ask):
        return "affirm", await ordered(ask, state.considered)
    if state.draft is not None and await _answers(ask, state.draft):
        return await _drafted(ask, state.draft)
    if state.altering is not None and _is_asked(ask, "line"):
        return await _altered(ask, state.altering)
    return None if state.needs_address is None else await _placed(ask, state.needs_address)


def _is_asked(ask: Ask, about: str) -> bool:
    """Whether this is what was asked last: a yes to anything else must not be taken for its answer."""
    question = ask.turn.dialogue.question
    return question is not None and question.about == about


def _says_yes(ask: Ask) -> bool:
    """ "Yes", and not "ok, and where is it"."""
    said = _YES.search(ask.text)
    if said is None:
        return False
    return ask.turn.understood.intent not in _BUSINESS or not _SPOKEN.search(ask.text, said.end())


def _takes(ask: Ask) -> bool:
    """Whether what was considered is wanted: "yes", "ok send them"."""
    return _says_yes(ask) or ask.turn.understood.intent in {"order", "affirm"}


async def _drafted(ask: Ask, draft: Draft) -> tuple[str, OrdersDecision]:
    ask = replace(_without_yes_or_no(ask), day=ask.day or draft.deliver_on, place=ask.place or draft.place)
    if _NO.search(ask.text) and not wishes_in(ask.goods):
        return "deny", await declined(ask, draft)
    return ("affirm" if draft.missing == "offer" else "order"), await completed(ask, draft)


async def _altered(ask: Ask, change: str) -> tuple[str, OrdersDecision] | None:
    """The change that did not say which line, or how many, now that it is said."""
    intent = ask.turn.understood.intent
    if _NO.search(ask.text) and not wishes_in(ask.goods):
        return "deny", ask.told(ask.say("kept", order=ask.state.order), altering=None)
    return None if intent in _ELSEWHERE else ("amend", await amend(replace(ask, goods=f"{change} {ask.goods}")))


async def _placed(ask: Ask, number: str) -> tuple[str, OrdersDecision] | None:
    """Where the order goes; asked again when the place that is named is none that is known."""
    told = await deliver_to(ask, number)
    if told is None and _is_asked(ask, "place") and ask.turn.understood.relation == "answer":
        if ask.turn.understood.intent in _ELSEWHERE or any(wish.quantity or wish.size for wish in wishes_in(ask.goods)):
            return None
        told = ask.question("place", ask.say("ask_place"))
    return None if told is None else ("delivery_address", told)


async def _answers(ask: Ask, draft: Draft) -> bool:
    """Whether the turn answers what the draft waits for, rather than change the subject.

    What is missing may also be said later. An offer has to be answered at once.
    """
    asked = _is_asked(ask, draft.missing)
    said, _ = answer_in(_without_yes_or_no(ask).goods)
    if draft.missing == "offer":
        changes = not said.words and (said.quantity or said.size)
        return asked and bool(changes or _says_yes(ask) or _NO.search(ask.text))
    if await _fills(ask, draft, said):
        return asked or not names_others(said, draft.options, await ask.tools.products())
    return asked and (bool(_NO.search(ask.text)) or ask.turn.understood.intent not in _ELSEWHERE)


async def _fills(ask: Ask, draft: Draft, said: Wish) -> bool:
    """Whether the words have what is missing."""
    match draft.missing:
        case "quantity":
            return said.quantity is not None
        case "size":
            return bool(said.size or bare_size(ask.goods, await options_of(ask, draft)))
        case _:
            options = await options_of(ask, draft)
            return bool(said.size or said.words) and len(match(said, options).products) in range(1, len(options))


def _without_yes_or_no(ask: Ask) -> Ask:
    """What is said beside yes or no: "no problem, send 250"."""
    return replace(ask, goods=_NO.sub(" ", _YES.sub(" ", ask.goods)))
