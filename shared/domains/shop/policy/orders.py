"""Questions about the caller's own orders: where they are, what they were, sending back, calling off."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from pydantic import JsonValue

from shared.domains.base import Decision
from shared.domains.shop.catalogue import RETURN_DAYS, Order, Wanted
from shared.domains.shop.outcomes import OrderCancelled, ReturnRequested
from shared.domains.shop.policy.context import Ask, ShopDecision
from shared.domains.shop.state import Step
from shared.domains.shop.words import contents, day, listed, money
from shared.events.replies import DataPart
from shared.events.signals import Signal

_MOST: Final = 5
_OPEN: Final = frozenset({"processing", "shipped"})
_POINTS: Final = re.compile(r"\b(?:it|this|that)\b", re.IGNORECASE)
_ANOTHER: Final = re.compile(r"\bother\b|另", re.IGNORECASE)
"""Another order than the one that was talked about."""
_ASKS_WHETHER: Final = re.compile(
    r"\b(?:can|could|may) (?:i|we) (?:still )?(?:cancel|call off)|\bcan (?!you\b)\S+ (?:\S+ )?(?:still )?be cancell?ed|"
    r"\b(?:able|possible|too late) to cancel|\bstill cancel",
    re.IGNORECASE,
)
"""Words that ask whether it can be done: they are answered, and done only after a yes."""


async def order_status(ask: Ask) -> ShopDecision:
    """Say where an order is."""
    await ask.progress.step("Looking up your orders")
    chosen = await _chosen(ask, "order_status", "Which order", lambda order: order.status in _OPEN)
    if not isinstance(chosen, Order):
        return chosen
    return _told(ask, chosen, _status(chosen))


def _status(order: Order) -> str:
    name = f"Order #{order.id} ({contents(order)})"
    match order.status:
        case "processing":
            due = f" and should arrive on {day(order.expected)}" if order.expected else ""
            return f"{name} is being prepared{due}."
        case "shipped":
            due = f" It should arrive on {day(order.expected)}." if order.expected else ""
            return f"{name} is on its way, tracking number {order.tracking}.{due}"
        case "delivered":
            return f"{name} was delivered on {day(order.delivered)}." if order.delivered else f"{name} was delivered."
        case "returned":
            return f"{name} was returned and refunded."
        case "cancelled":
            return f"{name} was cancelled."


async def order_history(ask: Ask) -> ShopDecision:
    """List what was ordered, the latest first."""
    orders = await ask.tools.orders()
    if not orders:
        return _none(ask)
    if ask.reading.latest and not ask.reading.everything:
        return _told(ask, orders[0], _status(orders[0]))
    told = "; ".join(
        f"#{order.id} of {day(order.ordered)}: {contents(order)}, {money(order.total)}, {order.status}"
        for order in orders[:_MOST]
    )
    more = f" And {len(orders) - _MOST} earlier ones." if len(orders) > _MOST else ""
    return Decision(
        text=f"Your orders, the latest first: {told}.{more}",
        state=ask.state.model_copy(update={"pending": None}),
        facts={"orders": [_facts(order) for order in orders]},
        data=(DataPart(kind="orders", value=[_facts(order) for order in orders]),),
        shown=tuple(order.referent for order in orders[:_MOST]),
    )


async def send_back(ask: Ask) -> ShopDecision:
    """Start a return, after a yes."""
    chosen = await _chosen(ask, "return", "Which order do you want to return", partial(_returnable, ask))
    if not isinstance(chosen, Order):
        return chosen
    reason = _not_returnable(ask, chosen)
    if reason is not None:
        return _told(ask, chosen, reason)
    if _confirmed(ask, "return", chosen):
        return _returned(ask, chosen)
    words = f"Shall I start a return of order #{chosen.id} ({contents(chosen)}, {money(chosen.total)})?"
    return _to_confirm(ask, "return", chosen, words)


def _returnable(ask: Ask, order: Order) -> bool:
    return _not_returnable(ask, order) is None


def _not_returnable(ask: Ask, order: Order) -> str | None:
    name = f"Order #{order.id} ({contents(order)})"
    if order.return_requested or order.status == "returned":
        return f"A return of order #{order.id} is under way already."
    if order.status == "processing":
        return f"{name} was not sent yet, so there is nothing to return. I can cancel it instead."
    if order.status != "delivered" or order.delivered is None:
        return f"{name} is {order.status}: it can be returned once it is delivered."
    last = order.delivered + timedelta(days=RETURN_DAYS)
    if ask.turn.now.date() > last:
        return (
            f"{name} could be returned until {day(last)}, {RETURN_DAYS} days after delivery. That is over, I am sorry."
        )
    return None


def _returned(ask: Ask, order: Order) -> ShopDecision:
    return_id = ask.turn.row_id("return")
    text = (
        f"Your return of order #{order.id} is registered. Pack the {contents(order)}, and a label comes by e-mail. "
        f"{money(order.total)} is refunded once it is back."
    )
    return Decision(
        text=text,
        state=ask.state.model_copy(update={"confirming": None, "pending": None, "order": order.id}),
        facts={"order": _facts(order), "return_id": str(return_id)},
        effects=(ask.tools.send_back(return_id, order, ask.turn.now),),
        outcomes=(ask.turn.outcome(ReturnRequested, return_id=return_id, order_id=order.id),),
        signals=(Signal(kind="action", name="return", value={"item": order.id}),),
    )


async def cancel_order(ask: Ask) -> ShopDecision:
    """Call off an order that was not sent yet."""
    chosen = await _chosen(
        ask, "cancel_order", "Which order shall I cancel", lambda order: order.status == "processing"
    )
    if not isinstance(chosen, Order):
        return chosen
    if chosen.status == "cancelled":
        return _told(ask, chosen, f"Order #{chosen.id} ({contents(chosen)}) is cancelled already.")
    if chosen.status != "processing":
        ways = " I can start a return once it is delivered." if chosen.status == "shipped" else ""
        return _told(ask, chosen, f"Order #{chosen.id} is {chosen.status} and cannot be cancelled.{ways}")
    if _ASKS_WHETHER.search(ask.reading.text) and not _confirmed(ask, "cancel_order", chosen):
        words = f"Order #{chosen.id} ({contents(chosen)}) can still be cancelled. Shall I cancel it?"
        return _to_confirm(ask, "cancel_order", chosen, words)
    decision = _told(ask, chosen, f"Order #{chosen.id} ({contents(chosen)}) is cancelled. Nothing is charged.")
    return Decision(
        text=decision.text,
        state=decision.state,
        facts=decision.facts,
        effects=(ask.tools.cancel(chosen),),
        outcomes=(ask.turn.outcome(OrderCancelled, order_id=chosen.id),),
        signals=(Signal(kind="action", name="cancel_order", value={"item": chosen.id}),),
    )


def _confirmed(ask: Ask, step: Step, order: Order) -> bool:
    """Whether this is the yes to what was asked about this order."""
    waits = (ask.state.pending, ask.state.confirming) == (step, order.id)
    return waits and ask.turn.understood.intent == "affirm"


def _to_confirm(ask: Ask, step: Step, order: Order, words: str) -> ShopDecision:
    decision = ask.question(step, "confirm", words, ("yes", "no"))
    state = decision.state.model_copy(update={"confirming": order.id, "order": order.id})
    return replace(decision, state=state, facts={"order": _facts(order)})


async def _chosen(ask: Ask, step: Step, words: str, likely: Callable[[Order], bool]) -> Order | ShopDecision:
    """The order that is meant, or the question which: asked only when neither words nor talk say it."""
    if ask.reading.orders:
        order = await ask.tools.order(ask.reading.orders[0])
        return order if order is not None else await _unknown(ask, ask.reading.orders[0])
    orders = await ask.tools.orders()
    if not orders:
        return _none(ask)
    skus = await _products_named(ask)
    by_product = [
        order for order in orders if order.id in ask.reading.numbers or skus & {line.sku for line in order.lines}
    ]
    if skus and not by_product:
        return Decision(text=f"You have not ordered that from us. Your orders are {_names(orders)}.", state=ask.state)
    before = _spoken_of(ask, step)
    spoken_of = [order for order in orders if order.id == before]
    if spoken_of and not by_product and not _ANOTHER.search(ask.reading.text):
        return spoken_of[0]
    candidates = by_product or [order for order in orders if likely(order) and order not in spoken_of]
    if ask.reading.latest or len(candidates) == 1:
        return (candidates or list(orders))[0]
    if not candidates:
        return _no_candidate(ask, step, orders)
    names = tuple(f"#{order.id}" for order in candidates[:_MOST])
    return ask.question(step, "order", f"{words}, {listed(names, 'or')}?", names)


async def _products_named(ask: Ask) -> frozenset[str]:
    """The SKUs that are named, or all of a category that is: "my headphones"."""
    if ask.reading.products or ask.reading.category is None:
        return frozenset(ask.reading.products)
    return frozenset(each.sku for each in await ask.tools.search(Wanted(category=ask.reading.category), limit=100))


def _spoken_of(ask: Ask, step: Step) -> str | None:
    """The order that the talk is about: one that was asked back, or that "it" follows up."""
    if step == ask.state.pending and ask.state.confirming is not None:
        return ask.state.confirming
    pointed = ask.state.order in ask.shown("order") and _POINTS.search(ask.reading.text) is not None
    follows = step == ask.state.pending or ask.turn.understood.relation != "fresh" or pointed
    return ask.state.order if follows else None


def _no_candidate(ask: Ask, step: Step, orders: Sequence[Order]) -> ShopDecision:
    reason = {
        "order_status": "Nothing is on its way to you.",
        "return": "None of your orders can be returned now.",
        "cancel_order": "None of your orders can be cancelled any more.",
    }.get(step, "")
    latest = orders[0]
    return Decision(
        text=f"{reason} Your latest order: {_status(latest)}",
        state=ask.state.model_copy(update={"pending": None}),
        shown=(latest.referent,),
    )


async def _unknown(ask: Ask, order_id: str) -> ShopDecision:
    """Absent, and somebody else's, are the same to the caller."""
    orders = await ask.tools.orders()
    own = f" Your orders are {_names(orders)}." if orders else ""
    return Decision(text=f"I find no order #{order_id} of yours.{own}", state=ask.state)


def _none(ask: Ask) -> ShopDecision:
    return Decision(text="You have no orders with us yet. What are you looking for?", state=ask.state)


def _names(orders: Sequence[Order]) -> str:
    return listed(f"#{order.id}" for order in orders[:_MOST])


def _told(ask: Ask, order: Order, text: str) -> ShopDecision:
    return Decision(
        text=text,
        state=ask.state.model_copy(update={"order": order.id, "pending": None, "confirming": None}),
        facts={"order": _facts(order)},
        data=(DataPart(kind="order", value=_facts(order)),),
        shown=(order.referent,),
    )


def _facts(order: Order) -> dict[str, JsonValue]:
    facts: dict[str, JsonValue] = order.model_dump(mode="json") | {"total": order.total}
    return facts
