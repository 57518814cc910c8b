"""What the core makes of a pack's declared language once, for all its turns."""

import re
from collections import Counter
from functools import cached_property
from typing import Final

from services.agent.understanding.classifier import Classifier
from services.agent.understanding.entities.extraction import extract
from services.agent.understanding.entities.names import Names
from services.agent.understanding.entities.patterns import Patterns
from services.agent.understanding.entities.readings import Situation
from services.agent.understanding.gates import Cue, Gate, Literals
from services.agent.understanding.masking import Masks
from services.agent.understanding.normalisation import normalise
from services.agent.understanding.sentiment import Sentiment
from services.agent.understanding.training import train
from shared.domains.base import Dialogue, Gazetteer, Language

_WORD: Final = re.compile(r"[a-z]+")
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
        counts = Counter(word for text in utterances for word in set(_WORD.findall(text.lower())))
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
        nothing = self.situation(Dialogue())
        utterances = [(intent, normalise(text)) for intent, texts in self.language.intents.items() for text in texts]
        readings = [extract(words, nothing, names, self.patterns) for _, words in utterances]
        masks = Masks({reading.kind for found in readings for reading in found})
        texts = [masks.masked(words, found) for (_, words), found in zip(utterances, readings, strict=True)]
        return train(texts, [intent for intent, _ in utterances]), masks

    def situation(self, dialogue: Dialogue) -> Situation:
        """What readers of entities may know of a dialogue."""
        question = dialogue.question.clarification.question if dialogue.question else ""
        about = dialogue.question.about if dialogue.question else ""
        return Situation(self.language.currency, f"{about} {question}".lower().replace("_", " "), len(dialogue.shown))


def _any_of(words: tuple[str, ...], literals: Literals) -> Gate[Cue]:
    """Any of the pack's words; those in Latin letters only as whole words."""
    escaped = [re.escape(normalise(word).lower) for word in words]
    return Gate((Cue(re.compile(rf"(?<![a-z]){word}(?![a-z])")) for word in escaped), literals)
