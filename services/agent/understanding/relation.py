"""How an utterance stands to what was said before: fresh, follow_up, modification, correction or answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final, Protocol

from services.agent.understanding import cues
from services.agent.understanding.classifier import Guess
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.gates import Cue, Gate
from services.agent.understanding.normalisation import Normalised, normalise
from services.agent.understanding.references import Reference
from shared.domains.base import Dialogue, Question

_TOKEN: Final = re.compile(r"[a-z0-9\u00c0-\u024f']+|[\u4e00-\u9fff]{1,2}")
_SHORT: Final = 6
_NO_VALUES: Final = frozenset({"ordinal", "person_name"})


class Placed(Protocol):
    """Something with a place in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Relation(StrEnum):
    """The words of `Understood.relation`."""

    FRESH = "fresh"
    FOLLOW_UP = "follow_up"
    MODIFICATION = "modification"
    CORRECTION = "correction"
    ANSWER = "answer"


@dataclass(frozen=True)
class Said:
    """An utterance as far as it is understood, and the dialogue it belongs to."""

    words: Normalised
    readings: tuple[Reading, ...]
    references: Sequence[Reference]
    dialogue: Dialogue
    guess: Guess
    heard: Sequence[Cue]
    """The cues that the text may give."""

    def gives(self, cue: Cue) -> bool:
        return cue in self.heard and cue.pattern.search(self.words.lower) is not None

    @cached_property
    def length(self) -> int:
        """Words, a Chinese one being two characters."""
        return len(_TOKEN.findall(self.words.lower))

    @cached_property
    def elliptic(self) -> bool:
        """Whether it only says what differs from the last request: "what about 3BHK?", "and in ES?"."""
        return (self.gives(cues.ELLIPTIC) and self.length <= 2 * _SHORT) or self.bare

    @cached_property
    def bare(self) -> bool:
        """Whether it is nothing but entities and filler."""
        return bool(self.value_kinds) and is_bare(self.words.lower, self.readings)

    @cached_property
    def adjusts(self) -> bool:
        """Whether it is nothing but a change to what stands: "make it 3BHK", 换成红色."""
        found = cues.MODIFICATION.pattern.search(self.words.lower) if cues.MODIFICATION in self.heard else None
        change = [Reading("change", None, found.start(), found.end())] if found else []
        return bool(change) and bool(self.value_kinds) and is_bare(self.words.lower, [*self.readings, *change])

    @property
    def speaks_for_itself(self) -> bool:
        """Whether an answer has a meaning without its question: yes, no, or a whole sentence."""
        return self.gives(cues.YES_NO) or (self.length > _SHORT and not self.bare)

    @cached_property
    def value_kinds(self) -> set[str]:
        """The kinds of entities that say something by themselves."""
        return {reading.kind for reading in self.readings} - _NO_VALUES


def relate(said: Said, modifying: Gate[Cue]) -> Relation:
    """The relation of `said`; `modifying` are the pack's own words of modification."""
    dialogue = said.dialogue
    stands = dialogue.last_intent is not None or bool(dialogue.shown) or bool(dialogue.recent)
    if dialogue.question is not None and _answers(said, dialogue.question):
        return Relation.ANSWER
    if not stands or said.gives(cues.FRESH):
        return Relation.FRESH
    if _corrects(said):
        return Relation.CORRECTION
    if _modifies(said, modifying):
        return Relation.MODIFICATION
    if dialogue.question is not None and _may_answer(said):
        return Relation.ANSWER
    return Relation.FOLLOW_UP if _follows(said) else Relation.FRESH


def is_bare(text: str, named: Sequence[Placed]) -> bool:
    """Whether `text`, in lower case, is nothing but what it names and filler."""
    for each in named:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    rest = _TOKEN.findall(text)
    return all(word in cues.FILLER or not cues.CHINESE_FILLER.sub("", word) for word in rest)


def _answers(said: Said, question: Question) -> bool:
    """Whether it names an option, or the kind of thing that was asked for, without asking something itself."""
    options = question.clarification.options
    chosen = {item.name for reference in said.references for item in reference.items}
    if any(_names(said, option) or (option in chosen and said.length <= _SHORT) for option in options):
        return True
    if said.gives(cues.ASKING) and said.length > 2:
        return False
    expected = _expected(question.about)
    return said.gives(cues.YES_NO) or any(reading.kind in expected for reading in said.readings)


def _names(said: Said, option: str) -> bool:
    """Whether it is little more than the option; "yesterday" names no "yes"."""
    name = normalise(option).lower.strip()
    if not name or name not in said.words.lower or said.length > len(_TOKEN.findall(name)) + _SHORT:
        return False
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}s?(?![a-z0-9])", said.words.lower) is not None


@lru_cache(maxsize=256)
def _expected(about: str) -> set[str]:
    words = re.split(r"[^a-z\u4e00-\u9fff]+", about.lower())
    return {about, *words} | {kind for word in words for kind in cues.EXPECTED.get(word, ())}


def _may_answer(said: Said) -> bool:
    """Whether something short, without a wish of its own, was said after a question."""
    other = said.guess.sure and said.guess.intent != said.dialogue.last_intent
    return (
        said.length <= _SHORT
        and not other
        and not said.gives(cues.ASKING)
        and not said.words.lower.rstrip().endswith("?")
    )


def _corrects(said: Said) -> bool:
    if said.gives(cues.CORRECTION):
        return True
    named = bool(said.value_kinds) and said.length <= 2 * _SHORT
    starts = said.gives(cues.CORRECTING_START) and not said.gives(cues.MODIFICATION)
    return named and (starts or said.gives(cues.NOT_BUT))


def _modifies(said: Said, modifying: Gate[Cue]) -> bool:
    """Whether it says to change something; a question about an item does not, and "what about" asks anew."""
    if said.gives(cues.MODIFICATION):
        return True
    asks = bool(said.references) and said.gives(cues.QUESTION)
    if asks or any(map(said.gives, (cues.ELLIPTIC, cues.SHORT_FOLLOW_UP, cues.WHICH))):
        return False
    weak = said.length <= 2 * _SHORT and said.gives(cues.WEAK_MODIFICATION) and not said.references
    return bool(weak) or any(cue.pattern.search(said.words.lower) for cue in modifying.passing(said.words))


def _follows(said: Said) -> bool:
    chosen = said.gives(cues.WHICH) and bool(said.dialogue.shown)
    return bool(said.references) or said.elliptic or chosen or said.gives(cues.SHORT_FOLLOW_UP)
