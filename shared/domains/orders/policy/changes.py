"""What happens to orders that were placed: changed, called off, repeated, told where to go."""

import re
from dataclasses import replace
from typing import Final

from shared.domains.orders.catalogue import Order
from shared.domains.orders.policy.amending import adds, altered, alters, of_own_lines, open_until, removes, shrunk
from shared.domains.orders.policy.context import DOCUMENT, Ask, OrdersDecision
from shared.domains.orders.policy.documents import Destination, called_off, contents, facts, scheduled
from shared.domains.orders.policy.lines import wishes_in
from shared.domains.orders.policy.matching import match
from shared.domains.orders.policy.ordering import order as order_goods
from shared.domains.orders.policy.ordering import ordered
from shared.domains.orders.policy.places import outlet_in
from shared.domains.orders.state import Wish
from shared.domains.orders.words import day
from shared.events.replies import DataPart

_ADDING: Final = re.compile(r"(?:[,，]|\b(?:and|plus|dan)\b)?\s*(?:also\s+)?(?:\b(?:add|tambah)\b|再加)", re.IGNORECASE)
_ASKS_WHETHER: Final = re.compile(
    r"\b(?:can|could|may) (?:i|we) (?:still )?cancel|\b(?:possible|too late) to cancel|\bstill cancel"
    r"|boleh .*batal|可以取消吗|还能取消",
    re.IGNORECASE,
)
_MOVES: Final = re.compile(
    r"\b(?:instead|move|postpone|reschedule|change|rather|later|earlier|tukar|ubah|tangguh\w*)\b|改|换|推迟|提前",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"\d.{0,40}?(?<!\bthe )\b(?:road|rd|street|st|avenue|ave|lane|drive|central|way|close|crescent)\b"
    r"|\b(?:jalan|jln|lorong|blk|block)\b.{0,40}?\d|\bsingapore\b|#\d+-\d+|(?<![-\d])\d{6}(?!\d)"
    r"|[\u4e00-\u9fff][路街道巷]\s*\d|\d\s*号",
    re.IGNORECASE,
)
_LONGEST_ADDRESS: Final = 300
_UNWANTED: Final = re.compile(
    r"\b(?:don'?t|do not|no longer) (?:want|need)|\btak (?:nak|mahu|jadi)\b|\btidak mahu\b|不要|不需要", re.IGNORECASE
)
_CANCELS: Final = re.compile(r"\b(?:cancel|call off|batal(?:kan)?)\b|取消|不要", re.IGNORECASE)


async def amend(ask: Ask) -> OrdersDecision:
    """Change the order that is meant; without one, what is said is an order of its own."""
    order = await meant(ask)
    wishes = wishes_in(ask.goods)
    if not isinstance(order, Order):
        return await order_goods(ask) if wishes and order_number(ask.text) is None else order
    refusal = open_until(ask, order)
    if refusal is not None:
        return refusal
    if not wishes and _UNWANTED.search(ask.text):
        return _whether_to_cancel(ask, order)
    if removes(ask.goods):
        return await shrunk(ask, order)
    first = _ADDING.split(ask.goods, maxsplit=1)[0]
    if first.strip() != ask.goods.strip() and alters(first):
        decision = await altered(replace(ask, goods=first), order)
        return replace(decision, text=f"{decision.text}\n{ask.say('one_at_a_time')}")
    if adds(ask.goods) and any(wish.words for wish in wishes):
        own = of_own_lines(ask.goods, wishes, order, await ask.tools.products())
        return await ordered(ask, own, adds_to=order.number)
    if ask.day is not None and not any(wish.quantity or wish.size for wish in wishes):
        return _moved(ask, order)
    return await altered(ask, order)


def moves(text: str) -> bool:
    """Whether the words put something off or forward."""
    return bool(_MOVES.search(text))


def _moved(ask: Ask, order: Order) -> OrdersDecision:
    """The order on another day."""
    delivery = order.delivery.model_copy(update={"deliver_on": ask.delivery_day})
    order = order.model_copy(update={"delivery": delivery})
    told = ask.say("moved", order=order.number, day=day(delivery.deliver_on, ask.language))
    decision = ask.told(told, order=order.number)
    return replace(
        decision,
        effects=ask.tools.move(order, delivery.deliver_on),
        outcomes=(scheduled(ask, order),),
        data=(DataPart(kind="order", value=facts(order)),),
        facts={"order": facts(order)},
    )


async def cancel(ask: Ask) -> OrdersDecision:
    """Call the order off that is meant; who only asks whether it can be done is asked back."""
    order = await meant(ask)
    if not isinstance(order, Order):
        return order
    refusal = open_until(ask, order)
    if refusal is not None:
        return refusal
    if _ASKS_WHETHER.search(ask.text) or ask.turn.understood.intent == "deny":
        return _whether_to_cancel(ask, order)
    goods = replace(ask, goods=_CANCELS.sub(" ", ask.goods))
    part = any(wish.quantity or wish.size for wish in wishes_in(goods.goods)) or await _named_goods(goods)
    return await shrunk(goods, order) if part else called_off(ask, order)


def _whether_to_cancel(ask: Ask, order: Order) -> OrdersDecision:
    text = ask.say("ask_cancel", order=order.number, contents=contents(order, ask))
    return ask.question("cancel", text, cancelling=order.number, order=order.number)


async def unwanted(ask: Ask) -> OrdersDecision:
    """A no that answers no question: it may be that the order is not wanted any more, which is asked."""
    if ask.state.order is None or not _UNWANTED.search(ask.text):
        return ask.told(ask.say("all_right"))
    return await cancel(ask)


async def confirmed_cancel(ask: Ask, number: str) -> OrdersDecision:
    """The yes to whether an order is cancelled."""
    order = await ask.tools.order(number)
    if order is None:
        return ask.told(ask.say("unknown_order", number=number), cancelling=None)
    return open_until(ask, order) or called_off(ask, order)


async def repeat(ask: Ask) -> OrdersDecision:
    """The same as last time, once more."""
    earlier = [order for order in await ask.tools.orders(5) if order.status == "placed"]
    if not earlier:
        return ask.told(ask.say("no_orders"))
    lines = earlier[0].lines
    said = [wish.quantity for wish in wishes_in(ask.goods) if wish.quantity and not wish.words]
    amount = said[0] if said and len(lines) == 1 else None
    return await ordered(ask, [Wish(words=line.name, quantity=amount or line.quantity, sku=line.sku) for line in lines])


async def deliver_to(ask: Ask, number: str) -> OrdersDecision | None:
    """Say where an order goes; None when the words name no place."""
    order = await ask.tools.order(number)
    outlet = outlet_in(ask.text, await ask.tools.outlets())
    if order is None or order.status == "cancelled" or (outlet is None and not await _is_address(ask)):
        return None
    to = Destination.of(outlet) if outlet else Destination(ask.text.strip(), None)
    delivery = order.delivery.model_copy(update={"address": to.address, "outlet_id": to.outlet_id})
    told = ask.say("place_set", order=order.number, place=to.address, day=day(order.delivery.deliver_on, ask.language))
    order = order.model_copy(update={"delivery": delivery})
    decision = ask.told(told, needs_address=None, order=order.number)
    return replace(
        decision,
        effects=ask.tools.deliver_to(order, outlet, to.address),
        outcomes=(scheduled(ask, order),),
        data=(DataPart(kind="order", value=facts(order)),),
        facts={"order": facts(order)},
    )


async def _is_address(ask: Ask) -> bool:
    """Whether the words are an address: they look like one, and speak of no order and no goods."""
    if len(ask.text) > _LONGEST_ADDRESS or order_number(ask.text) or not _ADDRESS.search(ask.text):
        return False
    return not await _named_goods(ask)


async def _named_goods(ask: Ask) -> bool:
    products = await ask.tools.products()
    wishes = [wish for wish in wishes_in(ask.goods) if wish.words]
    return any(match(Wish(words=wish.words), products).products for wish in wishes)


async def meant(ask: Ask) -> Order | OrdersDecision:
    """The order that is named, spoken of, or placed last."""
    await ask.progress.step(ask.say("step_looking"))
    number = order_number(ask.text)
    if number is not None:
        found = await ask.tools.order(number)
        return found or ask.told(ask.say("unknown_order", number=number))
    if ask.state.order is not None:
        order = await ask.tools.order(ask.state.order)
        if order is not None:
            return order
    latest = await ask.tools.orders(1)
    return latest[0] if latest else ask.told(ask.say("no_orders"))


def order_number(text: str) -> str | None:
    """The number of an order or one of its documents: SO-000123."""
    found = DOCUMENT.search(text)
    return None if found is None else f"{found['kind'].upper()}-{int(found['digits']):06d}"
