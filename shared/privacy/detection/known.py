"""What is known of the writer: a name or number that was said once is found wherever it is said again."""

import re
from collections.abc import Iterator
from typing import Final

from shared.privacy.detection.folding import Folded, fold
from shared.privacy.detection.spans import Kind, Known, Span

_RUN: Final = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){6,14}")
_SAME_DIGITS: Final = 7
"""Numbers whose last digits agree are the same, with or without a country's code."""


def find_known(folded: Folded, known: Known) -> Iterator[Span]:
    """Names, numbers and addresses of `known`, however they are written."""
    for name in known.names:
        yield from _name(folded.text, fold(name).text)
    for email in known.emails:
        yield from _words(folded.text, re.escape(fold(email).text), Kind.EMAIL, 0.99)
    endings = {_digits(phone)[-_SAME_DIGITS:] for phone in known.phones if len(_digits(phone)) >= _SAME_DIGITS}
    if endings:
        for match in _RUN.finditer(folded.text):
            if _digits(match[0])[-_SAME_DIGITS:] in endings:
                yield Span(Kind.PHONE, match.start(), match.end(), 0.95)


def _name(text: str, name: str) -> Iterator[Span]:
    """A whole name in any case; one word of a longer name only as a name is written."""
    yield from _words(text, re.escape(name), Kind.NAME, 0.9)
    parts = [part for part in name.split() if len(part) >= 3]
    if len(parts) > 1:
        for part in parts:
            for span in _words(text, re.escape(part), Kind.NAME, 0.8):
                if text[span.start].isupper():
                    yield span


def _words(text: str, expression: str, kind: Kind, confidence: float) -> Iterator[Span]:
    for match in re.finditer(rf"(?<![A-Za-z0-9]){expression}(?![A-Za-z0-9])", text, re.I):
        yield Span(kind, match.start(), match.end(), confidence)


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", fold(text).text)
