"""The verdict on a run: every invariant over a history and the end state. Pure."""

from collections import Counter, defaultdict

from tests.faults.checker.effects import check_effects, check_identity
from tests.faults.checker.evidence import Case, Evidence
from tests.faults.checker.findings import Finding, Report, Verdict, worst
from tests.faults.checker.ordering import check_commits, check_order, check_recollections
from tests.faults.checker.rest import check_rest
from tests.faults.checker.state import PARTS, EndState
from tests.faults.checker.streaming import check_attempts, check_streams
from tests.faults.checker.turns import check_deadlines, check_endings, check_phantoms
from tests.faults.history import History

_CHECKS = (
    check_endings,
    check_phantoms,
    check_order,
    check_recollections,
    check_attempts,
    check_identity,
    check_effects,
    check_streams,
    check_commits,
    check_deadlines,
    check_rest,
)


def check(history: History, state: EndState) -> Report:
    """Judge a run."""
    evidence = Evidence(history, state)
    findings = list(dict.fromkeys(finding for each in _CHECKS for finding in each(evidence)))
    findings += _unknown(evidence)
    verdicts = _verdicts(evidence, findings)
    offered = [case for case in evidence.cases.values() if case.asked]
    accepted = Counter(verdicts[case.turn] for case in evidence.cases.values() if case.accepted)
    return Report(tuple(findings), len(offered), sum(not case.accepted for case in offered), accepted)


def _unknown(evidence: Evidence) -> list[Finding]:
    unread = [part for part in PARTS if not evidence.state.knows(part)]
    return [Finding(Verdict.UNVERIFIED, "I13", f"{part} could not be read at the end") for part in unread]


def _verdicts(evidence: Evidence, findings: list[Finding]) -> dict[str, Verdict]:
    """The worst of each turn; what is wrong with a session is wrong with its turns."""
    by_turn: dict[str, list[Verdict]] = defaultdict(list)
    by_session: dict[str, list[Verdict]] = defaultdict(list)
    for finding in findings:
        if finding.turn is not None:
            by_turn[finding.turn].append(finding.verdict)
        elif finding.session is not None:
            by_session[finding.session].append(finding.verdict)

    def of(case: Case) -> Verdict:
        return worst([*by_turn[case.turn], *by_session[case.session or ""], *_unseen(case, evidence)])

    return {turn: of(case) for turn, case in evidence.cases.items()}


def _unseen(case: Case, evidence: Evidence) -> list[Verdict]:
    whole = all(evidence.state.knows(part) for part in ("kafka", "postgres"))
    return [] if whole or not case.accepted else [Verdict.UNVERIFIED]
