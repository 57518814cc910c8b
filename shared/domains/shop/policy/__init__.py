"""Decides turns in the shop: what a turn is about, and who answers it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from shared.domains.base import Decision, Progress, Turn
from shared.domains.shop.policy.context import Ask, Handler, ShopDecision, Tools
from shared.domains.shop.policy.orders import cancel_order, order_history, order_status, send_back
from shared.domains.shop.policy.products import compare, details, purchase, search, stock
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
    terms_asked,
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
_SIDE_BY_SIDE: Final = re.compile(
    r"\b(?:compare\w*|comparison|versus|vs|or|better|best|differ\w*|cheap\w*|ones?|them|these|those|two|three|both|"
    r"first|second|between)\b|比较|哪|区别",
    re.IGNORECASE,
)
"""Words of one who weighs products against each other, though none is named."""
_OTHER_ONE: Final = re.compile(r"\bother (?:one|order)\b|另外?(?:一个|一单)", re.IGNORECASE)
_PERSON: Final = r"(?:person|agent|manager|supervisor|representative|employee)"
_WANTS_A_PERSON: Final = re.compile(
    r"(?<!no )(?<!not a )\bhumans?\b"
    rf"|\b(?:talk|speak|chat|connect|transfer)\b[^.,!?]{{0,20}}\b(?:someone|somebody|{_PERSON})\b"
    rf"|\b(?:get|give|want|need)\b(?: me)? (?:an? |the |your )(?:(?:real|live|actual) )?{_PERSON}\b"
    "|转人工|真人|人工客服",
    re.IGNORECASE,
)
_BUYS: Final = re.compile(
    r"\bi(?:'?ll| will) take (?:it|this|that|one|them|the)\b|\badd (?:\w+ ){0,3}to (?:the |my )?(?:cart|basket|bag)\b"
    r"|\b(?:buy|purchase|order) (?:it|this|that|one|them)\b(?! (?:on|yesterday|last))|\bcheck ?out\b|下单|加入购物车",
    re.IGNORECASE,
)
_NOT_RECEIVED: Final = re.compile(
    r"\b(?:never|not|didn'?t|haven'?t) (?:got|get|gotten|received?|come|arrived?)\b", re.I
)
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
    "purchase": purchase,
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
    """The subject that answers this turn: the open question's, what the words name plainly, or the intent's."""
    return _answered_subject(ask) or _plain_subject(ask) or _corrected(ask) or _by_content(ask)


def _answered_subject(ask: Ask) -> str | None:
    """The subject of the open question, when this is its answer."""
    pending = ask.state.pending
    if ask.state.confirming is not None and _REFUSES.search(ask.reading.text):
        return "deny"
    asked = pending is not None and ask.turn.dialogue.question is not None
    return pending if pending is not None and asked and _answers(ask, pending) else None


def _plain_subject(ask: Ask) -> str | None:
    """The subject of words that say it better than the classifier."""
    if _WANTS_A_PERSON.search(ask.reading.text):
        return "human"
    if ask.reading.orders and not ask.reading.products:
        return _about_an_order(ask)
    if _BUYS.search(ask.reading.text):
        return "purchase"
    if ask.turn.understood.intent == "deny" and _NOT_RECEIVED.search(ask.reading.text):
        return "order_status"
    if ask.turn.understood.intent == "search" and _means_another_order(ask):
        return "order_status"
    return None


def _corrected(ask: Ask) -> str | None:
    """The intent, or its neighbour where what is named does not go with it."""
    intent, reading = ask.turn.understood.intent, ask.reading
    match intent:
        case "stock" if reading.aspects and not _STOCK.search(reading.text):
            return "details"
        case "compare" if len(reading.products) == 1 and not _COMPARES.search(reading.text):
            return "details"
        case "compare" if not (reading.products or _SIDE_BY_SIDE.search(reading.text)):
            return "search"
        case "details" if reading.narrows and not (reading.products or ask.state.product):
            return "details" if reading.cheapest and len(ask.shown("product")) > 1 else "search"
        case "human" if reading.narrows or reading.products:
            return "search" if reading.narrows else "details"
        case "affirm" | "deny" | "help" | "out_of_scope" if reading.cheapest or (reading.narrows and reading.aspects):
            return "search"
        case "search" if reading.products and not reading.narrows:
            return "details"
    return intent


def _means_another_order(ask: Ask) -> bool:
    """Whether "the other one" is an order: only orders are on the table."""
    return _OTHER_ONE.search(ask.reading.text) is not None and bool(ask.shown("order")) and not ask.shown("product")


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
    if ask.reading.narrows:
        return "search"
    return "policy" if terms_asked(ask.reading.text) else UNSURE
