"""Character n-grams within word boundaries: the features of the intent classifier, typo-tolerant in any script."""

from functools import lru_cache
from typing import Final

_SIZES: Final = range(1, 6)


def ngrams(text: str) -> list[str]:
    """All runs of one to five characters of each word, which is padded by a space on both sides."""
    return [ngram for word in text.split() for ngram in _of_word(word)]


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[start : start + size] for size in _SIZES for start in range(len(padded) - size + 1))
