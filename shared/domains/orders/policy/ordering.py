"""Ordering: lines are cleared up one question at a time, offered in part where stock is short, and placed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.domains.orders.catalogue import Line, Product
from shared.domains.orders.policy.amending import grown, line_of
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.documents import Destination, new_order, placed
from shared.domains.orders.policy.lines import wishes_in
from shared.domains.orders.policy.matching import Match, match
from shared.domains.orders.policy.offering import more_on, offer_of
from shared.domains.orders.policy.places import outlet_in
from shared.domains.orders.state import Draft, Wish
from shared.domains.orders.words import called, kinds, listed, shortened
from shared.domains.orders.words import size_in as size_words

_MOST_OPTIONS: Final = 7
_MOST_GOODS: Final = 1_000_000
"""Of one product in one order."""


async def order(ask: Ask) -> OrdersDecision:
    """Order what the words name."""
    return await ordered(ask, [_of_those_shown(ask, wish) for wish in wishes_in(ask.goods)])


async def ordered(ask: Ask, wishes: Sequence[Wish], adds_to: str | None = None) -> OrdersDecision:
    """Order these lines, as an order of their own or added to one; asks what is not clear yet."""
    products = await ask.tools.products()
    wishes = _relevant(wishes, products)
    known = tuple(wish for wish in wishes if _is_known(wish, products))
    if known and len(known) < len(wishes):
        return await _without_unknown(ask, wishes, known, adds_to)
    for place, wish in enumerate(wishes):
        found = match(wish, products)
        product = found.only
        if product is None:
            return _asked_which(ask, wishes, place, found, products, adds_to)
        wishes = (*wishes[:place], wish.model_copy(update={"sku": product.sku}), *wishes[place + 1 :])
        if not wish.quantity or wish.quantity > _MOST_GOODS:
            return _asked_how_many(ask, wishes, place, product, adds_to)
    wishes = _merged(wishes)
    for place, wish in enumerate(wishes):
        product = match(wish, products).products[0]
        if (wish.quantity or 0) > product.stock:
            return await _offered(ask, wishes, place, product, products, adds_to)
    return await _entered(ask, wishes, products, adds_to)


async def _entered(
    ask: Ask, wishes: Sequence[Wish], products: Sequence[Product], adds_to: str | None
) -> OrdersDecision:
    """The order with these lines, now that all is clear."""
    if not wishes:
        return ask.told(ask.say("nothing_ordered"), draft=None)
    await ask.progress.step(ask.say("step_placing"))
    lines = _lines(ask, wishes, {product.sku: product for product in products})
    if adds_to is not None:
        return await grown(ask, adds_to, lines)
    return placed(ask, new_order(ask, lines, await ask.tools.numbers(), await _destination(ask)))


async def _destination(ask: Ask) -> Destination | None:
    """The place that was asked for, or else the caller's outlet."""
    if ask.place is None:
        own = await ask.tools.outlet()
        return None if own is None else Destination.of(own)
    outlet = outlet_in(ask.place, await ask.tools.outlets())
    return Destination(ask.place, None) if outlet is None else Destination.of(outlet)


def _of_those_shown(ask: Ask, wish: Wish) -> Wish:
    """A line without a name is of what was shown: "200 of those"."""
    return wish if wish.words else wish.model_copy(update={"among": ask.pointed})


def _relevant(wishes: Sequence[Wish], products: Sequence[Product]) -> tuple[Wish, ...]:
    """Without the parts of a message that name neither goods nor an amount, if others do: "hi boss, 400 boxes"."""
    goods = tuple(wish for wish in wishes if wish.quantity or wish.size or wish.sku or match(wish, products).products)
    return goods or tuple(wishes)


def _is_known(wish: Wish, products: Sequence[Product]) -> bool:
    """Whether there is anything of the name, in this size or another."""
    found = match(wish, products)
    return bool(found.products or found.sizes)


async def _without_unknown(
    ask: Ask, wishes: Sequence[Wish], known: Sequence[Wish], adds_to: str | None
) -> OrdersDecision:
    """Order what there is, and say what is left out."""
    names = [shortened(wish.words or wish.size or "") for wish in wishes if wish not in known]
    told = ask.say("not_in_range", what=listed(dict.fromkeys(names[:_MOST_OPTIONS]), ask.language, either=True))
    decision = await ordered(ask, known, adds_to)
    return replace(decision, text=f"{told}\n{decision.text}")


def _asked_which(
    ask: Ask, wishes: tuple[Wish, ...], place: int, found: Match, products: Sequence[Product], adds_to: str | None
) -> OrdersDecision:
    wish = wishes[place]
    what = shortened(wish.words or wish.size or "")
    if found.sizes:
        options = found.sizes[:_MOST_OPTIONS]
        text = ask.say(
            "no_such_size", what=what, size=size_words(wish.size or "", ask.language), options=_sizes(options, ask)
        )
        wishes = (*wishes[:place], wish.model_copy(update={"size": None}), *wishes[place + 1 :])
        return _asked(ask, _front(wishes, place), "size", text, options, adds_to)
    if not found.products:
        range_ = listed(kinds(products, ask.language), ask.language)
        return ask.told(ask.say("unknown_product", what=what, categories=range_), draft=None)
    options = found.products[:_MOST_OPTIONS]
    if found.differ_in_size:
        text = ask.say("ask_size", what=kinds(found.products, ask.language)[0], options=_sizes(options, ask))
        return _asked(ask, _front(wishes, place), "size", text, options, adds_to)
    names = kinds(found.products, ask.language)
    many = len(names) > 1 and len(found.products) > _MOST_OPTIONS
    named = names if many else [called(each, ask.language) for each in options]
    text = ask.say("ask_product", options=listed(named[:_MOST_OPTIONS], ask.language, either=True))
    return _asked(ask, _front(wishes, place), "product", text, found.products, adds_to)


def _asked_how_many(
    ask: Ask, wishes: tuple[Wish, ...], place: int, product: Product, adds_to: str | None
) -> OrdersDecision:
    name = called(product, ask.language)
    if wishes[place].quantity:
        text = ask.say("too_many", name=name, most=f"{_MOST_GOODS:,}")
        wishes = (*wishes[:place], wishes[place].model_copy(update={"quantity": None}), *wishes[place + 1 :])
    else:
        text = ask.say("ask_quantity", name=name)
    return _asked(ask, _front(wishes, place), "quantity", text, (product,), adds_to)


def _asked(
    ask: Ask,
    wishes: tuple[Wish, ...],
    missing: str,
    text: str,
    options: Sequence[Product],
    adds_to: str | None,
) -> OrdersDecision:
    draft = Draft.model_validate(
        {
            "wishes": wishes,
            "missing": missing,
            "options": tuple(each.sku for each in options),
            "adds_to": adds_to,
            "deliver_on": ask.day,
            "place": ask.place,
        }
    )
    shown = [] if missing == "quantity" else [_option(each, missing, ask) for each in options[:_MOST_OPTIONS]]
    return ask.question(missing, text, shown, draft=draft)


async def _offered(
    ask: Ask,
    wishes: tuple[Wish, ...],
    place: int,
    product: Product,
    products: Sequence[Product],
    adds_to: str | None,
) -> OrdersDecision:
    wish = wishes[place]
    offer = offer_of(ask, product, wish.quantity or 0, products)
    wishes = _front(wishes, place)
    if offer is None:
        text = ask.say("out_of_stock", name=called(product, ask.language), more=more_on(ask, product))
        decision = await ordered(ask, wishes[1:], adds_to) if wishes[1:] else ask.told("", draft=None)
        return replace(decision, text=f"{text}\n{decision.text}".rstrip())
    draft = Draft(wishes=wishes, missing="offer", options=(offer.product.sku,), offered=offer.quantity, adds_to=adds_to)
    draft = draft.model_copy(update={"deliver_on": ask.day, "place": ask.place})
    return ask.question("offer", offer.text, _yes_no(ask), draft=draft)


def _yes_no(ask: Ask) -> tuple[str, str]:
    return {"en": ("yes", "no"), "zh": ("好", "不要"), "ms": ("ya", "tidak")}[ask.language]


def _sizes(products: Sequence[Product], ask: Ask) -> str:
    return listed((_option(each, "size", ask) for each in products), ask.language, either=True)


def _option(product: Product, missing: str, ask: Ask) -> str:
    if missing == "size" and product.size:
        return size_words(product.size, ask.language)
    return called(product, ask.language)


def _front(wishes: tuple[Wish, ...], place: int) -> tuple[Wish, ...]:
    """The wish that is asked about, first."""
    return (wishes[place], *wishes[:place], *wishes[place + 1 :])


def _merged(wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """A wish for each product, however often it was named: the stock has to be enough for all of them."""
    quantities: dict[str | None, int] = {}
    for wish in wishes:
        quantities[wish.sku] = quantities.get(wish.sku, 0) + (wish.quantity or 0)
    first = {wish.sku: wish for wish in reversed(wishes)}
    return tuple(first[sku].model_copy(update={"quantity": quantity}) for sku, quantity in quantities.items())


def _lines(ask: Ask, wishes: Sequence[Wish], products: dict[str, Product]) -> tuple[Line, ...]:
    return tuple(line_of(ask, products[wish.sku], wish.quantity) for wish in wishes if wish.sku and wish.quantity)
