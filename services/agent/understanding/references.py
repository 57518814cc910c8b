"""What "it", "that one", "the second one", "both" or 这个 mean among the items that were shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.agent.understanding import cues
from services.agent.understanding.entities.common_words import COMMON_WORDS
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.gates import Cue
from services.agent.understanding.normalisation import Normalised, normalise
from shared.domains.base import Dialogue, Referent

_COUNTS: Final = {"two": 2, "three": 3, "four": 4, "两": 2, "二": 2, "三": 3, "四": 4}
_WORD: Final = re.compile(r"[a-z0-9\u00c0-\u024f]+")
_TIMES: Final = frozenset({"date", "period", "time"})
_PRONOUNS: Final = frozenset({cues.OTHER, cues.PLURAL, cues.SINGULAR})
_SHORTEST_WORD: Final = 4


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in the text that refers to items: none of them where it is open which is meant."""

    start: int
    end: int
    items: tuple[Referent, ...]


def find_references(
    words: Normalised, readings: Sequence[Reading], dialogue: Dialogue, heard: Sequence[Cue]
) -> list[Reference]:
    """All references in `words`, which may give the cues `heard`; the earlier kinds have the first claim to a place."""
    found: list[Reference] = []
    for reference in (
        *(_by_place(words, readings, dialogue.shown, heard) if dialogue.shown else ()),
        *(_by_name(words, readings, dialogue.shown) if dialogue.shown else ()),
        *(_by_pronoun(words, readings, dialogue, heard) if not _PRONOUNS.isdisjoint(heard) else ()),
    ):
        if not any(reference.start < other.end and other.start < reference.end for other in found):
            found.append(reference)
    return sorted(found, key=lambda reference: reference.start)


def _by_place(
    words: Normalised, readings: Sequence[Reading], shown: Sequence[Referent], heard: Sequence[Cue]
) -> Iterator[Reference]:
    """Ordinals and "the first two"."""
    for match in cues.LEADING.pattern.finditer(words.lower) if cues.LEADING in heard else ():
        text = match["count"] or match["zh"]
        yield Reference(match.start(), match.end(), tuple(shown[: _COUNTS.get(text) or int(text)]))
    for match in cues.NUMBERS.pattern.finditer(words.lower) if cues.NUMBERS in heard else ():
        for number in ("first", "second"):
            if int(match[number]) <= len(shown):
                yield Reference(match.start(number), match.end(number), (shown[int(match[number]) - 1],))
    for reading in readings:
        if reading.kind == "ordinal" and isinstance(reading.value, int):
            place = reading.value - 1 if reading.value > 0 else len(shown) + reading.value
            if 0 <= place < len(shown):
                yield Reference(reading.start, reading.end, (shown[place],))


def _by_name(words: Normalised, readings: Sequence[Reading], shown: Sequence[Referent]) -> Iterator[Reference]:
    """Names of shown items, whole or by a word that only one of them has."""
    for reading in readings:
        items = tuple(each for each in shown if reading.value in (each.id, each.name))
        if items:
            yield Reference(reading.start, reading.end, items)
    names = tuple(item.name for item in shown)
    own = _distinctive(names)
    for match in _WORD.finditer(words.lower) if any(word in words.lower for word in own) else ():
        if match[0] in own:
            yield Reference(match.start(), match.end(), (shown[own[match[0]]],))
    for name, place in _foreign(names):
        if (start := words.lower.find(name)) >= 0:
            yield Reference(start, start + len(name), (shown[place],))


@lru_cache(maxsize=4096)
def _distinctive(names: tuple[str, ...]) -> Mapping[str, int]:
    """Words that are in one of the names alone and are no everyday words -> the place of that name."""
    owners: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for word in set(_WORD.findall(normalise(name).lower)):
            owners.setdefault(word, []).append(place)
    return {
        word: places[0]
        for word, places in owners.items()
        if len(places) == 1 and len(word) >= _SHORTEST_WORD and word not in COMMON_WORDS and not word.isdigit()
    }


@lru_cache(maxsize=4096)
def _foreign(names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Those of the names that are not in Latin letters alone, in lower case, with their places."""
    lower = [normalise(name).lower for name in names]
    return tuple((name, place) for place, name in enumerate(lower) if not name.isascii())


def _by_pronoun(
    words: Normalised, readings: Sequence[Reading], dialogue: Dialogue, heard: Sequence[Cue]
) -> Iterator[Reference]:
    text = _without_expletives(words, readings, heard)
    focus = _focus(dialogue)
    for match in cues.OTHER.pattern.finditer(text) if cues.OTHER in heard else ():
        others = tuple(item for item in dialogue.shown if item not in focus)
        yield Reference(match.start(), match.end(), others if len(others) == 1 else ())
    for match in cues.PLURAL.pattern.finditer(text) if cues.PLURAL in heard else ():
        yield Reference(match.start(), match.end(), _several(match[0], dialogue.shown, focus))
    for match in cues.SINGULAR.pattern.finditer(text) if cues.SINGULAR in heard else ():
        yield Reference(match.start(), match.end(), focus if len(focus) == 1 else ())


def _without_expletives(words: Normalised, readings: Sequence[Reading], heard: Sequence[Cue]) -> str:
    """The lower-case words, with blanks for "it is raining" and "this month" in place."""
    text = words.lower
    if cues.EXPLETIVES in heard:
        text = cues.EXPLETIVES.pattern.sub(lambda match: " " * len(match[0]), text)
    for reading in readings:
        if reading.kind in _TIMES:
            text = text[: reading.start] + " " * (reading.end - reading.start) + text[reading.end :]
    return text


def _focus(dialogue: Dialogue) -> tuple[Referent, ...]:
    """What the talk is about: what was referred to last if it is still shown, else all that is shown."""
    if len(dialogue.shown) > 1 and dialogue.recent:
        meant = {str(entity.value) for entity in dialogue.recent[-1].entities if entity.kind == "referent"}
        focus = tuple(item for item in dialogue.shown if item.id in meant)
        return focus or dialogue.shown
    return dialogue.shown


def _several(pronoun: str, shown: tuple[Referent, ...], focus: tuple[Referent, ...]) -> tuple[Referent, ...]:
    two = "both" in pronoun or "two" in pronoun or "两" in pronoun
    if two:
        return focus if len(focus) == 2 else shown if len(shown) == 2 else ()
    return focus if len(focus) > 1 and "all" not in pronoun else shown
