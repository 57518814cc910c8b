"""Text in the one form that recognisers read, and the way back to where it was written."""

import unicodedata
from dataclasses import dataclass
from typing import Final

_SAID_AS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-") | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), ""
)
"""Dashes are hyphens, and what nobody sees hides no digits."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded to compatibility form (NFKC), with ASCII digits and hyphens. `origins` are None where it is
    the text as it was."""

    text: str
    origins: tuple[int, ...] | None = None
    """Where each character was written."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from `start` to `end`, exclusive, were written."""
        return (start, end) if self.origins is None else (self.origins[start], self.origins[end - 1] + 1)


def fold(text: str) -> Folded:
    """The text as recognisers read it."""
    if text.isascii():
        return Folded(text)
    folded: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for each in _folded(character):
            folded.append(each)
            origins.append(place)
    joined = "".join(folded)
    return Folded(text) if joined == text else Folded(joined, tuple(origins))


def _folded(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return unicodedata.normalize("NFKC", character).translate(_SAID_AS)
