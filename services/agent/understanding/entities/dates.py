"""Dates and periods, each read only on an explicit cue; their values are those of shared.domains.dates."""

import re
from collections.abc import Iterator
from typing import Final

from services.agent.understanding.entities.chinese_dates import RULES as CHINESE
from services.agent.understanding.entities.english_dates import RULES as ENGLISH
from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.normalisation import Normalised

_ENGLISH_CUE: Final = re.compile(
    r"\d|day|week|mont|quarter|year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|wen|thu|fri|sat|sun|"
    r"tom|tmr|tonight|[ymq]td"
)
"""Cheaper than the rules, none of which finds anything without it."""


def read(words: Normalised, _: Situation) -> Iterator[Reading]:
    """The dates and periods in `words`."""
    english = ENGLISH if _ENGLISH_CUE.search(words.lower) else ()
    for rule in english if words.text.isascii() else english + CHINESE:
        for match in rule.pattern.finditer(words.text):
            value = rule.build(match)
            if value is not None:
                start = match.end() - len(match[0].lstrip())
                yield Reading(rule.kind, value, start, match.end())
