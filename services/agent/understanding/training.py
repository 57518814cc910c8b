"""Fits the classifier to a pack's own utterances, in well under a second, so that no model is ever stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from services.agent.understanding.classifier import Classifier, Model, Scores, softmax, vector
from services.agent.understanding.features import features, pieces

Labels = NDArray[np.intp]

_REGULARISATION: Final = 0.1
_INTERCEPT: Final = 0.3
"""The square of the constant feature that every text has."""
_TEMPERATURES: Final = np.geomspace(0.01, 1.0, 41)
_WRONG: Final = 1.0
"""What a wrong intent costs against what a right one gains; both against asking back, which costs and gains nothing."""
_LEAST_THRESHOLD: Final = 0.3
_DEFAULT_THRESHOLD: Final = 0.7
"""Where a pack has too few utterances to tell."""
_ENOUGH: Final = 3
"""So many utterances of each intent are enough to tell."""


def train(texts: Sequence[str], intents: Sequence[str]) -> Classifier:
    """The classifier of masked `texts`, each with its intent."""
    return Classifier(fit(texts, intents))


def fit(texts: Sequence[str], intents: Sequence[str]) -> Model:
    """The model of masked `texts`; one without intents where they have less than two."""
    names = tuple(sorted(set(intents)))
    if len(names) < 2:
        return Model((), {}, np.zeros(0), np.zeros((0, 0)), np.zeros(0), 1.0, _DEFAULT_THRESHOLD)
    labels = np.array([names.index(intent) for intent in intents], dtype=np.intp)
    # On matrices this small more threads only wait for each other: on a busy machine it took ten times as long.
    with threadpool_limits(limits=1):
        return _fitted([pieces(text) for text in texts], labels, names)


def _fitted(texts: Sequence[Sequence[str]], labels: Labels, names: tuple[str, ...]) -> Model:
    """Ridge regression to the intents, in as many dimensions as there are texts.

    Leaving one text out has a closed form (its residual over its place on the diagonal of the inverse), so confidence
    is calibrated on predictions for texts that the model did not see, without fitting it again.
    """
    rows, rarity = _vocabulary(texts)
    samples = _matrix(texts, rows, rarity)
    targets = np.where(np.arange(len(names)) == labels[:, None], 1.0, -1.0 / (len(names) - 1))
    alike = (samples @ samples.T).toarray() + _INTERCEPT
    inverse = np.linalg.inv(alike + _REGULARISATION * np.eye(len(texts)))
    duals = inverse @ targets
    unseen = targets - duals / np.diag(inverse)[:, None]
    temperature, threshold = _calibrated(unseen, labels)
    return Model(names, rows, rarity, samples.T @ duals, _INTERCEPT * duals.sum(axis=0), temperature, threshold)


def _vocabulary(texts: Sequence[Sequence[str]]) -> tuple[Mapping[str, int], Scores]:
    """Each feature with its row, and the rarity of each."""
    parts = {piece: features(piece) for piece in {piece for text in texts for piece in text}}
    counts = Counter(feature for text in texts for feature in {each for piece in text for each in parts[piece]})
    rarity = np.log((1 + len(texts)) / (1 + np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))) + 1
    return {feature: row for row, feature in enumerate(counts)}, rarity


def _matrix(texts: Sequence[Sequence[str]], rows: Mapping[str, int], rarity: Scores) -> csr_matrix:
    """The texts as unit vectors of features."""
    parts = {piece: vector(piece, rows, rarity) for piece in {piece for text in texts for piece in text}}
    columns, values, ends = [], [], [0]
    for text in texts:
        vectors = [parts[piece] for piece in text]
        columns.append(np.concatenate([each for each, _, _ in vectors]))
        together = np.concatenate([each for _, each, _ in vectors])
        values.append(together / np.sqrt(sum(square for _, _, square in vectors)))
        ends.append(ends[-1] + len(together))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=(len(texts), len(rows)))


def _calibrated(scores: Scores, labels: Labels) -> tuple[float, float]:
    """The temperature that makes confidences honest, and the confidence from which an answer pays."""
    temperature = float(min(_TEMPERATURES, key=lambda each: _surprise(softmax(scores / each), labels)))
    if np.bincount(labels).min() < _ENOUGH:
        return temperature, _DEFAULT_THRESHOLD
    return temperature, _threshold(softmax(scores / temperature), labels)


def _surprise(likelihoods: Scores, labels: Labels) -> float:
    return float(-np.log(likelihoods[np.arange(len(labels)), labels] + 1e-12).mean())


def _threshold(likelihoods: Scores, labels: Labels) -> float:
    """The lowest confidence that gains most when right and wrong answers from it on are weighed."""
    confidences = likelihoods.max(axis=1)
    order = np.argsort(-confidences)
    gains = np.where(likelihoods.argmax(axis=1) == labels, 1.0, -_WRONG)[order]
    return max(float(confidences[order][int(np.cumsum(gains).argmax())]), _LEAST_THRESHOLD)
