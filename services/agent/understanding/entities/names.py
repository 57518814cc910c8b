"""Names from the pack's gazetteer, exactly or with a typo; neither short names nor everyday words are typos."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from services.agent.understanding.entities.common_words import COMMON_WORDS
from services.agent.understanding.entities.readings import Places, Reading
from services.agent.understanding.normalisation import Normalised, normalise
from shared.domains.base import Gazetteer

_TOKEN: Final = re.compile(r"[a-z0-9\u00c0-\u024f]+|[^\W\d_]", re.UNICODE)
_SHORTEST_FUZZY: Final = 6
_LONG: Final = 10
"""From this length on a name may have two typos."""
_SHORT_WORDS: Final = "am an as at be by do go he if in is it me my no of oh ok on or so to up us we"
_EVERYDAY: Final = COMMON_WORDS | frozenset(_SHORT_WORDS.split())
_REMEMBERED: Final = 4096
_SHORTEST_PART: Final = 3
"""Parts of a name that was written apart are at least this long: "white field", but not "go a"."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write a name; the key is its letters and digits without anything between them."""

    kind: str
    value: str
    key: str
    parts: int
    capitals: bool
    """Whether it must be written in capitals, being an everyday word otherwise: IT, US."""
    letters: int
    """A bit for each letter in it, to tell cheaply how different two words are at least."""


class Token(NamedTuple):
    """A word, or a character where words are not set apart."""

    text: str
    start: int
    end: int


class Names:
    """The names a pack knows, ready to be found in a text."""

    def __init__(self, gazetteer: Gazetteer, known_words: frozenset[str] = frozenset()) -> None:
        """`known_words` are words of the pack's own utterances, which are no typos either."""
        self._exact: dict[str, list[Name]] = defaultdict(list)
        self._beginnings: set[str] = set()
        self._starts: set[str] = set()
        for first, name in _listed(gazetteer):
            if name.value not in {other.value for other in self._exact[name.key] if other.kind == name.kind}:
                self._exact[name.key].append(name)
            beginnings = [name.key[:length] for length in range(1, len(name.key) + 1)]
            self._beginnings.update(beginnings)
            self._starts.update((first, *beginnings[_SHORTEST_PART - 1 :]))
        self._longest = max((names[0].parts for names in self._exact.values()), default=0) + 1
        self._similar = _similar(self._exact)
        self._known = COMMON_WORDS | known_words
        self._closest = lru_cache(_REMEMBERED)(self._nearest)
        self._worth_a_look = lru_cache(_REMEMBERED)(self._concerns)

    def tokens(self, words: Normalised) -> list[Token]:
        """The words of a text; none where none of them can be of a name."""
        if not self._exact or not any(map(self._worth_a_look, words.units)):
            return []
        return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(words.lower)]

    def exact(self, tokens: Sequence[Token], words: Normalised) -> Iterator[Reading]:
        """The names written as listed, whatever their case, spaces and hyphens."""
        for first, token in enumerate(tokens):
            if token.text in self._starts:
                yield from self._from(tokens[first : first + self._longest], words)

    def fuzzy(self, tokens: Sequence[Token], places: Places) -> Iterator[Reading]:
        """The names written with a typo, where nothing else was read."""
        strange = [place for place, token in enumerate(tokens) if self._strange(token.text)]
        for first, after in self._around([place for place in strange if places.free(*tokens[place][1:])], len(tokens)):
            window = tokens[first:after]
            key = "".join(token.text for token in window)
            if (len(window), key[0], len(key)) in self._similar and key not in self._exact:
                for name in self._closest(key, len(window)):
                    yield Reading(name.kind, name.value, window[0].start, window[-1].end)

    def _concerns(self, unit: str) -> bool:
        """Whether a name may begin in it, or a typo of one may be in it."""
        tokens = _TOKEN.findall(unit)
        return any(token in self._starts or self._strange(token) for token in tokens)

    def _from(self, tokens: Sequence[Token], words: Normalised) -> Iterator[Reading]:
        """The names that begin with the first token."""
        key = ""
        for parts, token in enumerate(tokens, start=1):
            key += token.text
            if key not in self._beginnings:
                return
            for name in self._exact.get(key, ()):
                if name.capitals and not words.text[tokens[0].start : token.end].isupper():
                    continue
                if parts == name.parts or all(len(each.text) >= _SHORTEST_PART for each in tokens[:parts]):
                    yield Reading(name.kind, name.value, tokens[0].start, token.end)

    def _around(self, strange: Sequence[int], length: int) -> list[tuple[int, int]]:
        """The runs of tokens, short enough to be a name, with a strange one in them."""
        runs = {
            (first, after)
            for place in strange
            for first in range(max(0, place - self._longest + 1), place + 1)
            for after in range(place + 1, min(first + self._longest, length) + 1)
        }
        return sorted(runs)

    def _strange(self, word: str) -> bool:
        """Whether a word may be a typo."""
        return len(word) >= _SHORTEST_PART and word not in self._known and not word.isdigit()

    def _nearest(self, key: str, parts: int) -> tuple[Name, ...]:
        """The names that are nearest to what was written; none where two values are equally near."""
        letters = _letters(key)
        best: dict[int, list[Name]] = defaultdict(list)
        for name in self._similar[parts, key[0], len(key)]:
            allowed = _allowed(name)
            if (letters ^ name.letters).bit_count() <= 2 * allowed:
                edits = distance(key, name.key, allowed)
                if edits <= allowed:
                    best[edits].append(name)
        nearest = tuple(best[min(best)]) if best else ()
        return nearest if len({(name.kind, name.value) for name in nearest}) == 1 else ()


def distance(left: str, right: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two words; `limit` + 1 where more."""
    before: list[int] = []
    current = list(range(len(right) + 1))
    for row, a in enumerate(left, start=1):
        older, before, current = before, current, [row]
        for column, b in enumerate(right, start=1):
            cost = min(before[column] + 1, current[-1] + 1, before[column - 1] + (a != b))
            if row > 1 and column > 1 and a == right[column - 2] and left[row - 2] == b:
                cost = min(cost, older[column - 2] + 1)
            current.append(cost)
        if min(current) > limit and min(before) > limit:
            return limit + 1
    return current[-1]


def _listed(gazetteer: Gazetteer) -> Iterator[tuple[str, Name]]:
    """Each name with its first word."""
    for kind, values in gazetteer.names.items():
        for value, written in values.items():
            for form in (value, *written):
                parts = _TOKEN.findall(normalise(form).lower)
                key = "".join(parts)
                if key:
                    yield (
                        parts[0],
                        Name(kind, value, key, len(parts), form.isupper() and key in _EVERYDAY, _letters(key)),
                    )


def _similar(exact: Mapping[str, list[Name]]) -> dict[tuple[int, str, int], list[Name]]:
    """Words, first letter and length of what may be written -> the names it may be meant for.

    A mistyped name keeps its first letter and its number of words, or loses the spaces between them.
    """
    similar: dict[tuple[int, str, int], list[Name]] = defaultdict(list)
    for key, names in exact.items():
        if len(key) >= _SHORTEST_FUZZY and key.isascii():
            for name in names:
                for length in range(len(key) - _allowed(name), len(key) + _allowed(name) + 1):
                    for parts in {1, name.parts}:
                        similar[parts, key[0], length].append(name)
    return dict(similar)


def _allowed(name: Name) -> int:
    return 2 if len(name.key) >= _LONG else 1


def _letters(key: str) -> int:
    letters = 0
    for character in key:
        letters |= 1 << (ord(character) % 64)
    return letters
