"""Tells by the words of a text which expressions cannot match in it, so that most are never tried.

Every expression has literals of which a match contains at least one; they are read off its parsed form. Words are
looked up one by one and remembered, so a text costs one lookup a word however many expressions there are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from re import _constants as ops  # type: ignore[attr-defined]  # no public way to read an expression
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final, Generic, Protocol, TypeVar

_LONGEST: Final = 5
"""Literals are cut to this length; what a cut one is missing from, the whole one is missing from too."""
_REMEMBERED: Final = 4096
_LONG_TEXT: Final = 500
"""Words of texts longer than this are not remembered, so that nobody fills the memory with them."""
_DIGITS: Final = str.maketrans("123456789", "000000000")
_MOST_CHOICES: Final = 24
_UNIT: Final = re.compile(r"[^\s\u3400-\u9fff]+|[\u3400-\u9fff]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_PART: Final = re.compile(r"[^\s\u3400-\u9fff]+|[\u3400-\u9fff]+")
_HAN_UNIT: Final = 4

Needs = frozenset[str]


class Expression(Protocol):
    """Something that is found by an expression."""

    @property
    def pattern(self) -> re.Pattern[str]: ...


class Looked(Protocol):
    """Words of which it is known what to look for in them."""

    @property
    def units(self) -> Sequence[str]: ...
    @property
    def hints(self) -> int: ...


ExpressionT = TypeVar("ExpressionT", bound=Expression)


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """An expression that tells something by itself; known by its identity."""

    pattern: re.Pattern[str]


def units(lower: str) -> tuple[str, ...]:
    """What a lower-case text is looked up by: its words, and each Han character with the three that follow."""
    if lower.isascii() or not _HAN.search(lower):
        return tuple(lower.split())
    return tuple(_unit(lower, match) for match in _UNIT.finditer(lower))


def _unit(lower: str, match: re.Match[str]) -> str:
    return lower[match.start() : match.start() + _HAN_UNIT].split(maxsplit=1)[0] if is_han(match[0]) else match[0]


def is_han(word: str) -> bool:
    """Whether a word begins with a Han character."""
    return "\u3400" <= word[0] <= "\u9fff"


class Literals:
    """Literals of expressions, each expression being a bit."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._always = 0
        self._expressions = 0
        self._remembered = lru_cache(_REMEMBERED)(self._of_unit)

    def add(self, pattern: re.Pattern[str]) -> None:
        """Make `pattern` the next bit."""
        bit = 1 << self._expressions
        self._expressions += 1
        literals = needs(pattern)
        if literals is None:
            self._always |= bit
        for literal in literals or ():
            self._bits[literal] = self._bits.get(literal, 0) | bit
        self._remembered.cache_clear()

    @property
    def count(self) -> int:
        """How many expressions there are."""
        return self._expressions

    def hints(self, text: Sequence[str]) -> int:
        """The bits of the expressions that may match in the text of these units."""
        of_unit = self._remembered if sum(map(len, text)) <= _LONG_TEXT else self._of_unit
        return reduce(or_, map(of_unit, text), self._always)

    def _of_unit(self, unit: str) -> int:
        unit = unit.translate(_DIGITS)
        length = len(unit)
        bits = 0
        for start in range(1 if is_han(unit) else length):
            for end in range(start + 1, min(start + _LONGEST, length) + 1):
                found = unit[start:end]
                if found in self._bits:
                    bits |= self._bits[found]
        return bits


CORE: Final = Literals()
"""Those of the core's own expressions, complete once its modules are imported; a text is looked up in them once."""


class Gate(Generic[ExpressionT]):
    """Lets the expressions pass that may match in a text, in the order they were given."""

    def __init__(self, expressions: Iterable[ExpressionT], literals: Literals = CORE) -> None:
        self._literals = literals
        self._first = literals.count
        self._expressions = tuple(expressions)
        for expression in self._expressions:
            literals.add(expression.pattern)
        self._mask = (1 << len(self._expressions)) - 1
        self._of_hints = lru_cache(_REMEMBERED)(self._passing)

    def passing(self, words: Looked) -> tuple[ExpressionT, ...]:
        """The expressions that may match in these words."""
        hints = words.hints if self._literals is CORE else self._literals.hints(words.units)
        return self._of_hints(hints >> self._first & self._mask)

    def _passing(self, hints: int) -> tuple[ExpressionT, ...]:
        return tuple(each for place, each in enumerate(self._expressions) if hints >> place & 1)


def needs(pattern: re.Pattern[str]) -> Needs | None:
    """Literals, digits written as 0, of which every match has at least one within a unit; None: it may do without."""
    return _of_sequence(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))


def _of_sequence(items: Any) -> Needs | None:
    """The rarest of what the parts of a sequence need."""
    found: list[Needs] = []
    run = ""
    for op, argument in (*items, (None, None)):
        if op is ops.LITERAL:
            run += chr(argument).lower()
            continue
        if part := max(_PART.findall(run), key=len, default=""):
            found.append(frozenset({_cut(part)}))
        run = ""
        if (inner := _of_item(op, argument)) is not None:
            found.append(inner)
    return min(found, key=_frequency, default=None)


def _cut(part: str) -> str:
    return part.translate(_DIGITS)[: _HAN_UNIT if is_han(part) else _LONGEST]


def _of_item(op: Any, argument: Any) -> Needs | None:
    if op is ops.SUBPATTERN:
        return _of_sequence(argument[-1])
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return _of_sequence(argument[2]) if argument[0] else None
    if op is ops.BRANCH:
        branches = [_of_sequence(branch) for branch in argument[1]]
        return None if None in branches else frozenset[str]().union(*(branch or () for branch in branches))
    return _of_set(argument) if op is ops.IN else None


def _of_set(members: Any) -> Needs | None:
    """The characters of a small set, or any digit."""
    characters: set[str] = set()
    for op, argument in members:
        if op is ops.LITERAL:
            characters.add(chr(argument).lower().translate(_DIGITS))
        elif (op, argument) == (ops.CATEGORY, ops.CATEGORY_DIGIT) or (op is ops.RANGE and _is_digits(*argument)):
            characters.add("0")
        else:
            return None
    return frozenset(characters) if len(characters) <= _MOST_CHOICES and not any(map(str.isspace, characters)) else None


def _is_digits(first: int, last: int) -> bool:
    return ord("0") <= first and last <= ord("9")


def _frequency(literals: Needs) -> float:
    """Roughly how often any of them is in a word."""
    return sum(0.005 ** len(each) if is_han(each) else 0.1 if each == "0" else 0.2 ** len(each) for each in literals)
