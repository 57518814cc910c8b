"""Replaces what was read by a mark of its kind, so that intents are learned from words and not from numbers."""

from collections.abc import Iterable, Sequence
from typing import Final

from services.agent.understanding.classifier import MARKS
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.normalisation import Normalised

_UNMASKED: Final = frozenset({"ordinal"})
"""Kinds whose own words say what is wanted: "the second one"."""


class Masks:
    """A mark, one private character, for each kind that training saw; other kinds stay as they are written."""

    def __init__(self, kinds: Iterable[str]) -> None:
        ordered = sorted(set(kinds) - _UNMASKED)
        self._marks = {kind: f" {chr(ord(MARKS) + place)} " for place, kind in enumerate(ordered)}

    def masked(self, words: Normalised, readings: Sequence[Reading]) -> str:
        """The lower-case words with marks for what was read."""
        pieces: list[str] = []
        place = 0
        for reading in readings:
            mark = self._marks.get(reading.kind)
            if mark and reading.start >= place:
                pieces += (words.lower[place : reading.start], mark)
                place = reading.end
        pieces.append(words.lower[place:])
        return "".join(pieces)
