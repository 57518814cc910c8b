"""Embeds by the letters alone: texts are alike when they share words or pieces of words. Needs no model.

Each n-gram adds its weight at a place of the vector that its hash names, with a sign that the hash names too (feature
hashing, Weinberger et al. 2009). It finds what was said in the same words, and nothing that was said in others.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from unicodedata import normalize
from zlib import crc32

import numpy as np

from shared.runtime.embedding.embedder import Vectors, unit

_DIMENSION: Final = 512
_TOKEN: Final = re.compile(r"[a-z0-9\u00c0-\u024f]+|[\u3400-\u9fff]+")
_LENGTHS: Final = (3, 4)
_PIECE_WEIGHT: Final = 0.3
_COMMON_WORDS: Final = (
    "a about am an and any are as at be been but by can could did do does for from had has have he her him his how i "
    "if in is it its just me my no not of on or our please she so some than that the their them then there they this "
    "to us was we were what when where which who why will with would you your "
    "的 了 吗 呢 吧 我 你 是 在 有 和 也 就 都 请 这 那 个 什么 怎么"
)
_COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Words that tell nothing of what a text is about."""


class LexicalEmbedder:
    """Words and their n-grams, in any language that has spaces, and in Chinese."""

    id: Final = "lexical-1"
    floor: Final = 0.12

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """A row of 512 numbers for each text; takes some 10 µs a text."""
        rows = np.zeros((len(texts), _DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for place, weight in _weights(text):
                row[place] += weight
        return unit(rows)

    async def close(self) -> None:
        """There is nothing to let go of."""


def _weights(text: str) -> Iterator[tuple[int, float]]:
    """Places of the vector and what is added to each; what is repeated counts once."""
    for token in {*_TOKEN.findall(normalize("NFKC", text).lower())}:
        if token[0] < "\u3400":
            yield from _hashed(token)
            continue
        for piece in {token[start : start + 2] for start in range(max(1, len(token) - 1))}:
            yield from _hashed(piece)


@lru_cache(maxsize=8192)
def _hashed(word: str) -> tuple[tuple[int, float], ...]:
    """Where a word and its pieces go."""
    if word in _COMMON or _COMMON.issuperset(word):
        return ()
    return tuple(_place(f"={word}", 1.0) if piece is None else _place(piece, _PIECE_WEIGHT) for piece in _pieces(word))


def _pieces(word: str) -> Iterator[str | None]:
    """The word as a whole, which is None, and its pieces: the characters of a Chinese one."""
    yield None
    if word[0] >= "\u3400":
        yield from (character for character in word if character not in _COMMON)
        return
    padded = f"_{word}_"
    for length in _LENGTHS:
        yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def _place(gram: str, weight: float) -> tuple[int, float]:
    number = crc32(gram.encode())
    return number % _DIMENSION, weight if number & 1 << 31 else -weight
