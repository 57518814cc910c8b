"""I13: at rest nothing is left half done."""

import json
from collections import Counter
from collections.abc import Iterator

from shared.runtime.kafka.deadletters import SOURCE_TOPIC
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.findings import Finding, Verdict
from tests.faults.checker.state import Logged
from tests.faults.checker.turns import told_to_fail

_DEAD = ".dead"


def check_rest(evidence: Evidence) -> Iterator[Finding]:
    """No turn pending, no lag, no waiting slot taken, no dead letter but those of what was poisoned on purpose."""
    yield from _pending(evidence)
    yield from _lag(evidence)
    yield from _slots(evidence)
    yield from _dead_letters(evidence)


def _pending(evidence: Evidence) -> Iterator[Finding]:
    for row in evidence.state.table("memory.turns"):
        case = evidence.cases.get(row["turn_id"])
        if case is not None and row["status"] == "pending" and case.endings:
            yield Finding(Verdict.STUCK, "I13", "memory shows it as pending", turn=case.turn, session=case.session)


def _lag(evidence: Evidence) -> Iterator[Finding]:
    behind: Counter[tuple[str, str]] = Counter()
    for each in evidence.state.progress:
        behind[each.group, each.topic] += max(each.end - each.committed, 0)
    for (group, topic), records in behind.items():
        if records:
            yield Finding(Verdict.STUCK, "I13", f"{group} has {records} records of {topic} to do")


def _slots(evidence: Evidence) -> Iterator[Finding]:
    # Places that Redis was not told of are given back when their queue seems full: only where it was never away must
    # they be free already.
    if not any("redis" in each.target for each in evidence.history.faults):
        yield from _taken(evidence)
    standing = {row["session_id"]: row["turn_no"] for row in evidence.state.table("agent.sessions")}
    for mark in evidence.state.marks:
        if mark.session in evidence.sessions and mark.turn_no > standing.get(mark.session, mark.turn_no):
            why = f"readers wait for turn {mark.turn_no}, and the last one is {standing[mark.session]}"
            yield Finding(Verdict.STUCK, "I13", why, session=mark.session)


def _taken(evidence: Evidence) -> Iterator[Finding]:
    for slots in evidence.state.slots:
        for turn in slots.turns:
            case = evidence.cases.get(turn)
            if case is not None and case.endings:
                why = "it has ended, and takes up room in its session's queue"
                yield Finding(Verdict.STUCK, "I13", why, turn=turn, session=slots.session)


def _dead_letters(evidence: Evidence) -> Iterator[Finding]:
    poisoned = {each.fault for each in evidence.history.faults if each.name == "poison"}
    unexplained = 0
    for letter in (each for each in evidence.logs if each.topic.endswith(_DEAD)):
        turn = _turn(letter)
        case = None if turn is None else evidence.cases.get(turn)
        if case is None:
            unexplained += turn is None
        elif not told_to_fail(case):
            why = f"a record about it on {letter.header(SOURCE_TOPIC)} was given up"
            yield Finding(Verdict.LOST, "I13", why, turn=turn, session=case.session)
    if unexplained > len(poisoned) * _GROUPS:
        why = f"{unexplained} dead letters are of no turn, and {len(poisoned)} records were poisoned"
        yield Finding(Verdict.LOST, "I13", why)


_GROUPS = 3
"""A record may be given up by each group that reads its topic."""


def _turn(letter: Logged) -> str | None:
    turn = letter.header("ce_turnid")
    if turn is not None:
        return turn
    try:
        value = json.loads(letter.value)
    except ValueError:
        return None
    return value.get("turn_id") if isinstance(value, dict) else None
