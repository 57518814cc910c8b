"""The intent of an utterance from its words: a linear model, applied to words that are remembered."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.agent.understanding.background import NOTHING
from services.agent.understanding.features import features, pieces

Scores = NDArray[np.float64]

MARKS: Final = "\ue000"
"""From this character on, marks stand for what was read."""
_REMEMBERED: Final = 8192
_LONG: Final = 500
"""Words of texts longer than this are not remembered, so that nobody fills the memory with them."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest intent; `sure` says whether it is likely enough to act on."""

    intent: str
    confidence: float
    sure: bool


NO_GUESS: Final = Guess("", 0.0, sure=False)


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted. `weights` has a row for each feature, `rarity` its inverse document frequency."""

    intents: tuple[str, ...]
    rows: Mapping[str, int]
    rarity: Scores
    weights: Scores
    intercepts: Scores
    temperature: float
    threshold: float


class Classifier:
    """Guesses intents by a fitted model."""

    def __init__(self, model: Model) -> None:
        self.threshold = model.threshold
        self._model = model
        self._nothing = np.append(np.zeros(len(model.intents)), 1e-12)
        self._remembered = lru_cache(_REMEMBERED)(self._part)

    def predict(self, texts: Sequence[str]) -> list[Guess]:
        """A guess for each masked text."""
        if not texts or not self._model.intents:
            return [NO_GUESS] * len(texts)
        scores = self._scores(texts) / self._model.temperature
        best = scores.argmax(axis=1)
        highest = 1.0 / np.exp(scores - scores[np.arange(len(texts)), best, None]).sum(axis=1)
        return [self._guess(*each) for each in zip(best.tolist(), highest.tolist(), texts, strict=True)]

    def _guess(self, intent: int, likelihood: float, text: str) -> Guess:
        name = self._model.intents[intent]
        return Guess(name, likelihood, name != NOTHING and likelihood >= self.threshold and says_something(text))

    def _scores(self, texts: Sequence[str]) -> Scores:
        """A score for each text and intent: the mean of what its pieces say, as a unit vector of features."""
        parts: list[Scores] = []
        firsts: list[int] = []
        for text in texts:
            firsts.append(len(parts))
            found = pieces(text, self._model.rows)
            parts += map(self._remembered if len(text) <= _LONG else self._part, found)
            parts.append(self._nothing)
        sums = np.add.reduceat(np.concatenate(parts).reshape(len(parts), -1), firsts, axis=0)
        scores: Scores = sums[:, :-1] / np.sqrt(sums[:, -1:]) + self._model.intercepts
        return scores

    def _part(self, piece: str) -> Scores:
        """What a piece adds to the score of each intent, and to the square of the length of the text's vector."""
        rows, values, square = vector(piece, self._model.rows, self._model.rarity)
        return np.append(values @ self._model.weights[rows], square)


def vector(piece: str, known: Mapping[str, int], rarity: Scores) -> tuple[NDArray[np.intp], Scores, float]:
    """The rows and TF-IDF values of a piece's known features, and the square of the length of all of them.

    The length is damped, so that long words do not drown short ones. Unknown features count as the rarest, so that
    a text that is strange as a whole is not judged by the little that is not.
    """
    counts = Counter(features(piece))
    kept = {known[each]: count for each, count in counts.items() if each in known}
    rows = np.fromiter(kept, dtype=np.intp, count=len(kept))
    values = np.fromiter(kept.values(), dtype=np.float64, count=len(kept)) * rarity[rows]
    strange = sum(count * count for each, count in counts.items() if each not in known)
    length = math.sqrt(float(values @ values) + strange * float(rarity.max()) ** 2)
    return rows, values / math.sqrt(length), length


def says_something(text: str) -> bool:
    """Whether a masked text has letters or marks, beside digits and punctuation that every text may have."""
    return any(character.isalpha() or character >= MARKS for character in text)


def softmax(scores: Scores) -> Scores:
    """Likelihoods of each row of scores."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    likelihoods: Scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    return likelihoods
