"""How an utterance stands to what was said before: fresh, follow_up, modification, correction or answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from services.agent.understanding import cues
from services.agent.understanding.classifier import Guess
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.normalisation import normalise
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


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance as far as it is understood, in lower case, and the dialogue it belongs to."""

    text: str
    readings: tuple[Reading, ...]
    references: Sequence[Reference]
    dialogue: Dialogue
    guess: Guess

    @property
    def length(self) -> int:
        """Words, a Chinese one being two characters."""
        return len(_TOKEN.findall(self.text))

    @property
    def elliptic(self) -> bool:
        """Whether it only says what differs from the last request: "what about 3BHK?", "and in ES?"."""
        return (bool(cues.ELLIPTIC.search(self.text)) and self.length <= 2 * _SHORT) or self.bare

    @property
    def bare(self) -> bool:
        """Whether it is nothing but entities and filler."""
        return bool(self.value_kinds) and is_bare(self.text, self.readings)

    @property
    def speaks_for_itself(self) -> bool:
        """Whether an answer has a meaning without its question: yes, no, or a whole sentence."""
        return bool(cues.YES_NO.search(self.text)) or (self.length > _SHORT and not self.bare)

    @property
    def value_kinds(self) -> set[str]:
        """The kinds of entities that say something by themselves."""
        return {reading.kind for reading in self.readings} - _NO_VALUES


def relate(said: Said, modifying: re.Pattern[str] | None) -> Relation:
    """The relation of `said`; `modifying` are the pack's own words of modification."""
    dialogue = said.dialogue
    stands = dialogue.last_intent is not None or bool(dialogue.shown) or bool(dialogue.recent)
    if dialogue.question is not None and _answers(said, dialogue.question):
        return Relation.ANSWER
    if not stands or cues.FRESH.search(said.text):
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
    for each in sorted(named, key=lambda each: each.start, reverse=True):
        text = f"{text[: each.start]} {text[each.end :]}"
    rest = _TOKEN.findall(text)
    return all(word in cues.FILLER or not cues.CHINESE_FILLER.sub("", word) for word in rest)


def _answers(said: Said, question: Question) -> bool:
    """Whether it names an option, or the kind of thing that was asked for, without asking something itself."""
    if any(_names(said, option) for option in question.clarification.options):
        return True
    if cues.ASKING.search(said.text) and said.length > 2:
        return False
    return bool(cues.YES_NO.search(said.text)) or any(reading.kind in _expected(question) for reading in said.readings)


def _names(said: Said, option: str) -> bool:
    """Whether it is little more than the option."""
    name = normalise(option).lower.strip()
    return bool(name) and name in said.text and said.length <= len(_TOKEN.findall(name)) + _SHORT


def _expected(question: Question) -> set[str]:
    words = re.split(r"[^a-z\u4e00-\u9fff]+", question.about.lower())
    return {question.about, *words} | {kind for word in words for kind in cues.EXPECTED.get(word, ())}


def _may_answer(said: Said) -> bool:
    """Whether something short, without a wish of its own, was said after a question."""
    other = said.guess.sure and said.guess.intent != said.dialogue.last_intent
    return (
        said.length <= _SHORT
        and not other
        and not cues.ASKING.search(said.text)
        and not said.text.rstrip().endswith("?")
    )


def _corrects(said: Said) -> bool:
    if cues.CORRECTION.search(said.text):
        return True
    named = bool(said.value_kinds) and said.length <= 2 * _SHORT
    return named and bool(cues.CORRECTING_START.search(said.text) or cues.NOT_BUT.search(said.text))


def _modifies(said: Said, modifying: re.Pattern[str] | None) -> bool:
    """Whether it says to change something; a question about an item does not, and "what about" asks anew."""
    if cues.MODIFICATION.search(said.text):
        return True
    asks = bool(said.references) and cues.QUESTION.search(said.text)
    if asks or cues.ELLIPTIC.search(said.text) or cues.SHORT_FOLLOW_UP.search(said.text):
        return False
    weak = said.length <= 2 * _SHORT and cues.WEAK_MODIFICATION.search(said.text)
    return bool(weak or (modifying and modifying.search(said.text)))


def _follows(said: Said) -> bool:
    return bool(said.references) or said.elliptic or bool(cues.SHORT_FOLLOW_UP.search(said.text))
