"""I1, I2, I3, I11: an accepted turn ends once, in time; nothing else does."""

from collections.abc import Iterable, Iterator

from shared.events.replies import TurnCancelled, TurnFailed
from tests.faults.checker.evidence import OUTCOMES, Case, Evidence
from tests.faults.checker.findings import Finding, Verdict
from tests.faults.history import Fault

_TOLD_TO_FAIL = ("fail", "die")


def check_endings(evidence: Evidence) -> Iterator[Finding]:
    """I1 and I3: every accepted turn has one ending, the same in the ledger and on the topic."""
    for case in evidence.cases.values():
        if case.accepted:
            yield from _ended_once(case, evidence) if case.endings else _not_ended(case, evidence)
            yield from _with_good_reason(case, evidence)


def check_phantoms(evidence: Evidence) -> Iterator[Finding]:
    """I2: every turn was asked for, and a key is one turn."""
    for (_, session, key), turns in evidence.keys.items():
        if len(turns) > 1:
            why = f"the key {key!r} became {len(turns)} turns: {', '.join(sorted(turns))}"
            yield Finding(Verdict.DUPLICATED, "I2", why, session=session)
    unnamed = (each for each in evidence.history.operations if each.kind == "turn" and each.key is None)
    unsure = evidence.history.torn > 0 or any(each.phase == "info" for each in unnamed)
    for case in evidence.cases.values():
        if not (case.submissions or case.endings or case.ledger):
            continue
        if not case.asked:
            verdict = Verdict.UNVERIFIED if unsure else Verdict.DUPLICATED
            yield case.finding(verdict, "I2", "it is in the log, and no client asked for it")
        elif all(each.phase == "fail" for each in case.asked):
            yield case.finding(Verdict.DUPLICATED, "I2", "it was refused for certain, and is in the log all the same")


def check_deadlines(evidence: Evidence) -> Iterator[Finding]:
    """I11: a turn ends in time; faults stop the clock."""
    seconds = evidence.history.run.deadline_seconds
    for case in evidence.cases.values():
        since = accepted_at(case)
        if since is None or not case.endings:
            continue
        ended = min(each.record.at for each in case.endings)
        late = ended - _calm_since(since, ended, evidence.history.faults) - seconds
        if late > 0:
            yield case.finding(Verdict.STUCK, "I11", f"it ended {late:.1f} s past its deadline")


def accepted_at(case: Case) -> float | None:
    """When it was accepted first, as far as is known."""
    times = [each.at for each in case.acknowledged] + [each.record.at for each in case.submissions]
    return min(times, default=None)


def _ended_once(case: Case, evidence: Evidence) -> Iterator[Finding]:
    events = {each.event.event_id for each in case.endings}
    kinds = {each.event.type for each in case.endings}
    if len(events) > 1 or len(kinds) > 1:
        yield case.finding(Verdict.DUPLICATED, "I3", f"it ended {len(events)} times: {', '.join(sorted(kinds))}")
    if not evidence.state.knows("postgres"):
        yield case.finding(Verdict.UNVERIFIED, "I3", "the ledger could not be read")
    elif not case.ledger and not _without_session(case):
        yield case.finding(Verdict.LOST, "I3", "its ending was told, and is not in the ledger")
    elif len(case.ledger) > 1:
        yield case.finding(Verdict.DUPLICATED, "I3", f"the ledger holds it {len(case.ledger)} times")
    elif case.ledger and {case.ledger[0]["outcome"]} != {OUTCOMES[kind] for kind in kinds}:
        why = f"the ledger says {case.ledger[0]['outcome']}, its ending {', '.join(sorted(kinds))}"
        yield case.finding(Verdict.DUPLICATED, "I3", why)


def _not_ended(case: Case, evidence: Evidence) -> Iterator[Finding]:
    if not evidence.state.knows("kafka"):
        yield case.finding(Verdict.UNVERIFIED, "I1", "the topics could not be read")
    elif not case.submissions:
        yield case.finding(Verdict.LOST, "I1", "it was acknowledged, and Kafka does not have it")
    elif case.ledger and case.session in evidence.deleted:
        return
    elif evidence.passed("agent", [each.record for each in case.submissions]):
        ended = "ended, but nobody was told" if case.ledger else "never ended"
        yield case.finding(Verdict.LOST, "I1", f"it {ended}, and the agent's offset is past it")
    elif _had_its_time(case, evidence):
        yield case.finding(Verdict.STUCK, "I1", "it has not ended, and waits in the log still")
    else:
        yield case.finding(Verdict.UNVERIFIED, "I1", "it has not ended, and had time left when the run was judged")


def _with_good_reason(case: Case, evidence: Evidence) -> Iterator[Finding]:
    """An ending without an answer is one of the promised outcomes only where somebody or something brought it about."""
    ending = case.ending
    if isinstance(ending, TurnCancelled) and not _was_stopped(case, evidence):
        yield case.finding(Verdict.LOST, "I1", "it was cancelled, and nobody asked for that")
    if not isinstance(ending, TurnFailed):
        return
    if ending.reason == "session_deleted" and case.session not in evidence.deleted:
        yield case.finding(Verdict.LOST, "I1", "it failed as deleted, and nobody deleted its session")
    if ending.reason == "unknown_session" and case.session in evidence.opened:
        yield case.finding(Verdict.LOST, "I1", "it failed for want of its session, which had been opened")
    if ending.reason == "exhausted" and not told_to_fail(case):
        yield case.finding(Verdict.LOST, "I1", "it was given up, and nothing was wrong with it")
    if ending.reason == "expired" and all(ending.occurred_at < each.event.expires_at for each in case.submissions):
        yield case.finding(Verdict.LOST, "I1", "it expired before its time")


def told_to_fail(case: Case) -> bool:
    """Whether its words make every attempt fail."""
    return (case.body or "").split(" ", maxsplit=1)[0] in _TOLD_TO_FAIL


def _was_stopped(case: Case, evidence: Evidence) -> bool:
    asked = any(each.kind == "cancel" and each.turn == case.turn for each in evidence.history.operations)
    return asked or case.session in evidence.deleted


def _without_session(case: Case) -> bool:
    return isinstance(case.ending, TurnFailed) and case.ending.reason == "unknown_session"


def _had_its_time(case: Case, evidence: Evidence) -> bool:
    since, judged = accepted_at(case), evidence.state.dumped.at
    if since is None:
        return False
    return judged > _calm_since(since, judged, evidence.history.faults) + evidence.history.run.deadline_seconds


def _calm_since(since: float, until: float, faults: Iterable[Fault]) -> float:
    """When the last fault that falls between these moments was over; `until` if it was not by then."""
    begins = {each.fault: each.at for each in faults if each.phase == "begin"}
    ends = {each.fault: each.at for each in faults if each.phase == "end"}
    disturbed = [ends.get(fault, until) for fault, began in begins.items() if began < until]
    return min(max([since, *disturbed]), until)
