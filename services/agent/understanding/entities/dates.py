"""Dates and periods, each read only on an explicit cue; their values are those of shared.domains.dates."""

from collections.abc import Iterator
from typing import Final

from services.agent.understanding.entities.calendar import Rule
from services.agent.understanding.entities.chinese_dates import RULES as CHINESE
from services.agent.understanding.entities.english_dates import RULES as ENGLISH
from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.gates import Gate
from services.agent.understanding.normalisation import Normalised

_RULES: Final = Gate[Rule](ENGLISH + CHINESE)


def read(words: Normalised, _: Situation) -> Iterator[Reading]:
    """The dates and periods in `words`."""
    for rule in _RULES.passing(words):
        for match in rule.pattern.finditer(words.text):
            value = rule.build(match)
            if value is not None:
                start = match.end() - len(match[0].lstrip())
                yield Reading(rule.kind, value, start, match.end())
