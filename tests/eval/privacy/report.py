"""Prints what is found of the personal data in marked texts, with and without presidio."""

from collections.abc import Iterator, Sequence

from shared.privacy.detection import RECOGNISERS, Detector
from tests.eval.privacy.evaluation import SETS, Finding, evaluate, read_set, scores


def report(*, errors: bool) -> Iterator[str]:
    """Precision and recall by kind; with `errors`, every miss and every find in vain."""
    for title, detector in _detectors():
        for name in SETS:
            findings = evaluate(detector, read_set(name))
            yield f"\nprivacy: {title}, {name}: {len(findings)} texts"
            yield from _table(findings)
            if errors:
                yield from _errors(findings)


def _detectors() -> Iterator[tuple[str, Detector]]:
    yield "own recognisers", Detector()
    try:
        from shared.privacy.detection.presidio import presidio_recogniser  # noqa: PLC0415 -- an extra
    except ImportError:
        return
    presidio = presidio_recogniser()
    yield "presidio alone", Detector([presidio])
    yield "both", Detector([*RECOGNISERS, presidio])


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    yield f"  {'':18} {'precision':>9} {'recall':>7} {'meant':>6}"
    for each in scores(findings):
        yield f"  {each.kind:18} {_figure(each.precision):>9} {_figure(each.recall):>7} {each.meant:6}"
    clean = [each for each in findings if not each.marked.spans]
    false = sum(bool(each.in_vain) for each in clean)
    yield f"  something was found in {false} of {len(clean)} texts that hold nothing"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _errors(findings: Sequence[Finding]) -> Iterator[str]:
    for each in findings:
        for kind, text in each.missed:
            yield f"  missed {kind} {text!r} in {each.marked.text!r}"
        for kind, text in each.in_vain:
            yield f"  found {kind} {text!r} in {each.marked.text!r}"
