"""E-mail addresses, also those written out to hide them from machines."""

import re
from collections.abc import Iterator
from typing import Final

from shared.privacy.detection.folding import Folded
from shared.privacy.detection.spans import Kind, Span

# `\w` would take Chinese characters before an address for a part of it.
_LETTER: Final = r"a-z0-9\u00c0-\u024f"
_EMAIL: Final = re.compile(
    rf"(?<![{_LETTER}._%+-])[{_LETTER}][{_LETTER}._%+'-]{{0,63}}@"
    rf"(?:[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?\.){{1,4}}[a-z]{{2,24}}(?![a-z0-9])",
    re.I,
)
_SPELLED: Final = re.compile(
    r"(?<![a-z0-9])[a-z0-9][a-z0-9._-]{0,63}(?: (?:dot|underscore) [a-z0-9]+){0,3}"
    r"\s?(?:\(at\)|\[at\]|\{at\}|(?<=\s)at(?=\s)|@)\s?"
    r"[a-z0-9-]{2,63}(?:\s?(?:\(dot\)|\[dot\]|\{dot\}|(?<=\s)dot(?=\s))\s?[a-z]{2,24}){1,3}(?![a-z0-9])",
    re.I,
)


def find_emails(folded: Folded) -> Iterator[Span]:
    """`arjun@example.com`, and `arjun at example dot com`."""
    if "@" in folded.text:
        for match in _EMAIL.finditer(folded.text):
            yield Span(Kind.EMAIL, match.start(), match.end(), 0.99)
    if "dot" in folded.text.lower():
        for match in _SPELLED.finditer(folded.text):
            yield Span(Kind.EMAIL, match.start(), match.end(), 0.85)
