"""Which product words mean: by the words of its name and its other names, with typos forgiven. Lexical, and pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from shared.domains.orders.catalogue import Product
from shared.domains.orders.state import Wish

_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)?|[\u4e00-\u9fff]+")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_CLOSE: Final = 0.8
_LIKE: Final = 0.99
_ENOUGH: Final = 0.5
"""How much of what was said has to be found in a product's names."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a wish may mean: one product, several, or none."""

    products: tuple[Product, ...]
    sizes: tuple[Product, ...] = ()
    """The same in other sizes, where the size that was said does not exist."""

    @property
    def only(self) -> Product | None:
        """The product, if there is no doubt."""
        return self.products[0] if len(self.products) == 1 else None

    @property
    def differ_in_size(self) -> bool:
        """Whether only the size is open."""
        return len({product.category for product in self.products}) == 1 and all(each.size for each in self.products)


def match(wish: Wish, products: Sequence[Product]) -> Match:
    """The products that fit the words best; those of the size that was said, if it was."""
    codes = {wish.sku} if wish.sku is not None else set(wish.words.upper().split())
    coded = tuple(product for product in products if product.sku in codes)
    if coded or wish.sku is not None:
        return Match(coded)
    named = _named(wish.words, [each for each in products if each.sku in wish.among] if wish.among else products)
    if wish.size is None:
        return Match(named)
    fitting = tuple(product for product in named if product.size and _is_size(product.size, wish.size))
    return Match(fitting, sizes=() if fitting else tuple(each for each in named if each.size))


def names_others(said: Wish, own: Collection[str], products: Sequence[Product]) -> bool:
    """Whether the words name goods, and none of those that are spoken of."""
    named = match(Wish(words=said.words), products).products if said.words else ()
    return bool(named) and not any(product.sku in own for product in named)


def _is_size(size: str, said: str) -> bool:
    """Whether a size is the one that was said, with its unit or without."""
    return said == (size.partition(" ")[0] if said.isdigit() else size)


def _named(words: str, products: Sequence[Product]) -> tuple[Product, ...]:
    said = _words(words)
    if not said:
        return tuple(products)
    scored = [(_score(said, words.lower(), product), product) for product in products]
    best = max((score for score, _ in scored), default=0.0)
    return tuple(product for score, product in scored if score >= best * _LIKE) if best >= _ENOUGH else ()


def _score(said: frozenset[str], text: str, product: Product) -> float:
    names = [product.name, product.category, product.name_zh, product.name_ms, *product.keywords]
    return max(_likeness(said, text, name) for name in names)


@lru_cache(maxsize=16_384)
def _likeness(said: frozenset[str], text: str, name: str) -> float:
    """How much of what was said this name has, 0 to 1; more where it says all of the name, and what kind it is."""
    if _CHINESE.search(name):
        return 2.0 + len(name) / 10 if name in text else _shared(text, name)
    own = _name_words(name)
    found = [word for word in said if any(_same(word, each) for each in own)]
    if not found:
        return 0.0
    share = len(found) / len(said)
    whole = len(found) / len(own)
    head = any(_same(word, own[-1]) for word in found)
    return share + 0.5 * whole + (0.25 if head else 0.0)


def _shared(text: str, name: str) -> float:
    """For Chinese words that are not quite the name: how much of it was said, from its end."""
    longest = max((length for length in range(1, len(name)) if name[-length:] in text), default=0)
    return longest / len(name)


@lru_cache(maxsize=4096)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(_singular(word) for word in _WORD.findall(_without_size(name.lower())))


def _words(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _WORD.findall(text.lower()))


def _without_size(name: str) -> str:
    return re.sub(r"\b\d+ (?:inch|oz|ml|cm|mm)\b|\b(?:small|medium|large)$", " ", name)


def _singular(word: str) -> str:
    if word.endswith(("xes", "shes", "ches")):
        return word[:-2]
    if word.endswith("ves"):
        return f"{word[:-3]}fe" if word.endswith("ives") else word[:-1]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


@lru_cache(maxsize=65_536)
def _same(said: str, own: str) -> bool:
    if said == own or said.replace("-", "") == own.replace("-", ""):
        return True
    if min(len(said), len(own)) <= 3 or 2 * min(len(said), len(own)) < _CLOSE * (len(said) + len(own)):
        return False
    return SequenceMatcher(None, said, own).ratio() >= _CLOSE
