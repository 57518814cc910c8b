"""How much of the personal data in marked texts is found, and how much is found that is none."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.privacy.detection import Detector, Span

_HERE = Path(__file__).parent
_MARK = re.compile(r"\{(?P<kind>[A-Z_]+):(?P<text>[^}]*)\}")

SETS = ("tune", "heldout")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and where personal data of which kind stands in it."""

    text: str
    spans: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was right, missed and found in vain in one text, by kind."""

    marked: Marked
    hit: tuple[str, ...]
    missed: tuple[tuple[str, str], ...]
    in_vain: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall of one kind over `meant` marks; None where there is nothing to divide by."""

    kind: str
    meant: int
    precision: float | None
    recall: float | None


def read_set(name: str) -> list[Marked]:
    """The texts of a set, `tune` or `heldout`."""
    lines = (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_marked(line.replace("\\n", "\n")) for line in lines if line and not line.startswith("#")]


def evaluate(detector: Detector, texts: Sequence[Marked]) -> list[Finding]:
    """What the detector makes of each text. A mark is found when a span of its kind covers nine tenths of it."""
    return [_finding(marked, detector.find(marked.text)) for marked in texts]


def scores(findings: Sequence[Finding]) -> Iterator[Score]:
    """By kind, then over all of them."""
    hits = Counter(kind for each in findings for kind in each.hit)
    missed = Counter(kind for each in findings for kind, _ in each.missed)
    in_vain = Counter(kind for each in findings for kind, _ in each.in_vain)
    for kind in sorted(hits | missed | in_vain):
        yield _score(kind, hits[kind], missed[kind], in_vain[kind])
    yield _score("all", hits.total(), missed.total(), in_vain.total())


def _marked(line: str) -> Marked:
    spans: list[tuple[str, int, int]] = []
    text, last = "", 0
    for match in _MARK.finditer(line):
        text += line[last : match.start()]
        spans.append((match["kind"], len(text), len(text) + len(match["text"])))
        text, last = text + match["text"], match.end()
    return Marked(text + line[last:], tuple(spans))


def _finding(marked: Marked, found: Sequence[Span]) -> Finding:
    taken: set[Span] = set()
    hit: list[str] = []
    missed: list[tuple[str, str]] = []
    for kind, start, end in marked.spans:
        match = next((each for each in found if each.kind == kind and _covers(each, start, end)), None)
        if match is None:
            missed.append((kind, marked.text[start:end]))
        else:
            hit.append(kind)
            taken.add(match)
    in_vain = tuple((each.kind.value, marked.text[each.start : each.end]) for each in found if each not in taken)
    return Finding(marked, tuple(hit), tuple(missed), in_vain)


def _covers(span: Span, start: int, end: int) -> bool:
    shared = min(span.end, end) - max(span.start, start)
    return shared >= 0.9 * (end - start) and span.end - span.start <= 1.5 * (end - start) + 2


def _score(kind: str, hits: int, missed: int, in_vain: int) -> Score:
    found, meant = hits + in_vain, hits + missed
    return Score(kind, meant, hits / found if found else None, hits / meant if meant else None)
