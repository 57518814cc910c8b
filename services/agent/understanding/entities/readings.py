"""What the readers of entities have in common: a reading, what it may know, and who wins a place in the text."""

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


@dataclass(frozen=True, slots=True)
class Situation:
    """What a reader may know beside the words."""

    currency: str
    """Of amounts that name none."""
    asked: str = ""
    """The words of the question that waits for its answer, in lower case."""
    shown: int = 0
    """How many items were shown."""


class Places:
    """The readings of one text; each of its places belongs to one reading at most."""

    def __init__(self, length: int) -> None:
        self.readings: list[Reading] = []
        self._taken = bytearray(length)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing was read there yet."""
        return self._taken.find(1, start, end) < 0

    def settle(self, readings: Iterable[Reading]) -> None:
        """Keep those whose place is free; of two that want a place the longer has it, then the earlier."""
        wanted = list(readings)
        if len(wanted) > 1:
            wanted.sort(key=lambda each: (each.start - each.end, each.start))
        for reading in wanted:
            if reading.start < reading.end and self.free(reading.start, reading.end):
                self._taken[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
                self.readings.append(reading)


def preceded(words: Normalised, start: int, within: int = 30) -> str:
    """The folded words just before a place."""
    return words.lower[max(0, start - within) : start]
