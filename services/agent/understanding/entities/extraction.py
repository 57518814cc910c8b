"""All readers together, in the order of their claim to a place in the text."""

import re
from collections.abc import Mapping

from services.agent.understanding.entities import (
    contacts,
    dates,
    identifiers,
    ordinals,
    patterns,
    quantities,
    times,
)
from services.agent.understanding.entities.names import Names
from services.agent.understanding.entities.readings import Reading, Situation, settle
from services.agent.understanding.normalisation import Normalised


def extract(
    words: Normalised, situation: Situation, names: Names, expressions: Mapping[str, re.Pattern[str]]
) -> list[Reading]:
    """Everything named in `words`, in order of place. Only names that share their way of writing share a place."""
    taken: list[Reading] = []
    settle(contacts.read_emails(words, situation), taken)
    exact = list(names.read_exact(words))
    settle(exact, taken)
    settle(patterns.read(words, expressions), taken)
    if _has_numbers(words):
        settle(contacts.read_phones(words, situation), taken)
        settle(identifiers.read(words, situation), taken)
    settle(ordinals.read(words, situation), taken)
    settle(dates.read(words, situation), taken)
    settle(times.read(words, situation), taken)
    settle(quantities.read(words, situation), taken)
    settle(names.read_fuzzy(words), taken)
    settle(contacts.read_names(words, situation), taken)
    return sorted([*taken, *_namesakes(exact, taken)], key=lambda reading: (reading.start, reading.end))


def _has_numbers(words: Normalised) -> bool:
    return any(character.isdigit() for character in words.text)


def _namesakes(exact: list[Reading], taken: list[Reading]) -> list[Reading]:
    """Names of another kind that are written alike: the pack knows which it meant."""
    places = {(reading.start, reading.end) for reading in taken}
    return [reading for reading in exact if reading not in taken and (reading.start, reading.end) in places]
