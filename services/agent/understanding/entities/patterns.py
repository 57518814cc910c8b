"""The pack's own expressions: a kind of entity and what its value looks like."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from services.agent.understanding.entities.numerals import number, plain
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.gates import Gate, Literals
from services.agent.understanding.normalisation import Normalised


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    pattern: re.Pattern[str]


class Patterns:
    """Expressions by the kind of what they find; the group `value` is the value, a number where written as one."""

    def __init__(self, patterns: Mapping[str, re.Pattern[str]], literals: Literals) -> None:
        self._gate = Gate((_Kind(name, pattern) for name, pattern in patterns.items()), literals)

    def read(self, words: Normalised) -> Iterator[Reading]:
        """What the expressions find in `words`."""
        for kind in self._gate.passing(words):
            for match in kind.pattern.finditer(words.text):
                if (text := match["value"]) is not None:
                    yield Reading(kind.name, _value(text), match.start(), match.end())


def _value(text: str) -> JsonValue:
    value = number(text.strip())
    return text.strip() if value is None else plain(value)
