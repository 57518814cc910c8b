"""I4, I10: turns of a session are answered in the order Kafka took them, each knowing all before it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.faults.checker.evidence import TURNS_TOPIC, Case, Evidence, first_offsets
from tests.faults.checker.findings import Finding, Verdict
from tests.support.scripted import recalled_by, recollection


def check_order(evidence: Evidence) -> Iterator[Finding]:
    """I4: numbers 1..n, given in the order of the log, and seen by clients in that order."""
    for session, cases in evidence.sessions.items():
        numbered = [case for case in cases if case.ledger]
        yield from _numbers(session, numbered, evidence)
        yield from _log_order(numbered)
        yield from _client_order(numbered)
        yield from _told_order(session, numbered)


def check_recollections(evidence: Evidence) -> Iterator[Finding]:
    """I4: a reply that recalls names exactly the turns answered before it."""
    for session, cases in evidence.sessions.items():
        before: tuple[str, ...] = ()
        for case in cases:
            tag = recalled_by(case.body or "")
            if case.completed is None or tag is None:
                continue
            expected, told = recollection(tag, before), case.completed.reply.text
            if told != expected:
                yield case.finding(_misremembered(told, expected), "I4", f"it answered {told!r} for {expected!r}")
            before = (*before, tag)
        yield from _counts(session, cases)


def check_commits(evidence: Evidence) -> Iterator[Finding]:
    """I10: at no sample had the agent committed past a turn that had not ended by then."""
    reported: set[str] = set()
    submitted = [
        (each.record, min((ending.record.at for ending in case.endings), default=None), case)
        for case in evidence.cases.values()
        for each in case.submissions
    ]
    for sample in evidence.history.samples:
        if (sample.group, sample.topic) != ("agent", TURNS_TOPIC):
            continue
        for record, ended_at, case in submitted:
            if record.partition != sample.partition or record.offset >= sample.committed or case.turn in reported:
                continue
            if ended_at is None or ended_at > sample.at:
                reported.add(case.turn)
                why = f"offset {sample.committed} of partition {sample.partition} was committed before it had ended"
                yield case.finding(Verdict.REORDERED, "I10", why)


def _numbers(session: str, cases: Sequence[Case], evidence: Evidence) -> Iterator[Finding]:
    numbers = [row["turn_no"] for case in cases for row in case.ledger]
    if numbers != list(range(1, len(numbers) + 1)):
        twice = len(set(numbers)) < len(numbers)
        verdict = Verdict.DUPLICATED if twice else Verdict.LOST
        yield Finding(verdict, "I4", f"its turns are numbered {_shortly(numbers)}", session=session)
    rows = [row for row in evidence.state.table("agent.sessions") if row["session_id"] == session]
    if rows and rows[0]["turn_no"] != max(numbers, default=0):
        why = f"it stands at turn {rows[0]['turn_no']}, the ledger at {max(numbers, default=0)}"
        yield Finding(Verdict.REORDERED, "I4", why, session=session)


def _log_order(cases: Sequence[Case]) -> Iterator[Finding]:
    for earlier, later in _swapped(first_offsets(cases), cases):
        why = f"it was answered before turn {earlier.turn}, which Kafka took first"
        yield later.finding(Verdict.REORDERED, "I4", why)


def _client_order(cases: Sequence[Case]) -> Iterator[Finding]:
    """A turn asked for after another one was acknowledged comes after it."""
    soonest, first = float("inf"), ""
    for case in reversed(cases):
        if case.invoked is not None and soonest < case.invoked:
            why = f"it was asked for after turn {first} was acknowledged, and answered before"
            yield case.finding(Verdict.REORDERED, "I4", why)
        told = min((each.at for each in case.acknowledged), default=float("inf"))
        if told < soonest:
            soonest, first = told, case.turn


def _told_order(session: str, cases: Sequence[Case]) -> Iterator[Finding]:
    told = [case for case in cases if case.endings]
    told.sort(key=lambda case: min(each.record.offset for each in case.endings))
    for earlier, later in _swapped([case for case in cases if case.endings], told):
        why = f"its ending was told before that of turn {earlier.turn}"
        yield Finding(Verdict.REORDERED, "I4", why, turn=later.turn, session=session)


def _swapped(right: Sequence[Case], actual: Sequence[Case]) -> Iterator[tuple[Case, Case]]:
    """Neighbours in `right` that stand the other way round in `actual`."""
    places = {case.turn: place for place, case in enumerate(actual)}
    known = [case for case in right if case.turn in places]
    for first, second in pairwise(known):
        if places[first.turn] > places[second.turn]:
            yield first, second


def _misremembered(told: str, expected: str) -> Verdict:
    named, wanted = told.split()[2:], expected.split()[2:]
    if len(set(named)) < len(named):
        return Verdict.DUPLICATED
    return Verdict.REORDERED if sorted(named) == sorted(wanted) or len(named) > len(wanted) else Verdict.LOST


def _counts(session: str, cases: Sequence[Case]) -> Iterator[Finding]:
    answered = 0
    for case in cases:
        if case.completed is None:
            continue
        if case.body == "count" and case.completed.reply.text != f"{answered} before":
            why = f"it answered {case.completed.reply.text!r} after {answered} turns"
            yield Finding(Verdict.REORDERED, "I4", why, turn=case.turn, session=session)
        answered += 1


def _shortly(numbers: Sequence[int]) -> str:
    return str(list(numbers)) if len(numbers) <= 20 else f"{list(numbers[:20])}…"
