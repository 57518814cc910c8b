"""Questions: what there is, what it costs, what is in stock, where an order is, its invoice."""

from dataclasses import replace

from shared.domains.orders.catalogue import Order, Product
from shared.domains.orders.policy.changes import meant
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.documents import contents, facts, invoice_part
from shared.domains.orders.policy.lines import wishes_in
from shared.domains.orders.policy.matching import Match, match
from shared.domains.orders.state import Wish
from shared.domains.orders.words import called, day, kinds, listed, money, shortened, unit_in
from shared.events.replies import DataPart
from shared.events.signals import Signal

_MOST_TOLD = 8


async def products(ask: Ask) -> OrdersDecision:
    """Tell what there is: of a kind that is named, else all kinds."""
    found, what, quantity = await _asked_about(ask)
    if found is None or not found.products:
        range_ = listed(kinds(await ask.tools.products(), ask.language), ask.language)
        return ask.told(ask.say("catalogue", categories=range_))
    if found.only is not None:
        return _product(ask, found.only, quantity)
    shown = found.products[:_MOST_TOLD]
    options = listed((f"{called(each, ask.language)} ({money(each.price_cents)})" for each in shown), ask.language)
    names = kinds(found.products, ask.language)
    of = names[0] if len(names) == 1 else what or listed(names, ask.language)
    decision = ask.told(ask.say("choices", what=of, options=options))
    return replace(decision, shown=tuple(each.referent for each in shown), facts={"products": options})


async def price(ask: Ask) -> OrdersDecision:
    """Tell what something costs and how many there are."""
    return await products(ask)


async def order_status(ask: Ask) -> OrdersDecision:
    """Say where an order goes and when."""
    order = await meant(ask)
    if not isinstance(order, Order):
        return order
    if order.status == "cancelled":
        return ask.told(ask.say("was_cancelled", order=order.number), order=order.number)
    phrase = "status" if order.delivery.deliver_on >= ask.today else "status_delivered"
    text = ask.say(
        phrase,
        order=order.number,
        contents=contents(order, ask),
        total=money(order.total_cents),
        place=order.delivery.address or ask.say("somewhere"),
        day=day(order.delivery.deliver_on, ask.language),
    )
    return _about(ask, order, text)


async def invoice(ask: Ask) -> OrdersDecision:
    """Give the invoice of an order."""
    order = await meant(ask)
    if not isinstance(order, Order):
        return order
    text = ask.say(
        "here_is_invoice",
        number=order.invoice.number,
        order=order.number,
        total=money(order.total_cents),
        due=day(order.invoice.due_on, ask.language),
    )
    decision = _about(ask, order, text)
    return replace(decision, data=(*decision.data, invoice_part(order)))


def _about(ask: Ask, order: Order, text: str) -> OrdersDecision:
    decision = ask.told(text, order=order.number)
    value = facts(order)
    return replace(
        decision, data=(DataPart(kind="order", value=value),), facts={"order": value}, shown=(order.referent,)
    )


async def _asked_about(ask: Ask) -> tuple[Match | None, str, int | None]:
    """The products that the words name, what they call them, and how many are asked about."""
    wish = next((each for each in wishes_in(ask.goods) if each.words or each.size), None)
    spoken_of = _waiting(ask) or ask.pointed
    if wish is None and not spoken_of:
        return None, "", None
    wish = wish or Wish(words="")
    wish = wish if wish.words else wish.model_copy(update={"among": spoken_of})
    return match(wish, await ask.tools.products()), shortened(wish.words), wish.quantity


def _waiting(ask: Ask) -> tuple[str, ...]:
    """SKUs of the products that an open question is about."""
    return () if ask.state.draft is None else ask.state.draft.options


def _product(ask: Ask, product: Product, quantity: int | None) -> OrdersDecision:
    if product.stock:
        stock = ask.say("in_stock", stock=f"{product.stock:,}")
    else:
        more = ask.say("more_on", day=day(product.restock_on, ask.language)) if product.restock_on else ""
        stock = ask.say("none_in_stock", more=more)
    unit = unit_in(product.unit, ask.language)
    text = ask.say(
        "price", name=called(product, ask.language), price=money(product.price_cents), unit=unit, stock=stock
    )
    considered: tuple[Wish, ...] = ()
    if quantity:
        amount = money(quantity * product.price_cents)
        text += ask.say("quote", quantity=f"{quantity:,}", name=called(product, ask.language), amount=amount)
        considered = (Wish(words=product.name, quantity=quantity, sku=product.sku),)
    value = product.model_dump(mode="json")
    return replace(
        ask.told(text, considered=considered),
        data=(DataPart(kind="product", value=value),),
        facts={"product": value},
        shown=(product.referent,),
        signals=(Signal(kind="view", name=product.sku),),
    )
