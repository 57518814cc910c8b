"""Changing an order that was placed: other amounts, more lines, fewer lines, another size."""

import re
from collections.abc import Sequence
from typing import Final

from shared.domains.orders.catalogue import Line, Order, Product
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.documents import amended, contents, new_invoice
from shared.domains.orders.policy.lines import other_size, wishes_in
from shared.domains.orders.policy.matching import match
from shared.domains.orders.policy.offering import more_on
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

_MORE: Final = re.compile(
    r"(?<!no )(?<!not )\b(?:more|extra|on top|another|add|lagi|tambah)\b|\bby\b|再|加|^\W*(?:and|plus|also|dan)\b",
    re.IGNORECASE,
)
_FEWER: Final = re.compile(
    r"\b(?:less|fewer)\b|\b(?:reduce|cut|lower|decrease)\b.*\bby\b|\bkurang(?:kan)?\s+\d|[减少]\s*\d", re.IGNORECASE
)
_ALTERS: Final = re.compile(
    r"^\W*(?:(?:please|pls|can you|could you|actually)\s+)?(?:make (?!me\b|us\b|an?\b)|change|set|update|increase"
    r"|reduce|lower|raise|cut|remove|drop|take out|leave out|tukar|ubah|kurangkan|naikkan|buang)\b|改[成为到]|^\W*去掉",
    re.IGNORECASE,
)
_ALL: Final = re.compile(r"\b(?:everything|all(?: of (?:it|them))?|semua(?:nya)?)\W*$|全部|所有", re.IGNORECASE)
_SAME_AGAIN: Final = re.compile(r"\b(?:more|extra|lagi)\b|再", re.IGNORECASE)
_SETS: Final = re.compile(r"\b(?:to|jadi|kepada)\s+\d|[到成为]\s*\d", re.IGNORECASE)


def adds(text: str) -> bool:
    """Whether the words add to what stands."""
    return bool(_ADDS.search(text)) and not removes(text)


def removes(text: str) -> bool:
    """Whether the words take something out."""
    return bool(_REMOVES.search(text))


def alters(text: str) -> bool:
    """Whether the words give another amount of something that is named."""
    return bool(_ALTERS.search(text) or _FEWER.search(text))


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
    return await _changed(ask, order, _merged([*order.lines, *lines]))


async def shrunk(ask: Ask, order: Order) -> OrdersDecision:
    """The order without the lines that are named, or with so many fewer of them."""
    products = await ask.tools.products()
    if _ALL.search(ask.goods):
        return _emptied(ask, order)
    left = {line.sku: line for line in order.lines}
    for wish in wishes_in(_REMOVES.sub(" ", ask.goods)) or (Wish(words=""),):
        lines = _lines_meant(wish, order, products)
        if len(lines) != 1:
            return _unclear(ask, order, wish, lines)
        [line] = lines
        quantity = 0 if wish.quantity is None else max(line.quantity - wish.quantity, 0)
        left[line.sku] = line.model_copy(update={"quantity": quantity})
    rest = [line for line in left.values() if line.quantity]
    return await _changed(ask, order, rest) if rest else _emptied(ask, order)


async def altered(ask: Ask, order: Order) -> OrdersDecision:
    """The order with other amounts, or other sizes, of its lines."""
    wishes = _alterations(ask.goods)
    if not wishes:
        return ask.told(ask.say("ask_change", order=order.number, contents=contents(order, ask)))
    products = await ask.tools.products()
    lines: dict[str, Line] = {line.sku: line for line in order.lines}
    for wish in wishes:
        meant = _lines_meant(wish, order, products)
        if len(meant) != 1:
            return _unclear(ask, order, wish, meant)
        fresh = _altered_line(ask, order, meant[0], wish, products)
        if not isinstance(fresh, Line):
            return fresh
        lines[meant[0].sku] = fresh
    kept = [line for line in lines.values() if line.quantity]
    return await _changed(ask, order, _merged(kept)) if kept else _emptied(ask, order)


def _alterations(text: str) -> tuple[Wish, ...]:
    """What is to change: the first size is the one that stands where another takes its place."""
    sizes = other_size(text)
    if sizes is not None:
        return (Wish(words="", size=sizes[1], among=(sizes[0],), quantity=None),)
    return tuple(wish for wish in wishes_in(text) if wish.quantity is not None or wish.size)


def _altered_line(ask: Ask, order: Order, line: Line, wish: Wish, products: Sequence[Product]) -> Line | OrdersDecision:
    product = _resized(line, wish, products)
    if product is None:
        return ask.told(ask.say("no_such_line", order=order.number, what=wish.size, contents=contents(order, ask)))
    quantity = line.quantity if wish.quantity is None else _amount(ask.goods, wish.quantity, line.quantity)
    most = product.stock + (line.quantity if product.sku == line.sku else 0)
    if quantity > most:
        name = called(product, ask.language)
        text = ask.say("at_most", name=name, most=f"{most:,}", more=more_on(ask, product))
        return ask.question("line", text, altering=name)
    return line_of(ask, product, quantity)


def _amount(text: str, said: int, before: int) -> int:
    """The amount that is meant: a new one, or so many more or fewer."""
    if _SETS.search(text):
        return said
    if _FEWER.search(text):
        return max(before - said, 0)
    return before + said if _MORE.search(text) else said


def of_own_lines(text: str, wishes: Sequence[Wish], order: Order, products: Sequence[Product]) -> tuple[Wish, ...]:
    """What is wanted more of is what the order has, where it has one such line: "100 more boxes"."""
    if not _SAME_AGAIN.search(text):
        return tuple(wishes)
    meant = [(_lines_meant(wish, order, products) if wish.size is None else ()) for wish in wishes]
    return tuple(
        wish.model_copy(update={"sku": lines[0].sku}) if len(lines) == 1 else wish
        for wish, lines in zip(wishes, meant, strict=True)
    )


def _lines_meant(wish: Wish, order: Order, products: Sequence[Product]) -> tuple[Line, ...]:
    """The lines that may be meant: by name, and by size where there is one of it; all when none is named."""
    own = [product for line in order.lines for product in products if product.sku == line.sku]
    named = match(Wish(words=wish.words), own).products if wish.words else tuple(own)
    size = wish.among[0] if wish.among else wish.size
    sized = tuple(product for product in named if product.size == size)
    if len(named) > 1 and (sized or wish.among):
        named = sized
    return tuple(line for line in order.lines if line.sku in {product.sku for product in named})


def _unclear(ask: Ask, order: Order, wish: Wish, lines: Sequence[Line]) -> OrdersDecision:
    """Ask which line is meant, or say that there is none of the name."""
    if not lines:
        what = wish.words or wish.size
        return ask.told(ask.say("no_such_line", order=order.number, what=what, contents=contents(order, ask)))
    names = tuple(line.name for line in lines)
    text = ask.say("ask_line", order=order.number, options=listed(names, ask.language, either=True))
    return ask.question("line", text, names, altering=ask.goods)


def _emptied(ask: Ask, order: Order) -> OrdersDecision:
    """An order without lines is one that is called off, after a yes."""
    text = ask.say("ask_cancel", order=order.number, contents=contents(order, ask))
    return ask.question("cancel", text, cancelling=order.number)


def _merged(lines: Sequence[Line]) -> list[Line]:
    """A line for each product: another size may be in the order already."""
    merged: dict[str, Line] = {}
    for line in lines:
        before = merged[line.sku].quantity if line.sku in merged else 0
        merged[line.sku] = line.model_copy(update={"quantity": before + line.quantity})
    return list(merged.values())


def line_of(ask: Ask, product: Product, quantity: int) -> Line:
    """So much of a product, named in the caller's language, at today's price."""
    name = called(product, ask.language)
    return Line(sku=product.sku, name=name, quantity=quantity, unit_price_cents=product.price_cents)


def _resized(line: Line, wish: Wish, products: Sequence[Product]) -> Product | None:
    """The product of a line in the size that is wanted."""
    own = next((product for product in products if product.sku == line.sku), None)
    if own is None or wish.size is None or wish.size == own.size:
        return own
    kind = own.name.removesuffix(f" {own.size}")
    return next((each for each in products if each.name == f"{kind} {wish.size}"), None)


async def _changed(ask: Ask, order: Order, lines: Sequence[Line]) -> OrdersDecision:
    if [(line.sku, line.quantity) for line in lines] == [(line.sku, line.quantity) for line in order.lines]:
        return ask.told(ask.say("kept", order=order.number), altering=None, draft=None)
    invoice = new_invoice(ask, await ask.tools.numbers())
    return amended(ask, order, order.model_copy(update={"lines": tuple(lines), "invoice": invoice}))
