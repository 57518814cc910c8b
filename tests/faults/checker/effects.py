"""I6, I7: an event is the same bytes wherever it is, and what follows from it is there once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.profiles.facts import Facts
from services.profiles.folding import fold_all
from shared.events.envelope import ID_HEADER, thaw
from shared.events.replies import TurnCompleted, TurnEnded
from shared.events.signals import SignalsObserved
from shared.events.topics import OUTCOMES, REPLIES, SIGNALS, TURNS
from shared.events.turns import Text
from tests.faults.checker.evidence import Case, Evidence
from tests.faults.checker.findings import Finding, Verdict
from tests.faults.checker.state import Logged
from tests.support.scripted import recalled_by


def check_identity(evidence: Evidence) -> Iterator[Finding]:
    """I6: one event id is one key, one value and one set of headers.

    A request that is repeated submits its turn again with another request id, and perhaps to another gateway; there
    what is asked for is compared.
    """
    first: dict[str, Logged] = {}
    for record in evidence.logs:
        event_id = record.header(ID_HEADER)
        if event_id is None or record.topic.endswith(".dead") or record.topic == TURNS.name:
            continue
        known = first.setdefault(event_id, record)
        if (known.topic, known.key, known.value, known.headers) != (
            record.topic,
            record.key,
            record.value,
            record.headers,
        ):
            turn = record.header("ce_turnid")
            yield Finding(Verdict.DUPLICATED, "I6", f"event {event_id} is published in two versions", turn=turn)
    for case in evidence.cases.values():
        if len({(each.event.body_hash, each.event.input, each.event.user_id) for each in case.submissions}) > 1:
            yield case.finding(Verdict.DUPLICATED, "I6", "it was submitted with two bodies")


def check_effects(evidence: Evidence) -> Iterator[Finding]:
    """I7: whatever the ledger says is published, and nothing else; messages, signals and profiles follow once."""
    published = _published(evidence)
    for case in evidence.cases.values():
        for row in case.ledger:
            if row["envelopes"] is not None:
                yield from _all_told(case, row, published, evidence)
            elif (
                case.completed is not None and recalled_by(case.body or "") and not published[case.turn, OUTCOMES.name]
            ):
                yield case.finding(Verdict.LOST, "I7", "it recalled, and had no outcome")
        yield from _messages(case, evidence)
        yield from _observations(case, evidence)
    yield from _profiles(evidence)


def _published(evidence: Evidence) -> Mapping[tuple[str, str], list[Logged]]:
    """(turn, topic) -> the records about that turn there."""
    found: dict[tuple[str, str], list[Logged]] = defaultdict(list)
    for case in evidence.cases.values():
        found[case.turn, REPLIES.name] += [each.record for each in case.endings]
        found[case.turn, SIGNALS.name] += [each.record for each in case.signals]
    for record in evidence.logs:
        turn = record.header("ce_turnid")
        if record.topic == OUTCOMES.name and turn in evidence.cases:
            found[turn, record.topic].append(record)
    return found


def _all_told(
    case: Case, row: Mapping[str, Any], published: Mapping[tuple[str, str], list[Logged]], evidence: Evidence
) -> Iterator[Finding]:
    if not evidence.state.knows("kafka"):
        yield case.finding(Verdict.UNVERIFIED, "I7", "the topics could not be read")
        return
    stored = {str(each.header(ID_HEADER)): each for each in thaw(row["envelopes"].encode())}
    told = {str(each.header(ID_HEADER)): each for topic in _TOLD for each in published.get((case.turn, topic), ())}
    for event_id, envelope in stored.items():
        if event_id not in told:
            gone = evidence.passed("agent", [each.record for each in case.submissions])
            verdict = Verdict.LOST if gone else Verdict.STUCK
            yield case.finding(verdict, "I7", f"the ledger holds event {event_id} of {envelope.topic}, where it is not")
        elif envelope.value.decode() != told[event_id].value:
            yield case.finding(Verdict.DUPLICATED, "I6", f"event {event_id} is not published as the ledger holds it")
    for event_id in told.keys() - stored.keys():
        yield case.finding(Verdict.DUPLICATED, "I7", f"{told[event_id].topic} has event {event_id} beside the ledger's")


_TOLD = (REPLIES.name, SIGNALS.name, OUTCOMES.name)


def _messages(case: Case, evidence: Evidence) -> Iterator[Finding]:
    if not evidence.state.knows("postgres") or case.ending is None:
        return
    expected = Counter() if case.session in evidence.deleted else _expected_messages(case.ending)
    actual = Counter((row["role"], row["text"]) for row in case.messages)
    roles, wanted = Counter(role for role, _ in actual.elements()), Counter(role for role, _ in expected)
    for role in sorted({*roles, *wanted}):
        if roles[role] > wanted[role]:
            yield case.finding(Verdict.DUPLICATED, "I7", f"memory has {roles[role]} messages of its {role}")
        elif roles[role] < wanted[role]:
            passed = evidence.passed("memory", [each.record for each in case.endings])
            yield case.finding(_gone(passed), "I7", f"memory has no message of its {role}")
        elif [each for each in actual if each[0] == role] != [each for each in expected if each[0] == role]:
            yield case.finding(Verdict.DUPLICATED, "I7", f"memory has other words of its {role}")


def _expected_messages(ending: TurnEnded) -> "Counter[tuple[str, str]]":
    messages: Counter[tuple[str, str]] = Counter()
    if isinstance(ending.input, Text) and ending.turn_no:
        messages["user", ending.input.text] += 1
    if isinstance(ending, TurnCompleted) and ending.reply.text:
        messages["assistant", ending.reply.text] += 1
    return messages


def _observations(case: Case, evidence: Evidence) -> Iterator[Finding]:
    if not evidence.state.knows("kafka"):
        return
    events = {str(each.event.event_id) for each in case.signals}
    wanted = 1 if case.completed is not None else 0
    if len(events) > wanted:
        yield case.finding(Verdict.DUPLICATED, "I7", f"it gave {len(events)} signal events")
    elif len(events) < wanted:
        yield case.finding(Verdict.LOST, "I7", "it gave no signals")
    if not evidence.state.knows("postgres"):
        return
    rows = Counter(row["event_id"] for row in case.observations)
    if events and not rows:
        passed = evidence.passed("profiles", [each.record for each in case.signals])
        yield case.finding(_gone(passed), "I7", "profiles has none of its signals")
    elif rows.keys() - events or max(rows.values(), default=0) > 1:
        why = f"profiles has its signals {rows.total()} times, as {len(rows)} events"
        yield case.finding(Verdict.DUPLICATED, "I7", why)


def _profiles(evidence: Evidence) -> Iterator[Finding]:
    """Each stored profile is the fold of the signals in the log; `fold_all` counts each event once."""
    if not (evidence.state.knows("postgres") and evidence.state.knows("kafka")):
        return
    observed: dict[tuple[str, str], list[SignalsObserved]] = defaultdict(list)
    for case in evidence.cases.values():
        for each in case.signals:
            observed[each.event.user_id, each.event.domain].append(each.event)
    stored = {(row["user_id"], row["domain"]): row for row in evidence.state.table("profiles.profiles")}
    for (user, domain), events in observed.items():
        row = stored.get((user, domain))
        facts = Facts() if row is None else Facts.model_validate(row["facts"])
        folded = fold_all(Facts(), events)
        if facts.model_copy(update={"contact": {}, "corrections": {}}) != folded:
            why = f"the profile of {user} holds {facts.turns} turns, the log {folded.turns}"
            verdict = Verdict.DUPLICATED if facts.turns >= folded.turns else _lagging(evidence, events)
            yield Finding(verdict, "I7", why, session=str(events[-1].session_id))


def _lagging(evidence: Evidence, events: Iterable[SignalsObserved]) -> Verdict:
    ids = {event.event_id for event in events}
    records = [each.record for case in evidence.cases.values() for each in case.signals if each.event.event_id in ids]
    return _gone(evidence.passed("profiles", records))


def _gone(passed: bool | None) -> Verdict:
    if passed is None:
        return Verdict.UNVERIFIED
    return Verdict.LOST if passed else Verdict.STUCK
