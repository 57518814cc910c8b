"""Decides turns at the order desk: what a turn is about, and who answers it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from shared.domains.base import Progress, Turn
from shared.domains.orders.policy.amending import adds, alters, removes
from shared.domains.orders.policy.answering import answer
from shared.domains.orders.policy.changes import amend, cancel, moves, order_number, repeat, unwanted
from shared.domains.orders.policy.context import Ask, Handler, OrdersDecision, Tools, ask_of
from shared.domains.orders.policy.lines import wishes_in
from shared.domains.orders.policy.matching import match
from shared.domains.orders.policy.ordering import order
from shared.domains.orders.policy.questions import invoice, order_status, price, products
from shared.domains.orders.policy.talk import SUBJECTS, talk
from shared.domains.orders.state import OrdersState, Wish

UNSURE: Final = "unsure"
_HANDLERS: Final[Mapping[str, Handler]] = {
    "order": order,
    "amend": amend,
    "cancel": cancel,
    "repeat": repeat,
    "deny": unwanted,
    "order_status": order_status,
    "invoice": invoice,
    "products": products,
    "price": price,
    "stock": price,
    "affirm": talk("all_right"),
    **{subject: talk(subject) for subject in SUBJECTS},
}
_MOST_NAME_WORDS: Final = 3
_PICKING: Final = frozenset({"order", "amend", "products", "affirm", None})
"""Subjects with which an amount is of what was shown."""
_QUESTION: Final = re.compile(
    r"^\W*(?:(?:hi|hello|hey)\W+)?(?:do you (?:have|sell|carry|stock)|have you(?: got)?|got any|is there|are there"
    r"|how (?:much|many)|what(?:'s| is| are| do| does| would)?|any|ada|berapa|adakah)\b"
    r"|\b(?:cost|price|quot(?:e|ation)|in stock|available|harga)\b|多少钱|什么价|有没有|有货|库存|报价|有吗",
    re.IGNORECASE,
)
"""Asks for the price or the stock of goods, with an amount or without."""
_MOST_LETTERS: Final = 2000
"""More is no order; reading it would hold up the others."""


async def decide(turn: Turn[OrdersState], tools: Tools, progress: Progress) -> OrdersDecision:
    """Answer one turn."""
    ask = ask_of(turn, tools, progress)
    subject, decision = await _answered(ask)
    intent = None if subject == UNSURE else subject
    understood = turn.understood
    if decision.state.considered is turn.state.considered:
        decision = replace(decision, state=decision.state.model_copy(update={"considered": ()}))
    return replace(
        decision,
        language=ask.language,
        state=decision.state.model_copy(update={"language": ask.language}),
        understood=understood.model_copy(update={"intent": intent, "language": ask.language}),
    )


async def _answered(ask: Ask) -> tuple[str, OrdersDecision]:
    """The subject of the turn and what is said: what waits for an answer comes first."""
    if len(ask.text) > _MOST_LETTERS:
        return UNSURE, ask.told(ask.say("too_long", most=f"{_MOST_LETTERS:,}"))
    answered = await answer(ask)
    if answered is not None:
        return answered
    subject = _subject(ask)
    if subject == UNSURE and await _names_goods(ask):
        subject = "order"
    return subject, await _HANDLERS[subject](ask)


async def _names_goods(ask: Ask) -> bool:
    """Whether the words are little more than a name or a size of goods."""
    wishes = wishes_in(ask.goods)
    if not wishes or any(len(wish.words.split()) > _MOST_NAME_WORDS for wish in wishes):
        return False
    products = await ask.tools.products()
    return all(0 < len(match(wish, products).products) < len(products) for wish in wishes)


def _subject(ask: Ask) -> str:
    """What the turn is about; goods with an amount are an order whatever it sounds like."""
    intent = ask.turn.understood.intent
    wishes = wishes_in(ask.goods)
    amounts = any(wish.words and wish.quantity for wish in wishes)
    if order_number(ask.text) and intent not in {"cancel", "invoice", "repeat"}:
        return "amend" if amounts or intent == "amend" else "order_status"
    if intent in {"cancel", "repeat", "invoice", "order_status"} and (not amounts or intent == "cancel"):
        return intent
    if amounts and _QUESTION.search(ask.text):
        return "price"
    if intent in {"price", "stock"} and not amounts:
        return intent
    if ask.state.order is not None and _changes(ask, wishes, amounts=amounts):
        return "amend"
    picks = ask.pointed and any(wish.quantity for wish in wishes) and intent in _PICKING
    if amounts or picks:
        return "order"
    return intent if intent is not None and intent in _HANDLERS else UNSURE


def _changes(ask: Ask, wishes: Sequence[Wish], *, amounts: bool) -> bool:
    """Whether the words change the order that stands: its goods, or its day."""
    if amounts:
        return adds(ask.goods) or alters(ask.goods) or moves(ask.text)
    if removes(ask.goods) and any(wish.words for wish in wishes):
        return True
    bare = any((wish.quantity or wish.size) and not wish.words for wish in wishes) and not ask.pointed
    if bare or ask.turn.understood.relation in {"modification", "correction"}:
        return bool(wishes) or ask.day is not None
    return ask.day is not None and moves(ask.text)
