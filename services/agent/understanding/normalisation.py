"""Folds the many ways of writing one character into one, and finds the way back to the original text."""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from pydantic import JsonValue

from services.agent.understanding.gates import CORE, units
from shared.events.replies import Entity

_STRAIGHT = str.maketrans("‘’“”‐‑‒–—−", "''\"\"------")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text with compatibility characters, digits, quotes and dashes folded; `lower` has the same length."""

    original: str
    text: str
    lower: str
    units: tuple[str, ...]
    """The words of `lower`, and what stands for words in Chinese, for quick looks at what is in it."""
    hints: int
    """Which of the core's expressions may match."""
    starts: tuple[int, ...] | None = None
    """For each character of `text`, and its end, the place in the original; None: the same places."""

    def entity(self, kind: str, value: JsonValue, start: int, end: int) -> Entity:
        """What was read between two places of `text`, with its place in the original."""
        if self.starts is not None:
            start, end = self.starts[start], self._end(end)
        return Entity(kind=kind, value=value, text=self.original[start:end], start=start, end=end)

    def _end(self, end: int) -> int:
        """Where the original character ends whose folded form reaches up to `end`."""
        assert self.starts is not None  # noqa: S101 - the caller looked
        inside = self.starts[end - 1]
        return next((start for start in self.starts[end:] if start > inside), len(self.original))


def normalise(original: str) -> Normalised:
    """Fold `original`: NFKC, every script's digits to ASCII, straight quotes and dashes."""
    if original.isascii():
        return _looked(original, original, None)
    text = original.translate(_STRAIGHT)
    if unicodedata.is_normalized("NFKC", text) and not _foreign_digits(text):
        return _looked(original, text, None)
    pieces = [(start, _folded(text[start:end])) for start, end in _clusters(text)]
    starts = (*(start for start, piece in pieces for _ in piece), len(original))
    return _looked(original, "".join(piece for _, piece in pieces), starts)


def _looked(original: str, text: str, starts: tuple[int, ...] | None) -> Normalised:
    lower = _lower(text)
    words = units(lower)
    return Normalised(original, text, lower, words, CORE.hints(words), starts)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each base character with the marks that follow it."""
    bases = [place for place, character in enumerate(text) if place == 0 or not unicodedata.combining(character)]
    return list(pairwise([*bases, len(text)]))


def _folded(cluster: str) -> str:
    folded = unicodedata.normalize("NFKC", cluster)
    return "".join(str(unicodedata.digit(each)) if each.isdecimal() else each for each in folded)


def _foreign_digits(text: str) -> bool:
    return any(each.isdecimal() and not each.isascii() for each in text)


def _lower(text: str) -> str:
    """Lower case without the few characters whose lower case is longer, so that places stay the same."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
