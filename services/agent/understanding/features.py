"""What the intent classifier sees of a text: character n-grams of its words, tolerant of typos, and pairs of words."""

import re
from collections.abc import Container
from itertools import pairwise
from typing import Final

from services.agent.understanding.gates import is_han, units

_SIZES: Final = range(2, 5)
_SPACED: Final = str.maketrans({**dict.fromkeys(',.!;:()[]"…，。！；：、（）', " "), **dict.fromkeys("?？", " ? ")})
"""Punctuation is no part of a word; a question mark is a word of its own."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_HAN_SIZES: Final = range(1, 4)


def pieces(text: str, known: Container[str] | None = None) -> list[str]:
    """The words of a masked text, and each two neighbours with a space between, if they are known; no pairs of Han."""
    words = units(text.translate(_SPACED))
    pairs = [f"{left} {right}" for left, right in pairwise(("^", *words, "$"))]
    if known is None:
        return [*words, *(pair for pair in pairs if not _HAN.search(pair))]
    return [*words, *(pair for pair in pairs if pair in known)]


def features(piece: str) -> list[str]:
    """The features of one piece: n-grams of a word within its bounds, or the pair itself."""
    if " " in piece:
        return [piece]
    if is_han(piece):
        return [piece[:size] for size in _HAN_SIZES if size <= len(piece)]
    padded = f" {piece} "
    return [padded[start : start + size] for size in _SIZES for start in range(len(padded) - size + 1)]
