"""What the intent classifier sees of a text: character n-grams of its words, tolerant of typos, and pairs of words."""

import re
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise
from typing import Final

from services.agent.understanding.gates import is_han, units

_SIZES: Final = range(2, 5)
_SPACED: Final = str.maketrans(
    {
        **dict.fromkeys(',.!;:()[]"…，。！；：、（）', " "),
        **dict.fromkeys("?？", " ? "),
        **dict.fromkeys("123456789", "0"),
    }
)
"""Punctuation is no part of a word; a question mark is a word of its own. Which number it is says nothing."""
_LONG: Final = 500
"""Words of texts longer than this are not remembered, so that nobody fills the memory with them."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_HAN_SIZES: Final = range(1, 4)


def pieces(text: str, known: Container[str] | None = None) -> list[str]:
    """The words of a masked text, and each two neighbours with a space between, if they are known; no pairs of Han."""
    words = [word for unit in units(text) for word in (_cleaned if len(text) <= _LONG else _spaced)(unit)]
    pairs = map(" ".join, pairwise(("^", *words, "$")))
    if known is None:
        return [*words, *(pair for pair in pairs if not _HAN.search(pair))]
    return [*words, *(pair for pair in pairs if pair in known)]


def _spaced(unit: str) -> tuple[str, ...]:
    """A unit without its punctuation; its digits are alike."""
    return tuple(unit.translate(_SPACED).split())


_cleaned: Final = lru_cache(4096)(_spaced)


def features(piece: str) -> list[str]:
    """The features of one piece: n-grams of a word within its bounds, or the pair itself."""
    if " " in piece:
        return [piece]
    if is_han(piece):
        return [piece[:size] for size in _HAN_SIZES if size <= len(piece)]
    padded = f" {piece} "
    return [padded[start : start + size] for size in _SIZES for start in range(len(padded) - size + 1)]
