"""Where personal data stands in a text, and what kind it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from shared.privacy.detection.folding import Folded


class Kind(StrEnum):
    """What was found; `[PHONE]` and the like stand in its place."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    CARD = "CARD"
    IBAN = "IBAN"
    NRIC = "NRIC"
    AADHAAR = "AADHAAR"
    PAN = "PAN"
    RESIDENT_ID = "RESIDENT_ID"
    PASSPORT = "PASSPORT"
    ADDRESS = "ADDRESS"
    NAME = "NAME"

    @property
    def placeholder(self) -> str:
        """What is written in its place."""
        return f"[{self.value}]"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end`, exclusive, are personal data with this confidence, 0 to 1."""

    kind: Kind
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the person who writes, as written by them or in their profile."""

    names: frozenset[str] = field(default_factory=frozenset)
    phones: frozenset[str] = field(default_factory=frozenset)
    emails: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: "Known") -> "Known":
        return Known(self.names | other.names, self.phones | other.phones, self.emails | other.emails)


NOBODY = Known()

Recogniser = Callable[[Folded], Iterable[Span]]
"""Finds spans in a folded text; positions are those of the folded text."""


def resolve(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order and apart: those that overlap become one over all of them, of the kind of the longest."""
    resolved: list[Span] = []
    longest = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end, -each.confidence)):
        length = span.end - span.start
        if not resolved or span.start >= resolved[-1].end:
            resolved.append(span)
            longest = length
            continue
        last = resolved[-1]
        wins = (length, span.confidence) > (longest, last.confidence)
        leading = span if wins else last
        resolved[-1] = Span(leading.kind, last.start, max(last.end, span.end), leading.confidence)
        longest = max(longest, length)
    return tuple(resolved)
