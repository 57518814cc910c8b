"""Precision, recall, F1, confusion and calibration."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tests.eval.packs import NOT_SURE

_BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was meant, and what was understood with which confidence."""

    text: str
    meant: str
    understood: str
    confidence: float = 0.0

    @property
    def right(self) -> bool:
        return self.meant == self.understood


@dataclass(frozen=True, slots=True)
class Score:
    """How well one label is found."""

    label: str
    precision: float
    recall: float
    meant: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def scores(outcomes: Sequence[Outcome]) -> list[Score]:
    """A score for each label that was meant at least once; "not sure" is a miss of what was meant, and no more."""
    meant = Counter(each.meant for each in outcomes)
    understood = Counter(each.understood for each in outcomes)
    right = Counter(each.meant for each in outcomes if each.right)
    return [
        Score(label, right[label] / understood[label] if understood[label] else 0.0, right[label] / count, count)
        for label, count in sorted(meant.items())
        if label != NOT_SURE
    ]


def macro_f1(outcomes: Sequence[Outcome]) -> float:
    """The mean F1 of all labels."""
    found = scores(outcomes)
    return sum(each.f1 for each in found) / len(found)


def confusions(outcomes: Sequence[Outcome]) -> list[tuple[tuple[str, str], int]]:
    """Pairs of what was meant and what was understood instead, the most frequent first."""
    return Counter((each.meant, each.understood) for each in outcomes if not each.right).most_common()


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """The expected distance of confidence from accuracy, over tenths of confidence, where something was understood."""
    sure = sorted((each for each in outcomes if each.understood != NOT_SURE), key=lambda each: each.confidence)
    error = 0.0
    for _, group in groupby(sure, key=lambda each: min(int(each.confidence * _BINS), _BINS - 1)):
        members = list(group)
        confidence = sum(each.confidence for each in members)
        error += abs(confidence - sum(each.right for each in members))
    return error / len(sure) if sure else 0.0
