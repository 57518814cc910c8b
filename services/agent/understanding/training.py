"""Fits the classifier to a pack's own utterances, in well under a second, so that no model is ever stored."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from services.agent.understanding.classifier import Classifier, Scores, softmax
from services.agent.understanding.ngrams import ngrams

Labels = NDArray[np.intp]

_INVERSE_REGULARISATION: Final = 30.0
_FOLDS: Final = 3
_TEMPERATURES: Final = np.geomspace(0.3, 4.0, 27)
_WRONG: Final = 1.0
"""What a wrong intent costs against what a right one gains; both against asking back, which costs and gains nothing."""
_LEAST_THRESHOLD: Final = 0.3
_DEFAULT_THRESHOLD: Final = 0.7
"""Where a pack has too few utterances to cross-validate."""


def train(texts: Sequence[str], intents: Sequence[str]) -> Classifier:
    """The classifier of masked `texts`, each with its intent."""
    names = tuple(sorted(set(intents)))
    if len(names) < 2:
        return Classifier((), {}, np.zeros(0), np.zeros((1, 0)), 1.0, _DEFAULT_THRESHOLD)
    # On matrices this small more threads only wait for each other: on a busy machine it took ten times as long.
    with threadpool_limits(limits=1):
        return _train(texts, intents, names)


def _train(texts: Sequence[str], intents: Sequence[str], names: tuple[str, ...]) -> Classifier:
    labels = np.array([names.index(intent) for intent in intents], dtype=np.intp)
    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True)
    features = vectorizer.fit_transform(texts)
    samples, back = _sample_space(features)
    temperature, threshold = _calibrated(samples, labels, len(names))
    coefficients, intercepts = _fitted(samples, labels, len(names))
    weights = np.vstack([features.T @ (back @ coefficients.T), intercepts])
    return Classifier(names, vectorizer.vocabulary_, vectorizer.idf_, weights, temperature, threshold)


def _sample_space(features: Any) -> tuple[Scores, Scores]:
    """The texts, a sparse matrix, in as many dimensions as there are texts, and the way back.

    A regularised linear model is a combination of its samples, so fitting it on these coordinates gives the same
    model as fitting it on all the n-grams, several times faster.
    """
    values, vectors = np.linalg.eigh((features @ features.T).toarray())
    kept = values > values.max() * 1e-9
    roots = np.sqrt(values[kept])
    return vectors[:, kept] * roots, vectors[:, kept] / roots


def _fitted(samples: Scores, labels: Labels, intents: int) -> tuple[Scores, Scores]:
    """Coefficients and intercepts, a row for each intent."""
    model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=200, tol=1e-3).fit(samples, labels)
    if intents == 2:
        return np.vstack([-model.coef_, model.coef_]) / 2, np.concatenate([-model.intercept_, model.intercept_]) / 2
    return model.coef_, model.intercept_


def _calibrated(samples: Scores, labels: Labels, intents: int) -> tuple[float, float]:
    """The temperature that makes confidences honest, and the confidence from which an answer pays."""
    if np.bincount(labels).min() < _FOLDS:
        return 1.0, _DEFAULT_THRESHOLD
    scores = np.zeros((len(labels), intents))
    for train_rows, test_rows in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(samples, labels):
        coefficients, intercepts = _fitted(samples[train_rows], labels[train_rows], intents)
        scores[test_rows] = samples[test_rows] @ coefficients.T + intercepts
    temperature = min(_TEMPERATURES, key=lambda each: _surprise(softmax(scores / each), labels))
    return float(temperature), _threshold(softmax(scores / temperature), labels)


def _surprise(likelihoods: Scores, labels: Labels) -> float:
    return float(-np.log(likelihoods[np.arange(len(labels)), labels] + 1e-12).mean())


def _threshold(likelihoods: Scores, labels: Labels) -> float:
    """The lowest confidence that gains most when right and wrong answers from it on are weighed."""
    confidences = likelihoods.max(axis=1)
    order = np.argsort(-confidences)
    gains = np.where(likelihoods.argmax(axis=1) == labels, 1.0, -_WRONG)[order]
    return max(float(confidences[order][int(np.cumsum(gains).argmax())]), _LEAST_THRESHOLD)
