"""Decides turns in the shop: what a turn is about, and who answers it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from shared.domains.base import Decision, Progress, Turn
from shared.domains.shop.policy.context import Ask, Handler, ShopDecision, Tools
from shared.domains.shop.policy.orders import cancel_order, order_history, order_status, send_back
from shared.domains.shop.policy.products import compare, details, search, stock
from shared.domains.shop.policy.reading import read
from shared.domains.shop.policy.talk import (
    agreement,
    assistance,
    goodbye,
    greeting,
    human,
    out_of_scope,
    refusal,
    terms,
    thanks,
    unsure,
)
from shared.domains.shop.state import ShopState
from shared.events.turns import Command

CLOSE: Final = "close"
UNSURE: Final = "unsure"
_ORDER_INTENTS: Final = frozenset({"order_status", "order_history", "return", "cancel_order"})
_SENDS_BACK: Final = re.compile(r"\b(?:return|refund|exchange|send (?:it|them|this) back)\b|退货|退款", re.IGNORECASE)
_REFUSES: Final = re.compile(
    r"^\W*(?:no|nope|nah|never ?mind|don'?t|do not|rather not|keep|leave)\b|^\W*(?:不|别|算了)", re.IGNORECASE
)
_CALLS_OFF: Final = re.compile(r"\bcancel\b|取消", re.IGNORECASE)
_STOCK: Final = re.compile(r"\b(?:stock|available|availability|left|sold out)\b|有货|库存", re.IGNORECASE)
_COMPARES: Final = re.compile(r"\b(?:compare|versus|vs|or|better|difference|which)\b|比较", re.IGNORECASE)

HANDLERS: Final[Mapping[str, Handler]] = {
    "search": search,
    "details": details,
    "stock": stock,
    "compare": compare,
    "order_status": order_status,
    "order_history": order_history,
    "return": send_back,
    "cancel_order": cancel_order,
    "policy": terms,
    "human": human,
    "greeting": greeting,
    "thanks": thanks,
    "goodbye": goodbye,
    "help": assistance,
    "affirm": agreement,
    "deny": refusal,
    "out_of_scope": out_of_scope,
    UNSURE: unsure,
}


async def decide(turn: Turn[ShopState], tools: Tools, progress: Progress) -> ShopDecision:
    """Answer one turn."""
    if isinstance(turn.input, Command):
        text = "This conversation is closed. Write again whenever you like."
        return Decision(text=text, state=turn.state, language="en", effects=(tools.close(turn.session_id, turn.now),))
    ask = Ask(turn, read(turn), tools, progress)
    subject = subject_of(ask)
    decision = await HANDLERS[subject](ask)
    understood = turn.understood
    intent = None if subject == UNSURE else subject
    return replace(
        decision,
        language="en",
        understood=None if understood.intent == intent else understood.model_copy(update={"intent": intent}),
        effects=(*decision.effects, tools.reopen(turn.session_id)),
    )


def subject_of(ask: Ask) -> str:
    """The subject that answers this turn: the open question's, the intent's, or what the words name."""
    intent, pending = ask.turn.understood.intent, ask.state.pending
    if ask.state.confirming is not None and _REFUSES.search(ask.reading.text):
        return "deny"
    if pending is not None and ask.turn.dialogue.question is not None and _answers(ask, pending):
        return pending
    if ask.reading.orders and not ask.reading.products:
        return _about_an_order(ask)
    if intent == "stock" and ask.reading.aspects and not _STOCK.search(ask.reading.text):
        return "details"
    if intent == "compare" and len(ask.reading.products) == 1 and not _COMPARES.search(ask.reading.text):
        return "details"
    if intent == "details" and ask.reading.narrows and not (ask.reading.products or ask.state.product):
        return "search"
    if intent == "search" and ask.reading.products and not ask.reading.narrows:
        return "details"
    return intent or _by_content(ask)


def _about_an_order(ask: Ask) -> str:
    """What is wanted of an order that is named: the verb says it better than the classifier."""
    if _CALLS_OFF.search(ask.reading.text):
        return "cancel_order"
    if _SENDS_BACK.search(ask.reading.text):
        return "return"
    intent = ask.turn.understood.intent
    return intent if intent in _ORDER_INTENTS - {"order_history"} else "order_status"


def _answers(ask: Ask, pending: str) -> bool:
    """Whether the turn answers what was asked, rather than change the subject."""
    asked, intent = ask.turn.dialogue.question, ask.turn.understood.intent
    if asked is not None and asked.about == "confirm":
        return intent == "affirm"
    elsewhere = intent is not None and intent != pending and ask.turn.understood.relation != "answer"
    if pending in _ORDER_INTENTS:
        named = bool(ask.reading.orders or ask.reading.products or ask.reading.latest)
        return named and (not elsewhere or intent in {"search", "details", "order_history", *_ORDER_INTENTS - {intent}})
    if asked is not None and asked.about == "category":
        return False
    return bool(ask.reading.products) and not elsewhere


def _by_content(ask: Ask) -> str:
    if ask.reading.orders:
        return "order_status"
    if ask.reading.products:
        return "details"
    return "search" if ask.reading.narrows else UNSURE
