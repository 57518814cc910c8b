"""I4, I10: turns of a session are answered in the order Kafka took them, each knowing all before it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from tests.faults.checker.evidence import TURNS_TOPIC, Case, Evidence, first_offsets
from tests.faults.checker.findings import Finding, Verdict
from tests.faults.checker.state import Shown
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
    """I4: every attempt was shown exactly the turns answered before, and a reply that recalls names them."""
    shown: dict[str, list[Shown]] = defaultdict(list)
    for each in evidence.state.shown:
        shown[each.turn].append(each)
    for cases in evidence.sessions.values():
        before: tuple[str, ...] = ()
        for case in cases:
            yield from _rightly_shown(case, shown[case.turn], before)
            tag = recalled_by(case.body or "")
            if tag is not None and case.answered:
                yield from _rightly_told(case, recollection(tag, before))
                before = (*before, tag)
        yield from _counts(cases)


def check_commits(evidence: Evidence) -> Iterator[Finding]:
    """I10: at no sample had the agent committed past a turn that had not ended by then."""
    partitions = _last_ended(evidence)
    reported: set[str] = set()
    for sample in evidence.history.samples:
        if (sample.group, sample.topic) != ("agent", TURNS_TOPIC) or sample.partition not in partitions:
            continue
        offsets, latest = partitions[sample.partition]
        below = bisect_left(offsets, sample.committed)
        ended_at, case = latest[below - 1] if below else (0.0, None)
        if case is not None and ended_at > sample.at and case.turn not in reported:
            reported.add(case.turn)
            why = f"offset {sample.committed} of partition {sample.partition} was committed before it had ended"
            yield case.finding(Verdict.REORDERED, "I10", why)


def _last_ended(evidence: Evidence) -> Mapping[int, tuple[list[int], list[tuple[float, Case]]]]:
    """Of each partition the offsets of its turns, and up to each of them when the last one ended, and which."""
    records: dict[int, list[tuple[int, tuple[float, Case]]]] = defaultdict(list)
    for case in evidence.cases.values():
        ended_at = min((each.record.at for each in case.endings), default=float("inf"))
        for each in case.submissions:
            records[each.record.partition].append((each.record.offset, (ended_at, case)))
    partitions = {}
    for partition, found in records.items():
        found.sort(key=lambda each: each[0])
        latest = list(accumulate((ended for _, ended in found), _later))
        partitions[partition] = ([offset for offset, _ in found], latest)
    return partitions


def _later(one: tuple[float, Case], other: tuple[float, Case]) -> tuple[float, Case]:
    return one if one[0] >= other[0] else other


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


def _rightly_shown(case: Case, attempts: Sequence[Shown], before: tuple[str, ...]) -> Iterator[Finding]:
    for attempt in attempts if case.ledger else ():
        number = case.ledger[0]["turn_no"]
        if (attempt.turn_no, attempt.recalled) != (number, before):
            why = (
                f"an attempt was shown {attempt.recalled} as turn {attempt.turn_no}; it is turn {number} after {before}"
            )
            yield case.finding(Verdict.REORDERED, "I4", why)


def _rightly_told(case: Case, expected: str) -> Iterator[Finding]:
    told = expected if case.completed is None else case.completed.reply.text
    if told != expected:
        yield case.finding(_misremembered(told, expected), "I4", f"it answered {told!r} for {expected!r}")


def _misremembered(told: str, expected: str) -> Verdict:
    named, wanted = told.split()[2:], expected.split()[2:]
    if len(set(named)) < len(named):
        return Verdict.DUPLICATED
    return Verdict.REORDERED if sorted(named) == sorted(wanted) or len(named) > len(wanted) else Verdict.LOST


def _counts(cases: Sequence[Case]) -> Iterator[Finding]:
    for before, case in enumerate(case for case in cases if case.answered):
        told = None if case.completed is None else case.completed.reply.text
        if case.body == "count" and told not in {None, f"{before} before"}:
            yield case.finding(Verdict.REORDERED, "I4", f"it answered {told!r} after {before} turns")


def _shortly(numbers: Sequence[int]) -> str:
    return str(list(numbers)) if len(numbers) <= 20 else f"{list(numbers[:20])}…"
