"""Changing an order that was placed: other amounts, more lines, fewer lines, another size."""

import re
from collections.abc import Sequence
from typing import Final

from shared.domains.orders.catalogue import Line, Order, Product
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.documents import amended, contents, new_invoice
from shared.domains.orders.policy.lines import wish_in
from shared.domains.orders.policy.matching import match
from shared.domains.orders.state import Wish
from shared.domains.orders.words import called, day, listed

_REMOVES: Final = re.compile(
    r"\b(?:remove|drop|without|take out|leave out|delete|skip|no more|don'?t need|buang|keluarkan|tanpa)\b"
    r"|去掉|不要|删掉|取消",
    re.IGNORECASE,
)
_ADDS: Final = re.compile(
    r"^\W*(?:and|also|plus|dan)\b|\b(?:add|another|more|extra|on top|tambah|lagi)\b|再加|加|另外|还要",
    re.IGNORECASE,
)


def adds(text: str) -> bool:
    """Whether the words add to what stands."""
    return bool(_ADDS.search(text)) and not removes(text)


def removes(text: str) -> bool:
    """Whether the words take something out."""
    return bool(_REMOVES.search(text))


def open_until(ask: Ask, order: Order) -> OrdersDecision | None:
    """Why an order cannot be changed any more; None while it can."""
    if order.status == "cancelled":
        return ask.told(ask.say("was_cancelled", order=order.number))
    if order.delivery.deliver_on <= ask.today:
        return ask.told(ask.say("too_late", order=order.number, day=day(order.delivery.deliver_on, ask.language)))
    return None


async def grown(ask: Ask, number: str, lines: Sequence[Line]) -> OrdersDecision:
    """The order with these lines more."""
    order = await ask.tools.order(number)
    if order is None:
        return ask.told(ask.say("unknown_order", number=number), draft=None)
    refusal = open_until(ask, order)
    if refusal is not None:
        return refusal
    merged = {line.sku: line for line in order.lines}
    for line in lines:
        quantity = line.quantity + (merged[line.sku].quantity if line.sku in merged else 0)
        merged[line.sku] = line.model_copy(update={"quantity": quantity})
    return await _changed(ask, order, list(merged.values()))


async def shrunk(ask: Ask, order: Order) -> OrdersDecision:
    """The order without the line that is named."""
    wish = wish_in(_REMOVES.sub(" ", ask.text))
    line = _line_of(wish, order, await ask.tools.products())
    if line is None:
        return ask.told(ask.say("no_such_line", order=order.number, what=wish.words, contents=contents(order, ask)))
    rest = [each for each in order.lines if each.sku != line.sku]
    if not rest:
        text = ask.say("ask_cancel", order=order.number, contents=contents(order, ask))
        return ask.question("cancel", text, cancelling=order.number)
    return await _changed(ask, order, rest)


async def altered(ask: Ask, order: Order) -> OrdersDecision:
    """The order with another amount, or another size, of one line."""
    products = await ask.tools.products()
    wish = wish_in(ask.text)
    if wish.quantity is None and wish.size is None:
        return ask.told(ask.say("ask_change", order=order.number, contents=contents(order, ask)))
    line = _line_of(wish, order, products)
    if line is None:
        names = tuple(each.name for each in order.lines)
        text = ask.say("ask_line", order=order.number, options=listed(names, ask.language, either=True))
        return ask.question("line", text, names, altering=ask.text)
    product = _resized(line, wish, products)
    if product is None:
        return ask.told(ask.say("no_such_line", order=order.number, what=wish.size, contents=contents(order, ask)))
    quantity = wish.quantity if wish.quantity is not None else line.quantity
    if quantity == 0:
        return await shrunk(ask, order)
    most = product.stock + (line.quantity if product.sku == line.sku else 0)
    if quantity > most:
        return ask.told(_too_few(ask, product, most))
    fresh = line_of(ask, product, quantity)
    return await _changed(ask, order, [fresh if each.sku == line.sku else each for each in order.lines])


def line_of(ask: Ask, product: Product, quantity: int) -> Line:
    """So much of a product, named in the caller's language, at today's price."""
    name = called(product, ask.language)
    return Line(sku=product.sku, name=name, quantity=quantity, unit_price_cents=product.price_cents)


def _too_few(ask: Ask, product: Product, most: int) -> str:
    more = ask.say("more_on", day=day(product.restock_on, ask.language)) if product.restock_on else ""
    return ask.say("at_most", name=called(product, ask.language), most=most, more=more)


def _line_of(wish: Wish, order: Order, products: Sequence[Product]) -> Line | None:
    """The line that is named; the only one when none is."""
    own = [product for product in products if product.sku in {line.sku for line in order.lines}]
    if not wish.words:
        return order.lines[0] if len(order.lines) == 1 else None
    named = match(Wish(words=wish.words), own).only
    return next((line for line in order.lines if named is not None and line.sku == named.sku), None)


def _resized(line: Line, wish: Wish, products: Sequence[Product]) -> Product | None:
    """The product of a line in the size that is wanted."""
    own = next((product for product in products if product.sku == line.sku), None)
    if own is None or wish.size is None or wish.size == own.size:
        return own
    kind = own.name.removesuffix(f" {own.size}")
    return next((each for each in products if each.name == f"{kind} {wish.size}"), None)


async def _changed(ask: Ask, order: Order, lines: Sequence[Line]) -> OrdersDecision:
    invoice = new_invoice(ask, await ask.tools.numbers())
    return amended(ask, order, order.model_copy(update={"lines": tuple(lines), "invoice": invoice}))
