"""Holds what `python -m tests.eval` measures."""

import re

import pytest

from tests.eval.evaluation import Evaluation, evaluate
from tests.eval.packs import NOT_SURE, PACKS, labelled
from tests.eval.scores import Outcome, calibration_error, macro_f1, scores

MOST_ANSWERED_IN_VAIN = 0.25
ASKED_BACK = (NOT_SURE, "out_of_scope")


@pytest.fixture(scope="module", params=PACKS)
def evaluation(request: pytest.FixtureRequest) -> Evaluation:
    return evaluate(PACKS[request.param]())


@pytest.mark.parametrize("pack", PACKS)
def test_no_evaluated_utterance_was_trained_on(pack: str) -> None:
    trained = {_bare(text) for texts in PACKS[pack]().language.intents.values() for text in texts}
    assert [each.text for each in labelled(pack) if _bare(each.text) in trained] == []


def test_near_paraphrases_keep_their_intent(evaluation: Evaluation) -> None:
    assert macro_f1(evaluation.near) >= 0.90


def test_far_paraphrases_are_rather_unsure_than_wrong(evaluation: Evaluation) -> None:
    asked_back = [each for each in evaluation.far if each.understood in ASKED_BACK]
    wrong = [each for each in evaluation.far if not each.right and each.understood not in ASKED_BACK]
    assert len(wrong) < len(asked_back)


def test_what_means_nothing_is_seldom_answered(evaluation: Evaluation) -> None:
    answered = [each for each in evaluation.negative if each.understood not in ASKED_BACK]
    assert len(answered) <= len(evaluation.negative) * MOST_ANSWERED_IN_VAIN


def test_confidence_is_honest(evaluation: Evaluation) -> None:
    assert calibration_error((*evaluation.near, *evaluation.far, *evaluation.negative)) <= 0.12


def test_relations_are_told_apart(evaluation: Evaluation) -> None:
    found = {each.label: each.f1 for each in scores(evaluation.relations)}
    assert min(found["follow_up"], found["modification"]) >= 0.95
    assert min(found.values()) >= 0.90


def test_references_and_ellipses_are_resolved(evaluation: Evaluation) -> None:
    for outcomes in (evaluation.referents, evaluation.rewritten):
        assert sum(each.right for each in outcomes) >= 0.95 * len(outcomes)


def test_scores_are_those_of_the_definition() -> None:
    outcomes = [Outcome("", "a", "a"), Outcome("", "a", "b"), Outcome("", "b", "b"), Outcome("", "b", NOT_SURE)]
    found = {each.label: (each.precision, each.recall) for each in scores(outcomes)}
    assert found == {"a": (1.0, 0.5), "b": (0.5, 0.5)}
    assert macro_f1(outcomes) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_calibration_error_is_the_mean_distance_from_accuracy() -> None:
    outcomes = [Outcome("", "a", "a", 0.95), Outcome("", "a", "b", 0.95), Outcome("", "b", NOT_SURE, 0.1)]
    assert calibration_error(outcomes) == pytest.approx(0.45)


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
