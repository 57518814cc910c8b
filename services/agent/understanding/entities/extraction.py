"""All readers together, in the order of their claim to a place in the text."""

import re
from typing import Final

from services.agent.understanding.entities import (
    contacts,
    dates,
    identifiers,
    ordinals,
    quantities,
    times,
)
from services.agent.understanding.entities.names import Names
from services.agent.understanding.entities.patterns import Patterns
from services.agent.understanding.entities.readings import Places, Reading, Situation
from services.agent.understanding.normalisation import Normalised

_DIGIT: Final = re.compile(r"\d")
_MOST: Final = 100
"""So many entities are kept of one utterance: nobody means more, and records stay small."""


def extract(words: Normalised, situation: Situation, names: Names, patterns: Patterns) -> list[Reading]:
    """Everything named in `words`, in order of place. Only names that share their way of writing share a place."""
    places = Places(len(words.text))
    tokens = names.tokens(words)
    exact = list(names.exact(tokens, words))
    places.settle(contacts.read_emails(words, situation))
    places.settle(exact)
    places.settle(patterns.read(words))
    if _DIGIT.search(words.text):
        places.settle(contacts.read_phones(words, situation))
        places.settle(identifiers.read(words, situation))
    for reader in (ordinals, dates, times, quantities):
        places.settle(reader.read(words, situation))
    places.settle(names.fuzzy(tokens, places))
    places.settle(contacts.read_names(words, situation))
    found = [*places.readings, *_namesakes(exact, places.readings)]
    return sorted(found, key=lambda reading: (reading.start, reading.end))[:_MOST]


def _namesakes(exact: list[Reading], kept: list[Reading]) -> list[Reading]:
    """Names of another kind that are written alike: the pack knows which it meant."""
    places = {(reading.start, reading.end) for reading in kept}
    return [reading for reading in exact if reading not in kept and (reading.start, reading.end) in places]
