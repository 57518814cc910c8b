"""Ordering: lines are cleared up one question at a time, offered in part where stock is short, and placed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.domains.orders.catalogue import Line, Product
from shared.domains.orders.policy.amending import grown, line_of
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.documents import Destination, new_order, placed
from shared.domains.orders.policy.lines import answer_in, quantity_in, wishes_in
from shared.domains.orders.policy.matching import Match, match
from shared.domains.orders.policy.places import outlet_in
from shared.domains.orders.state import Draft, Wish
from shared.domains.orders.words import called, day, kinds, listed
from shared.domains.orders.words import size_in as size_words

_MOST_OPTIONS: Final = 7


async def order(ask: Ask) -> OrdersDecision:
    """Order what the words name."""
    return await ordered(ask, [_of_those_shown(ask, wish) for wish in wishes_in(ask.goods)])


async def ordered(ask: Ask, wishes: Sequence[Wish], adds_to: str | None = None) -> OrdersDecision:
    """Order these lines, as an order of their own or added to one; asks what is not clear yet."""
    products = await ask.tools.products()
    wishes = _relevant(wishes, products)
    for place, wish in enumerate(wishes):
        found = match(wish, products)
        product = found.only
        if product is None:
            return await _asked_which(ask, wishes, place, found, products, adds_to)
        wishes = (*wishes[:place], wish.model_copy(update={"sku": product.sku}), *wishes[place + 1 :])
        if not wish.quantity:
            text = ask.say("ask_quantity", name=called(product, ask.language))
            return _asked(ask, _front(wishes, place), "quantity", text, (), adds_to)
        if wish.quantity > product.stock:
            return await _offered(ask, wishes, place, product, products, adds_to)
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


async def completed(ask: Ask, draft: Draft) -> OrdersDecision:
    """Go on with the draft after the answer to its question."""
    first, *rest = draft.wishes
    said, more = answer_in(ask.goods)
    rest = [*rest, *more]
    match draft.missing:
        case "quantity":
            first = first.model_copy(update={"quantity": said.quantity or first.quantity})
        case "size":
            first = first.model_copy(update=await _sized(ask, draft, first, said))
        case "product":
            first = _chosen(first, said, await _options(ask, draft))
        case "offer":
            quantity = said.quantity or draft.offered
            first = first.model_copy(update={"sku": draft.options[0], "quantity": quantity, "size": None})
    decision = await ordered(ask, (first, *rest), draft.adds_to)
    return _not_answered(ask, decision) if decision.state.draft == draft else decision


def _chosen(wish: Wish, said: Wish, options: Sequence[Product]) -> Wish:
    """The wish narrowed to those of the options that were named; one of its own where it is none of them."""
    quantity = said.quantity or wish.quantity
    if not said.words and not said.size:
        return wish.model_copy(update={"quantity": quantity})
    fitting = match(said, options).products
    if not fitting:
        return Wish(words=said.words or wish.words, size=said.size or wish.size, quantity=quantity)
    among = tuple(product.sku for product in fitting)
    return Wish(words="", size=said.size or wish.size, quantity=quantity, among=among)


def _not_answered(ask: Ask, decision: OrdersDecision) -> OrdersDecision:
    """What was just asked is not asked again in the same words: say what would answer it."""
    options = decision.question.clarification.options if decision.question else ()
    if not options:
        return replace(decision, text=ask.say("say_a_number"))
    return replace(decision, text=ask.say("say_one_of", options=listed(options, ask.language, either=True)))


async def _sized(ask: Ask, draft: Draft, wish: Wish, said: Wish) -> dict[str, object]:
    """The size that was chosen, with its unit or without: "the 12"."""
    quantity = said.quantity or wish.quantity
    if said.size is not None:
        return {"size": said.size, "quantity": quantity}
    size = _bare_size(ask.goods, await _options(ask, draft))
    return {"quantity": quantity} if size is None else {"size": size}


async def declined(ask: Ask, draft: Draft) -> OrdersDecision:
    """Leave the line out that was asked about; the others stand."""
    rest = draft.wishes[1:]
    if not rest:
        return ask.told(ask.say("nothing_ordered"), draft=None)
    decision = await ordered(ask, rest, draft.adds_to)
    return replace(decision, text=f"{ask.say('left_out')}\n{decision.text}")


@dataclass(frozen=True, slots=True)
class _Offer:
    product: Product
    quantity: int
    text: str


async def _asked_which(
    ask: Ask, wishes: tuple[Wish, ...], place: int, found: Match, products: Sequence[Product], adds_to: str | None
) -> OrdersDecision:
    wish = wishes[place]
    what = wish.words or wish.size or ""
    if found.sizes:
        options = found.sizes[:_MOST_OPTIONS]
        text = ask.say("no_such_size", what=what, size=wish.size, options=_sizes(options, ask))
        wishes = (*wishes[:place], wish.model_copy(update={"size": None}), *wishes[place + 1 :])
        return _asked(ask, _front(wishes, place), "size", text, options, adds_to)
    others = (*wishes[:place], *wishes[place + 1 :])
    if not found.products and others:
        decision = await ordered(ask, others, adds_to)
        return replace(decision, text=f"{ask.say('not_in_range', what=what)}\n{decision.text}")
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
    shown = [_option(each, missing, ask) for each in options[:_MOST_OPTIONS]]
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
    offer = _offer(ask, product, wish.quantity or 0, products)
    wishes = _front(wishes, place)
    if offer is None:
        text = ask.say("out_of_stock", name=called(product, ask.language), more=_more(ask, product))
        decision = await ordered(ask, wishes[1:], adds_to) if wishes[1:] else ask.told("", draft=None)
        return replace(decision, text=f"{text}\n{decision.text}".rstrip())
    draft = Draft(wishes=wishes, missing="offer", options=(offer.product.sku,), offered=offer.quantity, adds_to=adds_to)
    draft = draft.model_copy(update={"deliver_on": ask.day, "place": ask.place})
    return ask.question("offer", offer.text, _yes_no(ask), draft=draft)


def _offer(ask: Ask, product: Product, quantity: int, products: Sequence[Product]) -> _Offer | None:
    """What is there of it, or else the next size up of the same that is there in full."""
    more = _more(ask, product)
    if product.stock:
        text = ask.say("offer_fewer", name=called(product, ask.language), stock=product.stock, more=more)
        return _Offer(product, product.stock, text)
    like = [each for each in products if each.category == product.category and each.stock >= quantity]
    other = min(like, key=lambda each: _distance(each, product), default=None)
    if other is None:
        return None
    text = ask.say(
        "offer_other",
        name=called(product, ask.language),
        more=more,
        quantity=quantity,
        other=called(other, ask.language),
    )
    return _Offer(other, quantity, text)


def _distance(one: Product, other: Product) -> tuple[float, str]:
    """How far apart two sizes are."""
    return abs(_number(one) - _number(other)), one.sku


def _number(product: Product) -> float:
    number = (product.size or "").partition(" ")[0]
    return float(number) if number.replace(".", "").isdigit() else 0.0


def _more(ask: Ask, product: Product) -> str:
    return ask.say("more_on", day=day(product.restock_on, ask.language)) if product.restock_on else ""


def _yes_no(ask: Ask) -> tuple[str, str]:
    return {"en": ("yes", "no"), "zh": ("好", "不要"), "ms": ("ya", "tidak")}[ask.language]


def _sizes(products: Sequence[Product], ask: Ask) -> str:
    return listed((_option(each, "size", ask) for each in products), ask.language, either=True)


def _option(product: Product, missing: str, ask: Ask) -> str:
    if missing == "size" and product.size:
        return size_words(product.size, ask.language)
    return called(product, ask.language)


def _bare_size(text: str, options: Sequence[Product]) -> str | None:
    """A size of which only the number is said: "the 12"."""
    number = quantity_in(text)
    sizes = [each.size for each in options if each.size and each.size.split()[0] == str(number)]
    return sizes[0] if len(sizes) == 1 else None


async def _options(ask: Ask, draft: Draft) -> tuple[Product, ...]:
    return tuple(product for product in await ask.tools.products() if product.sku in draft.options)


def _front(wishes: tuple[Wish, ...], place: int) -> tuple[Wish, ...]:
    """The wish that is asked about, first."""
    return (wishes[place], *wishes[:place], *wishes[place + 1 :])


def _lines(ask: Ask, wishes: Sequence[Wish], products: dict[str, Product]) -> tuple[Line, ...]:
    """A line for each product, however often it was named."""
    quantities: dict[str, int] = {}
    for wish in wishes:
        if wish.sku is not None and wish.quantity is not None:
            quantities[wish.sku] = quantities.get(wish.sku, 0) + wish.quantity
    return tuple(line_of(ask, products[sku], quantity) for sku, quantity in quantities.items())
