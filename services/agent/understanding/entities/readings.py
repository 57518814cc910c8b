"""What the readers of entities have in common: a reading, and which reading wins a place."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from services.agent.understanding.normalisation import Normalised


@dataclass(frozen=True, slots=True)
class Reading:
    """A kind and value read between two places of the normalised text."""

    kind: str
    value: JsonValue
    start: int
    end: int

    def overlaps(self, other: "Reading") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Situation:
    """What a reader may know beside the words."""

    currency: str
    """Of amounts that name none."""
    asked: str = ""
    """The words of the question that waits for its answer, in lower case."""
    shown: int = 0
    """How many items were shown."""


def settle(readings: Iterable[Reading], taken: list[Reading]) -> None:
    """Add to `taken` those readings whose place is free; the longer of two wins, then the earlier."""
    for reading in sorted(readings, key=lambda each: (each.start - each.end, each.start)):
        if reading.start < reading.end and not any(reading.overlaps(other) for other in taken):
            taken.append(reading)


def preceded(words: Normalised, start: int, within: int = 30) -> str:
    """The folded words just before a place."""
    return words.lower[max(0, start - within) : start]
