"""The intent of an utterance from its character n-grams: a linear model applied with two array operations a batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.agent.understanding.ngrams import ngrams

Scores = NDArray[np.float64]

MARKS = "\ue000"
"""From this character on, marks stand for what was read."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest intent; `sure` says whether it is likely enough to act on."""

    intent: str
    confidence: float
    sure: bool


NO_GUESS = Guess("", 0.0, sure=False)


@dataclass(frozen=True, slots=True)
class Classifier:
    """A fitted model. `weights` has a row for each n-gram, and a last row that every text has: the intercept."""

    intents: tuple[str, ...]
    vocabulary: Mapping[str, int]
    idf: Scores
    weights: Scores
    temperature: float
    threshold: float

    def predict(self, texts: Sequence[str]) -> list[Guess]:
        """A guess for each masked text."""
        if not texts or not self.intents:
            return [NO_GUESS] * len(texts)
        rows, values, firsts = self._features(texts)
        scores = np.add.reduceat(values[:, None] * self.weights[rows], firsts, axis=0)
        likelihoods = softmax(scores / self.temperature)
        best = likelihoods.argmax(axis=1)
        return [
            self._guess(intent, likelihood, text)
            for intent, likelihood, text in zip(best.tolist(), likelihoods.max(axis=1).tolist(), texts, strict=True)
        ]

    def _guess(self, intent: int, likelihood: float, text: str) -> Guess:
        return Guess(self.intents[intent], likelihood, sure=likelihood >= self.threshold and says_something(text))

    def _features(self, texts: Sequence[str]) -> tuple[NDArray[np.intp], Scores, list[int]]:
        """Rows and TF-IDF values of all texts in one sequence, and where each text begins."""
        rows: list[int] = []
        values: list[Scores] = []
        firsts: list[int] = []
        for text in texts:
            counts = Counter(row for row in map(self.vocabulary.get, ngrams(text)) if row is not None)
            firsts.append(len(rows))
            rows += (*counts, len(self.idf))
            values += (self._tfidf(counts), _ONE)
        return np.array(rows, dtype=np.intp), np.concatenate(values), firsts

    def _tfidf(self, counts: Mapping[int, int]) -> Scores:
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))) * self.idf[rows]
        return values / (np.sqrt(values @ values) or 1.0)


def says_something(text: str) -> bool:
    """Whether a masked text has letters or marks, beside digits and punctuation that every text may have."""
    return any(character.isalpha() or character >= MARKS for character in text)


def softmax(scores: Scores) -> Scores:
    """Likelihoods of each row of scores."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    likelihoods: Scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    return likelihoods


_ONE: Scores = np.ones(1)
