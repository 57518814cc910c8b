import numpy as np
import pytest

from services.agent.understanding.classifier import Classifier, Model, Scores, softmax, vector
from services.agent.understanding.features import pieces
from services.agent.understanding.training import fit
from tests.unit.agent.understanding.bikes import INTENTS

TEXTS = [text.lower() for texts in INTENTS.values() for text in texts]
LABELS = [intent for intent, texts in INTENTS.items() for _ in texts]
SAID = [*TEXTS, "", "?!", "rent a bycicle", "我要租一辆山地车", "bike price", "x" * 2000, "zzz qqq"]


def likelihoods(model: Model, text: str) -> Scores:
    """The model's definition, feature by feature."""
    features = np.zeros(len(model.rows))
    square = 0.0
    for piece in pieces(text):
        if " " in piece and piece not in model.rows:
            continue
        rows, values, length = vector(piece, model.rows, model.rarity)
        features[rows] += values
        square += length
    scores = features @ model.weights / max(square, 1e-12) ** 0.5 + model.intercepts
    likelihoods: Scores = softmax(scores[None] / model.temperature)[0]
    return likelihoods


def test_remembered_words_give_the_models_own_numbers() -> None:
    model = fit(TEXTS, LABELS)
    classifier = Classifier(model)
    for _ in range(2):
        for text, guess in zip(SAID, classifier.predict(SAID), strict=True):
            expected = likelihoods(model, text)
            assert guess.intent == model.intents[int(expected.argmax())]
            assert guess.confidence == pytest.approx(float(expected.max()))
