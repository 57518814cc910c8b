"""What the core makes of a pack's declared language once, for all its turns."""

import re
from collections import Counter
from functools import cached_property
from typing import Final

from services.agent.understanding.background import NOTHING, everyday
from services.agent.understanding.classifier import Classifier
from services.agent.understanding.entities.extraction import extract
from services.agent.understanding.entities.names import Names
from services.agent.understanding.entities.patterns import Patterns
from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.gates import Cue, Gate, Literals
from services.agent.understanding.masking import Masks
from services.agent.understanding.normalisation import Normalised, normalise
from services.agent.understanding.sentiment import Sentiment
from services.agent.understanding.training import train
from shared.domains.base import Dialogue, Gazetteer, Language

_WORD: Final = re.compile(r"[a-z]+")
_HOLE: Final = re.compile(r"\{(\w+)\}")
_NAME: Final = "\uf8ff"
"""Stands in an example for the name that is left open."""
_NOTHING_MORE: Final = 2
"""So many times as many examples of nothing as of a usual intent."""
_KNOWN_FROM: Final = 3
"""A word in this many training utterances is no typo of a name."""


class Pack:
    """A pack's language, with what is fitted to it when it is first needed."""

    def __init__(self, language: Language, gazetteer: Gazetteer) -> None:
        self.language = language
        self._literals = Literals()
        self.modifying = _any_of(language.modifications, self._literals)
        self.patterns = Patterns(language.patterns, self._literals)
        self._gazetteer = gazetteer

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Words of the training utterances."""
        utterances = (text for texts in self.language.intents.values() for text in texts)
        counts = Counter(word for text in utterances for word in set(_WORD.findall(_HOLE.sub(" ", text.lower()))))
        return frozenset(word for word, count in counts.items() if count >= _KNOWN_FROM)

    @cached_property
    def sentiment(self) -> Sentiment:
        return Sentiment(self.language.sentiment, self._literals)

    @property
    def classifier(self) -> Classifier:
        return self._fitted[0]

    @property
    def masks(self) -> Masks:
        return self._fitted[1]

    @cached_property
    def _fitted(self) -> tuple[Classifier, Masks]:
        """The classifier and the kinds it knows as marks: those that training utterances name."""
        names = Names(self._gazetteer, self.known_words)
        examples = [(intent, text) for intent, texts in self.language.intents.items() for text in texts]
        if len(self.language.intents) > 1:
            usual = len(examples) // len(self.language.intents)
            examples += [(NOTHING, text) for text in everyday(_NOTHING_MORE * usual)]
        read = [self._example(text, names) for _, text in examples]
        masks = Masks({reading.kind for _, found in read for reading in found})
        texts = [masks.masked(words, found) for words, found in read]
        return train(texts, [intent for intent, _ in examples]), masks

    def _example(self, text: str, names: Names) -> tuple[Normalised, list[Reading]]:
        """A training utterance and what it names, its holes included."""
        words = normalise(_HOLE.sub(_NAME, text))
        places = [place for place, character in enumerate(words.text) if character == _NAME]
        holes = [Reading(kind, None, at, at + 1) for kind, at in zip(_HOLE.findall(text), places, strict=True)]
        found = extract(words, self.situation(Dialogue()), names, self.patterns)
        return words, sorted([*holes, *found], key=lambda reading: reading.start)

    def situation(self, dialogue: Dialogue) -> Situation:
        """What readers of entities may know of a dialogue."""
        question = dialogue.question.clarification.question if dialogue.question else ""
        about = dialogue.question.about if dialogue.question else ""
        return Situation(self.language.currency, f"{about} {question}".lower().replace("_", " "), len(dialogue.shown))


def _any_of(words: tuple[str, ...], literals: Literals) -> Gate[Cue]:
    """Any of the pack's words; those in Latin letters only as whole words."""
    escaped = [re.escape(normalise(word).lower) for word in words]
    return Gate((Cue(re.compile(rf"(?<![a-z]){word}(?![a-z])")) for word in escaped), literals)
