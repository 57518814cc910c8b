"""Prints how well packs understand, personal data is found and the past is recalled.

`python -m tests.eval [pack|privacy|recall ...] [--errors]`
"""

import sys
from collections.abc import Iterator, Sequence

from tests.eval.evaluation import Evaluation, evaluate
from tests.eval.packs import NOT_SURE, PACKS
from tests.eval.privacy.report import report as privacy
from tests.eval.recall.report import report as recall
from tests.eval.scores import Outcome, calibration_error, confusions, macro_f1, scores

_PRIVACY = "privacy"
_RECALL = "recall"


def main(arguments: Sequence[str]) -> None:
    """Evaluate what is named, or all."""
    named = [each for each in arguments if not each.startswith("-")] or [*PACKS, _PRIVACY, _RECALL]
    for name in [each for each in named if each in PACKS]:
        evaluation = evaluate(PACKS[name]())
        lines = [*report(name, evaluation), *(errors(evaluation) if "--errors" in arguments else ())]
        sys.stdout.write("\n".join(lines) + "\n")
    if _PRIVACY in named:
        sys.stdout.write("\n".join(privacy(errors="--errors" in arguments)) + "\n")
    if _RECALL in named:
        sys.stdout.write("\n".join(recall(errors="--errors" in arguments)) + "\n")


def report(name: str, evaluation: Evaluation) -> Iterator[str]:
    """All figures of one pack."""
    for title, outcomes in (("near paraphrases", evaluation.near), ("far paraphrases", evaluation.far)):
        yield f"\n{name}: intents of {len(outcomes)} {title}: {_summary(outcomes)}"
        yield from _table(outcomes)
    everything = (*evaluation.near, *evaluation.far, *evaluation.negative)
    answered = len(_in_vain(evaluation))
    yield f"\n{name}: {answered} of {len(evaluation.negative)} utterances that mean nothing here were answered"
    yield f"{name}: expected calibration error of what was answered: {calibration_error(everything):.3f}"
    relations = evaluation.relations
    yield f"\n{name}: relation of {len(relations)} utterances to their dialogue: macro-F1 {macro_f1(relations):.3f}"
    yield from _table(relations)
    for title, outcomes in (("referents", evaluation.referents), ("rewritten", evaluation.rewritten)):
        yield f"{name}: {title} right in {sum(each.right for each in outcomes)} of {len(outcomes)}"


def errors(evaluation: Evaluation) -> Iterator[str]:
    """Every utterance that was not understood as it was meant."""
    kinds = (evaluation.near, evaluation.far, evaluation.relations, evaluation.referents, evaluation.rewritten)
    for each in (each for outcomes in kinds for each in outcomes if not each.right):
        yield f"  {each.text!r}: {each.meant}, understood as {each.understood} ({each.confidence:.2f})"
    for each in _in_vain(evaluation):
        yield f"  {each.text!r} means nothing, understood as {each.understood} ({each.confidence:.2f})"


def _in_vain(evaluation: Evaluation) -> list[Outcome]:
    return [each for each in evaluation.negative if each.understood not in (NOT_SURE, "out_of_scope")]


def _summary(outcomes: Sequence[Outcome]) -> str:
    sure = [each for each in outcomes if each.understood != NOT_SURE]
    right = sum(each.right for each in outcomes)
    return (
        f"macro-F1 {macro_f1(outcomes):.3f}, {right / len(outcomes):.0%} right, "
        f"{len(sure) - right} wrong, {len(outcomes) - len(sure)} not sure"
    )


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield f"  {'':18} {'precision':>9} {'recall':>7} {'F1':>6} {'meant':>6}"
    for each in scores(outcomes):
        yield f"  {each.label:18} {each.precision:9.2f} {each.recall:7.2f} {each.f1:6.2f} {each.meant:6}"
    for (meant, understood), count in confusions(outcomes)[:12]:
        yield f"  {count} x {meant} understood as {understood}"


if __name__ == "__main__":
    main(sys.argv[1:])
