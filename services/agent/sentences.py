"""Where a text's sentences end. Pure."""

import re
from itertools import pairwise

# A full stop ends a sentence before white space only, and not after a digit: "1.2 Cr" and "1. Runner" stay whole.
# What all ends begin with comes first, alone: the rest is tried in few places.
_SENTENCE_END = re.compile(r"[.!?。！？\n](?:(?<=[。！？\n])|(?<!\d\.)[.!?]*(?=\s))\s*")


def sentences(text: str) -> list[str]:
    """The text in sentences; together they are the text to the letter."""
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    return [text[first:last] for first, last in pairwise((0, *ends, len(text))) if first < last]
