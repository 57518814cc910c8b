"""The language of those who order: intents, and the names of goods."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Protocol

import yaml

from shared.domains.base import Gazetteer, Language
from shared.domains.orders.catalogue import Product

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "document": re.compile(r"\b(?P<value>(?:SO|DO|INV)-\d{1,9})\b", re.IGNORECASE),
    "goods_size": re.compile(
        r"(?<!\d)(?P<value>\d{1,4}(?:\.\d{1,2})?\s{0,2}(?:inch(?:es)?|inci|oz|ml|cm|mm|寸|英寸|盎司|毫升|厘米))"
        r"(?![a-z])",
        re.IGNORECASE,
    ),
}


class Products(Protocol):
    """Where the names come from."""

    async def products(self) -> tuple[Product, ...]: ...


async def gazetteer(tools: Products) -> Gazetteer:
    """The names of the kinds of goods, with what else they are called: "paper cups", and "cups" for short."""
    names: dict[str, set[str]] = {}
    for product in await tools.products():
        own = {product.name.removesuffix(f" {product.size}") if product.size else product.name, *product.keywords}
        names.setdefault(product.category, {product.category}).update(own)
        kind = product.category.rpartition(" ")[2]
        names.setdefault(kind, {kind, kind.removesuffix("s")})
    return Gazetteer({"goods": {category: tuple(sorted(ways)) for category, ways in sorted(names.items())}})


def language() -> Language:
    """The pack's language, with its intents from `intents.yaml`."""
    spoken = yaml.safe_load(files(__package__).joinpath("intents.yaml").read_text(encoding="utf-8"))
    return Language(
        intents={intent: tuple(utterances) for intent, utterances in spoken.items()},
        patterns=PATTERNS,
        modifications=("make it", "instead", "tukar", "改成", "再加"),
        sentiment={"late": -1.5, "missing": -1.5, "wrong": -1.5, "damaged": -2.0},
        currency="SGD",
    )
