"""Questions about products: finding some, telling about one, stock, comparing."""

from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from shared.domains.base import Decision
from shared.domains.shop.catalogue import Product, Wanted
from shared.domains.shop.policy.context import Ask, ShopDecision
from shared.domains.shop.state import Step
from shared.domains.shop.words import card, day, listed, money
from shared.events.replies import DataPart
from shared.events.signals import Signal

_SHOWN: Final = 4
_CONTINUES: Final = frozenset({"follow_up", "modification", "correction", "answer"})


async def search(ask: Ask) -> ShopDecision:
    """Find products; what the turn says changes the search that stands when it follows up."""
    wanted = _wanted(ask)
    if not wanted.anything:
        return ask.question("details", "category", "What are you looking for: shoes, clothes, outdoor gear, audio?", ())
    seen = ask.state.seen if ask.reading.more else ()
    await ask.progress.step("Searching the shop")
    products = await ask.tools.search(wanted, limit=_SHOWN, without=seen)
    state = ask.state.model_copy(
        update={"wanted": wanted, "seen": (*seen, *(p.sku for p in products)), "product": None, "pending": None}
    )
    if not products:
        text = (
            "That is all I have of it." if seen else f"I have no {_described(wanted)}. Shall I look for something else?"
        )
        return Decision(text=text, state=state, signals=_preferences(wanted))
    found = " ".join(f"{number}. {card(product)}." for number, product in enumerate(products, 1))
    return Decision(
        text=f"Here is what I have in {_described(wanted)}: {found}",
        state=state.model_copy(update={"product": products[0].sku if len(products) == 1 else None}),
        facts={"products": [_facts(product) for product in products]},
        data=(DataPart(kind="products", value=[_facts(product) for product in products]),),
        shown=tuple(product.referent for product in products),
        signals=_preferences(wanted),
    )


def _wanted(ask: Ask) -> Wanted:
    reading, relation = ask.reading, ask.turn.understood.relation
    base = ask.state.wanted if relation in _CONTINUES or reading.more else Wanted()
    if reading.category and reading.category != base.category:
        base = Wanted(low=base.low, high=base.high) if relation in _CONTINUES else Wanted()
    said = {
        "category": reading.category,
        "brand": reading.brand,
        "colour": reading.colour,
        "size": reading.size,
        "low": reading.low,
        "high": reading.high,
    }
    update: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    if reading.low is not None or reading.high is not None:
        update |= {"low": reading.low, "high": reading.high}
    if reading.feature:
        update["text"] = _stem(reading.feature)
    return base.model_copy(update=update | {"cheapest_first": reading.cheapest or base.cheapest_first})


def _stem(feature: str) -> str:
    """The part of a feature that descriptions share: noise-cancelling, noise cancelling."""
    return "noise" if feature.startswith("noise") else feature.removesuffix("weight")


def _described(wanted: Wanted) -> str:
    """What is looked for, in words."""
    words = [wanted.colour, wanted.text or None, wanted.brand, wanted.category or "products"]
    described = " ".join(word for word in words if word)
    if wanted.size:
        described += f" in size {wanted.size}"
    if wanted.low is not None and wanted.high is not None:
        return f"{described} from {money(wanted.low)} to {money(wanted.high)}"
    if wanted.high is not None:
        return f"{described} up to {money(wanted.high)}"
    return f"{described} from {money(wanted.low)}" if wanted.low is not None else described


async def details(ask: Ask) -> ShopDecision:
    """Tell about a product."""
    product = await _meant(ask)
    if product is None:
        return await _without(ask, "details", "Which product do you mean")
    options = [f"sizes {', '.join(product.sizes)}" if product.sizes else ""]
    options.append(f"colours {listed(product.colours)}" if product.colours else "")
    given = "; ".join(filter(None, options))
    text = (
        f"{_variant(ask, product)}{product.name} by {product.brand} ({product.sku}) costs {money(product.price)}. "
        f"{product.description} "
        f"{f'It comes in {given}. ' if given else ''}Customers rate it {product.rating} of 5."
    )
    return _about(ask, product, text)


def _variant(ask: Ask, product: Product) -> str:
    """Whether it comes in the colour or size that was asked about."""
    asked = {ask.reading.colour: product.colours, ask.reading.size: product.sizes}
    answers = [(variant in has, variant) for variant, has in asked.items() if variant and has]
    return "".join(f"{'Yes, there is' if there else 'No, there is none in'} {variant}. " for there, variant in answers)


async def purchase(ask: Ask) -> ShopDecision:
    """Say where to buy: nothing is sold in the conversation."""
    product = await _meant(ask)
    if product is None:
        return Decision(text="I cannot take orders here: put what you like in the basket on its page.", state=ask.state)
    name = f"{product.name} ({product.sku}, {money(product.price)})"
    return _about(ask, product, f"I cannot take orders here: put {name} in the basket on its page.")


async def stock(ask: Ask) -> ShopDecision:
    """Say how many of a product there are, and when more come."""
    product = await _meant(ask)
    if product is None:
        return await _without(ask, "stock", "Which product shall I check")
    await ask.progress.step("Checking the stock")
    stores = await ask.tools.stock(product.sku)
    left = sum(store.quantity for store in stores)
    restocks = sorted(store.restock for store in stores if store.restock)
    if left:
        places = listed(f"{store.quantity} in the {store.warehouse} warehouse" for store in stores if store.quantity)
        text = f"Yes, {product.name} is in stock: {places}."
    else:
        more = f" More arrive on {day(restocks[0])}." if restocks else ""
        text = f"{product.name} is sold out.{more}"
    decision = _about(ask, product, text)
    value: dict[str, JsonValue] = {"sku": product.sku, "quantity": left, "in_stock": left > 0}
    return replace(decision, data=(DataPart(kind="stock", value=value),), facts={"stock": value})


async def compare(ask: Ask) -> ShopDecision:
    """Put two or three products side by side."""
    shown = ask.shown("product")
    named = list(ask.reading.products)
    if len(named) == 1 and ask.state.product and ask.state.product not in named:
        named.insert(0, ask.state.product)
    products = await ask.tools.named(named if len(named) > 1 else shown[:3])
    if len(products) < 2:
        return await _without(ask, "details", "Which two products shall I compare")
    cheapest = min(products, key=lambda product: product.price)
    best = max(products, key=lambda product: product.rating)
    sides = " ".join(f"{card(product)}: {product.description}" for product in products)
    text = f"{sides} {cheapest.name} costs least, {best.name} is rated best."
    return Decision(
        text=text,
        state=ask.state.model_copy(update={"pending": None}),
        facts={"products": [_facts(product) for product in products]},
        data=(DataPart(kind="comparison", value=[_facts(product) for product in products]),),
        shown=tuple(product.referent for product in products),
        signals=tuple(Signal(kind="view", name=product.sku) for product in products),
    )


async def _meant(ask: Ask) -> Product | None:
    """The product the turn is about: named, pointed at, or talked about last."""
    shown = ask.shown("product")
    if ask.reading.cheapest and not ask.reading.products and len(shown) > 1:
        return min(await ask.tools.named(shown), key=lambda product: product.price, default=None)
    skus = ask.reading.products or ((ask.state.product,) if ask.state.product else ())
    if not skus and len(shown) == 1:
        skus = shown
    if not skus and ask.reading.category:
        found = await ask.tools.search(Wanted(category=ask.reading.category, brand=ask.reading.brand), limit=2)
        return found[0] if len(found) == 1 else None
    found = await ask.tools.named(skus[:1])
    return found[0] if found else None


async def _without(ask: Ask, step: Step, words: str) -> ShopDecision:
    """Ask which product is meant; those on the table are the options."""
    if ask.reading.products:
        missing = listed(ask.reading.products)
        return Decision(text=f"I do not know a product {missing}. What are you looking for?", state=ask.state)
    if ask.reading.category:
        return await search(ask)
    names = tuple(referent.name for referent in ask.turn.dialogue.shown if referent.kind == "product")
    return ask.question(step, "product", f"{words}: {listed(names, 'or')}?" if names else f"{words}?", names)


def _about(ask: Ask, product: Product, text: str) -> ShopDecision:
    shown = {referent.id for referent in ask.turn.dialogue.shown}
    return Decision(
        text=text,
        state=ask.state.model_copy(update={"product": product.sku, "pending": None}),
        facts={"products": [_facts(product)]},
        data=(DataPart(kind="product", value=_facts(product)),),
        shown=None if product.sku in shown else (product.referent,),
        signals=(Signal(kind="view", name=product.sku),),
    )


def _facts(product: Product) -> dict[str, JsonValue]:
    facts: dict[str, JsonValue] = product.model_dump(mode="json")
    return facts


def _preferences(wanted: Wanted) -> tuple[Signal, ...]:
    said = {"category": wanted.category, "brand": wanted.brand, "colour": wanted.colour, "size": wanted.size}
    budget = {"low": wanted.low, "high": wanted.high, "currency": "USD"}
    signals = [Signal(kind="preference", name=name, value=value) for name, value in said.items() if value]
    if wanted.low is not None or wanted.high is not None:
        signals.append(Signal(kind="preference", name="budget", value=dict(budget)))
    return tuple(signals)
