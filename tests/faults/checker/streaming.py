"""I5, I9: clients see one answer whole, however often they connect; an attempt that was overtaken says nothing more."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.events.replies import TurnEnded
from tests.faults.checker.evidence import OUTCOMES, Case, ClientStream, Evidence
from tests.faults.checker.findings import Finding, Verdict
from tests.faults.history import StreamEvent

Place = tuple[int, int]
"""Attempt and number within it."""

TERMINAL = frozenset(OUTCOMES.values())
_STANDS_FOR_MORE = frozenset({"snapshot", "failed", "cancelled"})
_NO_CONTENT = 204


def check_streams(evidence: Evidence) -> Iterator[Finding]:
    """I9: what each client assembled is what is stored."""
    for case in evidence.cases.values():
        for stream in case.streams.values():
            yield from _rising(case, stream.events)
            yield from _spliced(case, stream.events)
            yield from _whole(case, stream)
            yield from _ended(case, stream, evidence)


def check_attempts(evidence: Evidence) -> Iterator[Finding]:
    """I5: attempts follow each other in Redis, and the last one that wrote is the one that ended the turn."""
    for case in evidence.cases.values():
        if case.frames is None or not case.frames.frames:
            continue
        frames = [(place(each[0]), each[1]) for each in case.frames.frames]
        yield from _announced(case, frames)
        if case.ending is not None:
            yield from _ended_last(case, case.ending, [each[0] for each in frames])


def place(event_id: str) -> Place:
    """The id as numbers, for comparing."""
    attempt, number = event_id.split("-")
    return int(attempt), int(number)


def assembled(events: Sequence[StreamEvent]) -> str:
    """The text of a stream, put together as the documentation tells clients to."""
    text = ""
    for event in events:
        if event.name in {"reset", "snapshot"}:
            text = event.data.get("text", "")
        elif event.name == "delta":
            text += event.data["text"]
    return text


def _rising(case: Case, events: Sequence[StreamEvent]) -> Iterator[Finding]:
    for before, after in pairwise(events):
        if before.name in TERMINAL:
            yield case.finding(Verdict.DUPLICATED, "I9", f"{after.name} {after.id} came after the stream had ended")
        elif place(after.id) == place(before.id):
            yield case.finding(Verdict.DUPLICATED, "I9", f"event {after.id} came twice")
        elif place(after.id) < place(before.id):
            yield case.finding(Verdict.REORDERED, "I9", f"event {after.id} came after {before.id}")


def _whole(case: Case, stream: ClientStream) -> Iterator[Finding]:
    """Nothing is missing but what a snapshot stands for, or what a turn without an answer does not need."""
    names = {place(event.id): event.name for event in stream.events}
    places = sorted(names)
    began_afresh = stream.connections and stream.connections[0].after is None
    if places and began_afresh and names[places[0]] != "accepted":
        yield case.finding(Verdict.LOST, "I9", f"its stream began with {names[places[0]]}")
    for before, after in pairwise(places):
        follows = after[1] == before[1] + 1 if after[0] == before[0] else after[1] <= 1
        if not follows and names[after] not in _STANDS_FOR_MORE:
            why = f"nothing came between {before[0]}-{before[1]} and {after[0]}-{after[1]}"
            yield case.finding(Verdict.LOST, "I9", why)


def _spliced(case: Case, events: Sequence[StreamEvent]) -> Iterator[Finding]:
    told = 0
    for event in events:
        attempt, _ = place(event.id)
        if 0 < told < attempt and event.name not in {"reset", "snapshot"}:
            why = f"{event.name} {event.id} continues what attempt {told} had said, without reset"
            yield case.finding(Verdict.DUPLICATED, "I9", why)
        told = attempt


def _ended(case: Case, stream: ClientStream, evidence: Evidence) -> Iterator[Finding]:
    terminal = next((each for each in stream.events if each.name in TERMINAL), None)
    if terminal is None:
        if any(each.status == _NO_CONTENT for each in stream.connections):
            yield case.finding(Verdict.LOST, "I9", "a client was told that nothing is left, and never saw the end")
        elif any(each.status == 200 for each in stream.connections):
            yield case.finding(Verdict.UNVERIFIED, "I9", "a client left its stream before the end")
        return
    if case.ending is None:
        if evidence.state.knows("kafka"):
            yield case.finding(Verdict.LOST, "I9", f"a client saw it {terminal.name}, and no ending is in the log")
        return
    if terminal.name != OUTCOMES[case.ending.type]:
        why = f"a client saw it {terminal.name}, and it is {OUTCOMES[case.ending.type]}"
        yield case.finding(Verdict.DUPLICATED, "I9", why)
    elif case.completed is not None:
        yield from _same_text(case, assembled(stream.events), str(terminal.data.get("text")), case.completed.reply.text)


def _same_text(case: Case, pieces: str, told: str, stored: str) -> Iterator[Finding]:
    if told != stored:
        yield case.finding(Verdict.DUPLICATED, "I9", f"its last event says {told!r}, the log {stored!r}")
    if pieces != stored:
        verdict = Verdict.LOST if len(pieces) < len(stored) else Verdict.DUPLICATED
        yield case.finding(verdict, "I9", f"its pieces make {pieces!r}, stored is {stored!r}")


def _announced(case: Case, frames: Sequence[tuple[Place, str]]) -> Iterator[Finding]:
    for (before, _), (after, name) in pairwise(frames):
        if after[0] == before[0] and after[1] != before[1] + 1:
            yield case.finding(Verdict.LOST, "I5", f"frame {after[0]}-{after[1]} follows {before[0]}-{before[1]}")
        elif after[0] != before[0] and (name, after[1]) != ("reset", 0):
            why = f"attempt {after[0]} goes on where attempt {before[0]} stopped, without reset"
            yield case.finding(Verdict.DUPLICATED, "I5", why)


def _ended_last(case: Case, ending: TurnEnded, places: Sequence[Place]) -> Iterator[Finding]:
    last, end = max(places), (ending.stream.attempt, ending.stream.frames)
    if last[0] > end[0]:
        why = f"attempt {last[0]} wrote frames, and attempt {end[0]} before it ended the turn"
        yield case.finding(Verdict.REORDERED, "I5", why)
    elif last > end:
        yield case.finding(Verdict.DUPLICATED, "I5", f"frame {last[0]}-{last[1]} came after its end at {end[1]}")
