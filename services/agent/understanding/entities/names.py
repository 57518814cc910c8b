"""Names from the pack's gazetteer, exactly or with a typo; neither short names nor everyday words are typos."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.agent.understanding.entities.common_words import COMMON_WORDS
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.normalisation import Normalised, normalise
from shared.domains.base import Gazetteer

_TOKEN: Final = re.compile(r"[a-z0-9\u00c0-\u024f]+|[^\W\d_]", re.UNICODE)
_SHORTEST_FUZZY: Final = 6
_LONG: Final = 10
"""From this length on a name may have two typos."""
_SHORTEST_PART: Final = 3
"""Parts of a name that was written apart are at least this long: "white field", but not "go a"."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write a name; the key is its letters and digits without anything between them."""

    kind: str
    value: str
    key: str
    parts: int
    letters: int
    """A bit for each letter in it, to tell cheaply how different two words are at least."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some neighbouring words of the text, read as one."""

    key: str
    words: tuple[str, ...]
    start: int
    end: int


class Names:
    """The names a pack knows, ready to be found in a text."""

    def __init__(self, gazetteer: Gazetteer, known_words: frozenset[str] = frozenset()) -> None:
        """`known_words` are words of the pack's own utterances, which are no typos either."""
        self._exact: dict[str, list[Name]] = defaultdict(list)
        for name in _listed(gazetteer):
            if name.value not in {other.value for other in self._exact[name.key] if other.kind == name.kind}:
                self._exact[name.key].append(name)
        self._longest = max((names[0].parts for names in self._exact.values()), default=0) + 1
        self._similar = _by_initial_and_length(self._exact)
        self._known = COMMON_WORDS | known_words

    def windows(self, words: Normalised) -> list[Window]:
        """Every run of neighbouring words that is short enough to be a name."""
        if not self._exact:
            return []
        tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(words.lower)]
        texts = tuple(token for token, _, _ in tokens)
        return [
            Window("".join(texts[first:after]), texts[first:after], tokens[first][1], tokens[after - 1][2])
            for first in range(len(tokens))
            for after in range(first + 1, min(first + self._longest, len(tokens)) + 1)
        ]

    def exact(self, windows: Sequence[Window]) -> Iterator[Reading]:
        """The names written as listed, whatever their case, spaces and hyphens."""
        for window in windows:
            for name in self._exact.get(window.key, ()):
                if _same_parts(window, name):
                    yield Reading(name.kind, name.value, window.start, window.end)

    def fuzzy(self, windows: Sequence[Window]) -> Iterator[Reading]:
        """The names written with a typo."""
        if all(self._familiar(window.words[0]) for window in windows):
            return
        for window in windows:
            if len(window.key) >= _SHORTEST_FUZZY - 1 and not self._ordinary(window):
                for name in self._closest(window):
                    yield Reading(name.kind, name.value, window.start, window.end)

    def _ordinary(self, window: Window) -> bool:
        """Whether it is a name as listed, in another script, or nothing but words that are no typos."""
        if window.key in self._exact or not window.key.isascii():
            return True
        return all(map(self._familiar, window.words))

    def _familiar(self, word: str) -> bool:
        return word in self._known or len(word) < _SHORTEST_PART or word.isdigit()

    def _closest(self, window: Window) -> list[Name]:
        """The names that are nearest to what was written; none where two values are equally near."""
        letters = _letters(window.key)
        best: dict[int, list[Name]] = defaultdict(list)
        for length in range(len(window.key) - 2, len(window.key) + 3):
            for name in self._similar.get((window.key[0], length), ()):
                allowed = _allowed(name)
                if (letters ^ name.letters).bit_count() <= 2 * allowed and _near_parts(window, name):
                    edits = distance(window.key, name.key, allowed)
                    if edits <= allowed:
                        best[edits].append(name)
        nearest = best[min(best)] if best else []
        return nearest if len({(name.kind, name.value) for name in nearest}) == 1 else []


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


def _listed(gazetteer: Gazetteer) -> Iterator[Name]:
    for kind, values in gazetteer.names.items():
        for value, written in values.items():
            for form in (value, *written):
                parts = _TOKEN.findall(normalise(form).lower)
                key = "".join(parts)
                if key:
                    yield Name(kind, value, key, len(parts), _letters(key))


def _by_initial_and_length(exact: Mapping[str, list[Name]]) -> dict[tuple[str, int], list[Name]]:
    similar: dict[tuple[str, int], list[Name]] = defaultdict(list)
    for key, names in exact.items():
        if len(key) >= _SHORTEST_FUZZY and key.isascii():
            similar[key[0], len(key)].extend(names)
    return dict(similar)


def _same_parts(window: Window, name: Name) -> bool:
    """Whether the words may be this name: as many parts, or parts long enough to be no words of their own."""
    return len(window.words) == name.parts or all(len(word) >= _SHORTEST_PART for word in window.words)


def _near_parts(window: Window, name: Name) -> bool:
    """A mistyped name keeps its number of words, or loses the space between them."""
    return len(window.words) in (name.parts, 1)


def _allowed(name: Name) -> int:
    return 2 if len(name.key) >= _LONG else 1


def _letters(key: str) -> int:
    letters = 0
    for character in key:
        letters |= 1 << (ord(character) % 64)
    return letters
