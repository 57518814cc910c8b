"""Puts the parts of understanding together, a batch of utterances at a time."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from services.agent.understanding.classifier import NO_GUESS, Guess
from services.agent.understanding.entities.extraction import extract
from services.agent.understanding.entities.names import Names
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.meaning import Meaning
from services.agent.understanding.normalisation import Normalised, normalise
from services.agent.understanding.pack import Pack
from shared.domains.base import Dialogue, Gazetteer, Language
from shared.events.replies import Understood


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a person said, and the dialogue it was said in."""

    text: str
    dialogue: Dialogue
    language: str | None = None
    """What the client asked for, where it did."""


class Core:
    """Understands utterances of one pack. Making one is cheap: the classifier trains when it is first needed."""

    def __init__(self, language: Language, gazetteer: Gazetteer) -> None:
        self._pack = Pack(language, gazetteer)
        self._names = Names(gazetteer, self._pack.known_words)

    def with_names(self, gazetteer: Gazetteer) -> "Core":
        """The same classifier with other names."""
        renamed = copy(self)
        renamed._names = Names(gazetteer, self._pack.known_words)  # noqa: SLF001 - it is the same class
        return renamed

    def understand(self, utterances: Sequence[Utterance]) -> list[Understood]:
        """What each utterance means: one prediction for all, and one more for those that need their context."""
        meanings = self._meanings(utterances)
        waiting = {place: meaning.rewritten or "" for place, meaning in enumerate(meanings) if meaning.open}
        in_context = dict(zip(waiting, self._guesses(list(waiting.values())), strict=True))
        return [
            meaning.understood(in_context.get(place, NO_GUESS), utterance.language)
            for place, (meaning, utterance) in enumerate(zip(meanings, utterances, strict=True))
        ]

    def _meanings(self, utterances: Sequence[Utterance]) -> list[Meaning]:
        reads = [self._read(utterance.text, utterance.dialogue) for utterance in utterances]
        guesses = self._pack.classifier.predict([self._pack.masks.masked(words, found) for words, found in reads])
        return [
            Meaning(self._pack, words, found, utterance.dialogue, guess)
            for (words, found), utterance, guess in zip(reads, utterances, guesses, strict=True)
        ]

    def _guesses(self, texts: Sequence[str]) -> list[Guess]:
        reads = [self._read(text, Dialogue()) for text in texts]
        return self._pack.classifier.predict([self._pack.masks.masked(words, found) for words, found in reads])

    def _read(self, text: str, dialogue: Dialogue) -> tuple[Normalised, list[Reading]]:
        words = normalise(text)
        return words, extract(words, self._pack.situation(dialogue), self._names, self._pack.patterns)
