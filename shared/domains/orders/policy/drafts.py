"""Drafts: the answer to what an order waits for is put in its place, and the order goes on."""

from collections.abc import Sequence
from dataclasses import replace

from shared.domains.orders.catalogue import Product
from shared.domains.orders.policy.context import Ask, OrdersDecision
from shared.domains.orders.policy.lines import answer_in, quantity_in
from shared.domains.orders.policy.matching import match, names_others
from shared.domains.orders.policy.ordering import ordered
from shared.domains.orders.state import Draft, Wish
from shared.domains.orders.words import listed


async def completed(ask: Ask, draft: Draft) -> OrdersDecision:
    """Go on with the draft after the answer to its question."""
    first, *rest = draft.wishes
    said, more = answer_in(ask.goods)
    rest = [*rest, *more]
    if await _joins(ask, draft, said):
        return await ordered(ask, (first, *rest, said), draft.adds_to)
    match draft.missing:
        case "quantity":
            first = _in_size(first, said).model_copy(update={"quantity": said.quantity or first.quantity})
        case "size":
            first = first.model_copy(update=await _sized(ask, draft, first, said))
        case "product":
            first = _chosen(first, said, await options_of(ask, draft))
        case "offer":
            first = _accepted(first, said, draft)
    decision = await ordered(ask, (first, *rest), draft.adds_to)
    return _not_answered(ask, decision) if decision.state.draft == draft else decision


async def _joins(ask: Ask, draft: Draft, said: Wish) -> bool:
    """Whether other goods are named instead of an answer; they join the order, and the question is asked again."""
    if draft.missing == "product" and not said.quantity:
        return False
    return names_others(said, draft.options, await ask.tools.products())


def _accepted(wish: Wish, said: Wish, draft: Draft) -> Wish:
    """What was offered, or as many of it as is said; in another size it is another wish."""
    if said.size is not None:
        return _in_size(wish, said).model_copy(update={"quantity": said.quantity or wish.quantity})
    quantity = said.quantity or draft.offered
    return wish.model_copy(update={"sku": draft.options[0], "quantity": quantity, "size": None})


def _in_size(wish: Wish, said: Wish) -> Wish:
    """The wish in the size that is said, if one is."""
    return wish if said.size is None else wish.model_copy(update={"size": said.size, "sku": None})


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
    size = bare_size(ask.goods, await options_of(ask, draft))
    return {"quantity": quantity} if size is None else {"size": size}


async def declined(ask: Ask, draft: Draft) -> OrdersDecision:
    """Leave the line out that was asked about; the others stand."""
    rest = draft.wishes[1:]
    if not rest:
        return ask.told(ask.say("nothing_ordered"), draft=None)
    decision = await ordered(ask, rest, draft.adds_to)
    return replace(decision, text=f"{ask.say('left_out')}\n{decision.text}")


def bare_size(text: str, options: Sequence[Product]) -> str | None:
    """A size of which only the number is said: "the 12"."""
    number = quantity_in(text)
    sizes = [each.size for each in options if each.size and each.size.split()[0] == str(number)]
    return sizes[0] if len(sizes) == 1 else None


async def options_of(ask: Ask, draft: Draft) -> tuple[Product, ...]:
    """The products among which a draft's question lets choose."""
    return tuple(product for product in await ask.tools.products() if product.sku in draft.options)
