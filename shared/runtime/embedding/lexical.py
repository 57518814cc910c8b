"""Embeds by the letters alone: texts are alike when they share words or pieces of words. Needs no model.

Each n-gram adds its weight at a place of the vector that its hash names, with a sign that the hash names too (feature
hashing, Weinberger et al. 2009). It finds what was said in the same words, and nothing that was said in others.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from typing import Final
from unicodedata import normalize
from zlib import crc32

import numpy as np

from shared.runtime.embedding.embedder import Vectors, unit

_DIMENSION: Final = 512
_TOKEN: Final = re.compile(r"[a-z0-9\u00c0-\u024f]+|[\u3400-\u9fff]+")
_PIECES: Final = (3, 4)
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
        """A row of 512 numbers for each text; takes some 50 µs a text."""
        rows = np.zeros((len(texts), _DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram, weight in _weights(text):
                place = crc32(gram.encode())
                row[place % _DIMENSION] += weight if place & 1 << 31 else -weight
        return unit(rows)

    async def close(self) -> None:
        """There is nothing to let go of."""


def _weights(text: str) -> Iterator[tuple[str, float]]:
    """N-grams with their weights; what is repeated counts for less each time."""
    grams = Counter[str]()
    for token in _TOKEN.findall(normalize("NFKC", text).lower()):
        grams.update(_han(token) if token[0] >= "\u3400" else _latin(token))
    for gram, count in grams.items():
        weight = 1.0 if gram.startswith("=") else _PIECE_WEIGHT
        yield gram, weight * (1 + log(count))


def _latin(word: str) -> Iterator[str]:
    """The word, marked as whole, and its pieces."""
    if word in _COMMON:
        return
    yield f"={word}"
    padded = f"_{word}_"
    for length in _PIECES:
        yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def _han(run: str) -> Iterator[str]:
    """Pairs of characters as words, single ones as pieces."""
    yield from (character for character in run if character not in _COMMON)
    pairs = (run[start : start + 2] for start in range(len(run) - 1))
    yield from (f"={pair}" for pair in pairs if not _COMMON.issuperset({*pair}) and pair not in _COMMON)
