"""The pack's own expressions: a kind of entity and what its value looks like."""

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from services.agent.understanding.entities.numerals import number, plain
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.normalisation import Normalised


def read(words: Normalised, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[Reading]:
    """What the pack's expressions find; the group `value` is the value, a number where it is written as one."""
    for kind, pattern in patterns.items():
        for match in pattern.finditer(words.text):
            if (text := match["value"]) is not None:
                yield Reading(kind, _value(text), match.start(), match.end())


def _value(text: str) -> JsonValue:
    value = number(text.strip())
    return text.strip() if value is None else plain(value)
