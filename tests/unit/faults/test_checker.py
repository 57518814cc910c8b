"""The checker finds nothing where all is well, and what was spoiled where something was."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.ids import event_of
from shared.events.topics import OUTCOMES, REPLIES, SIGNALS, TURNS
from tests.faults.checker import Verdict, check
from tests.faults.checker.__main__ import main
from tests.faults.checker.state import STATE_FILE, Dumped, Frames, Logged, Mark, Progress, Row, Slots, write_state
from tests.faults.checker.streaming import place as place_of
from tests.faults.history import HISTORY_FILE, AnyRecord, Fault, Operation, Recorder, StreamEvent
from tests.unit.faults.worlds import BEGAN, DEADLINE_SECONDS, World, good_world


def test_a_good_run_is_ok() -> None:
    world = good_world()

    report = check(world.history, world.state)

    assert report.findings == ()
    assert (report.offered, report.refused) == (6, 0)
    assert report.turns == {Verdict.OK: 6}


def _reply(world: World, place: int = 0) -> Logged:
    found: list[Logged] = world.only(Logged, topic=REPLIES.name)
    return found[place]


def _submitted(world: World, place: int) -> Logged:
    found: list[Logged] = world.only(Logged, topic=TURNS.name)
    return next(each for each in found if world.turns[place] in each.value)


def _delta(world: World) -> StreamEvent:
    return next(event for event in world.events if event.name == "delta")


def _lose_an_ending(world: World) -> None:
    world.records.remove(_reply(world))


def _lose_a_turn(world: World) -> None:
    for table in ("agent.ledger", "memory.messages", "profiles.signals"):
        for row in world.rows(table, world.turns[0]):
            world.records.remove(row)
    for record in world.only(Logged):
        if record.header("ce_turnid") == world.turns[0] or world.turns[0] in record.value:
            world.records.remove(record)


def _leave_a_turn_in_the_log(world: World) -> None:
    submitted = _submitted(world, 2)
    for table in ("agent.ledger", "memory.messages"):
        for row in world.rows(table, world.turns[2]):
            world.records.remove(row)
    world.records.remove(_reply(world, 2))
    (progress,) = world.only(Progress, group="agent", topic=TURNS.name, partition=0)
    world.replace(progress, replace(progress, committed=submitted.offset))
    (session,) = [row for row in world.rows("agent.sessions") if row.values["session_id"] == world.sessions[0]]
    world.replace(session, Row(table=session.table, values={**session.values, "turn_no": 2}))
    world.events = [event for event in world.events if event.turn != world.turns[2] or event.name == "accepted"]


def _lose_signals(world: World) -> None:
    world.records.remove(world.only(Logged, topic=SIGNALS.name)[0])
    world.records.remove(world.rows("profiles.signals", world.turns[0])[0])


def _lose_an_outcome(world: World) -> None:
    world.records.remove(world.only(Logged, topic=OUTCOMES.name)[0])


def _lose_a_message(world: World) -> None:
    world.records.remove(world.rows("memory.messages", world.turns[0])[1])


def _forget_signals(world: World) -> None:
    world.records.remove(world.rows("profiles.signals", world.turns[0])[0])


def _publish_under_a_new_id(world: World) -> None:
    reply = _reply(world)
    event = json.loads(reply.value)
    fresh = str(event_of(UUID(event["turn_id"]), "again"))
    headers = tuple((name, fresh if name == "ce_id" else value) for name, value in reply.headers)
    value = reply.value.replace(event["event_id"], fresh)
    world.records.append(replace(reply, offset=99, value=value, headers=headers))


def _publish_other_bytes(world: World) -> None:
    reply = _reply(world)
    world.records.append(replace(reply, offset=99, value=reply.value.replace("after", "AFTER")))


def _store_a_message_twice(world: World) -> None:
    world.records.append(world.rows("memory.messages", world.turns[0])[1])


def _count_signals_twice(world: World) -> None:
    profile = world.rows("profiles.profiles")[0]
    facts = {**profile.values["facts"], "turns": profile.values["facts"]["turns"] + 1}
    world.replace(profile, Row(table=profile.table, values={**profile.values, "facts": facts}))


def _answer_a_phantom(world: World) -> None:
    world.operations = [each for each in world.operations if world.turns[0] not in each.operation]


def _give_a_key_two_turns(world: World) -> None:
    world.operations = [
        replace(each, key="key-1") if world.turns[1] in each.operation else each for each in world.operations
    ]


def _publish_in_another_order(world: World) -> None:
    first, second = _reply(world, 0), _reply(world, 1)
    place, other = world.records.index(first), world.records.index(second)
    world.records[place], world.records[other] = (
        replace(first, offset=second.offset),
        replace(second, offset=first.offset),
    )


def _answer_in_another_order(world: World) -> None:
    rows = [world.rows("agent.ledger", turn)[0] for turn in world.turns[:2]]
    for row, turn_no in zip(rows, (2, 1), strict=True):
        world.replace(row, Row(table=row.table, values={**row.values, "turn_no": turn_no}))


def _commit_too_early(world: World) -> None:
    sample = world.samples[0]
    world.samples.insert(0, replace(sample, at=sample.at - 0.5))


def _deliver_twice(world: World) -> None:
    delta = _delta(world)
    world.events.insert(world.events.index(delta), delta)


def _deliver_in_another_order(world: World) -> None:
    first, second = [place for place, event in enumerate(world.events) if event.name == "delta"][:2]
    world.events[first], world.events[second] = world.events[second], world.events[first]


def _lose_a_delta(world: World) -> None:
    world.events.remove(_delta(world))


def _splice(world: World) -> None:
    """The client had half of an earlier attempt's answer."""
    first = _delta(world)
    attempt = int(first.id.split("-")[0])
    world.events.insert(world.events.index(first), replace(first, id=f"{attempt - 1}-1"))


def _say_nothing_is_left(world: World) -> None:
    world.events = [event for event in world.events if event.turn != world.turns[0] or event.name == "accepted"]
    world.connections.append(replace(world.connections[0], status=204))


def _let_a_zombie_speak(world: World) -> None:
    frames = world.only(Frames, turn=world.turns[0])[0]
    attempt = int(frames.frames[0][0].split("-")[0]) + 1
    world.replace(frames, replace(frames, frames=(*frames.frames, (f"{attempt}-1", "delta", "{}"))))


def _let_a_zombie_begin_anew(world: World) -> None:
    frames = world.only(Frames, turn=world.turns[0])[0]
    attempt = int(frames.frames[0][0].split("-")[0]) + 1
    world.replace(frames, replace(frames, frames=(*frames.frames, (f"{attempt}-0", "reset", "{}"))))


def _keep_a_slot(world: World) -> None:
    slots = world.only(Slots)[0]
    world.replace(slots, replace(slots, turns=(world.turns[0],)))


def _keep_a_turn_pending(world: World) -> None:
    row = world.rows("memory.turns", world.turns[0])[0]
    world.replace(row, Row(table=row.table, values={**row.values, "status": "pending"}))


def _bury_an_innocent(world: World) -> None:
    submitted = _submitted(world, 0)
    world.records.append(replace(submitted, topic=f"{TURNS.name}.dead"))


def _give_up_an_innocent(world: World) -> None:
    world.operations = [
        replace(each, body="recall me") if world.turns[2] in each.operation else each for each in world.operations
    ]


def _answer_late(world: World) -> None:
    reply = _reply(world)
    world.replace(reply, replace(reply, at=reply.at + DEADLINE_SECONDS + 1))


@pytest.mark.parametrize(
    ("spoil", "verdict", "invariant"),
    [
        (_lose_an_ending, Verdict.LOST, "I1"),
        (_lose_a_turn, Verdict.LOST, "I1"),
        (_give_up_an_innocent, Verdict.LOST, "I1"),
        (_leave_a_turn_in_the_log, Verdict.STUCK, "I1"),
        (_answer_a_phantom, Verdict.DUPLICATED, "I2"),
        (_give_a_key_two_turns, Verdict.DUPLICATED, "I2"),
        (_publish_under_a_new_id, Verdict.DUPLICATED, "I3"),
        (_answer_in_another_order, Verdict.REORDERED, "I4"),
        (_publish_in_another_order, Verdict.REORDERED, "I4"),
        (_let_a_zombie_speak, Verdict.DUPLICATED, "I5"),
        (_let_a_zombie_begin_anew, Verdict.REORDERED, "I5"),
        (_publish_other_bytes, Verdict.DUPLICATED, "I6"),
        (_lose_signals, Verdict.LOST, "I7"),
        (_lose_an_outcome, Verdict.LOST, "I7"),
        (_lose_a_message, Verdict.LOST, "I7"),
        (_forget_signals, Verdict.LOST, "I7"),
        (_store_a_message_twice, Verdict.DUPLICATED, "I7"),
        (_count_signals_twice, Verdict.DUPLICATED, "I7"),
        (_deliver_twice, Verdict.DUPLICATED, "I9"),
        (_deliver_in_another_order, Verdict.REORDERED, "I9"),
        (_lose_a_delta, Verdict.LOST, "I9"),
        (_splice, Verdict.DUPLICATED, "I9"),
        (_say_nothing_is_left, Verdict.LOST, "I9"),
        (_commit_too_early, Verdict.REORDERED, "I10"),
        (_answer_late, Verdict.STUCK, "I11"),
        (_keep_a_slot, Verdict.STUCK, "I13"),
        (_keep_a_turn_pending, Verdict.STUCK, "I13"),
        (_bury_an_innocent, Verdict.LOST, "I13"),
    ],
)
def test_what_was_spoiled_is_found(spoil: Callable[[World], None], verdict: Verdict, invariant: str) -> None:
    world = good_world()
    spoil(world)

    report = check(world.history, world.state)

    assert (verdict, invariant) in {(finding.verdict, finding.invariant) for finding in report.findings}
    assert report.turns[Verdict.OK] < 6


def test_faults_stop_the_clock() -> None:
    world = good_world()
    _answer_late(world)
    world.samples.clear()
    began = world.operations[0].at
    world.faults = [
        Fault(at=began, fault="f", phase="begin", name="kill", target="agent"),
        Fault(at=began + 5, fault="f", phase="end", name="kill", target="agent"),
    ]

    assert check(world.history, world.state).verdict is Verdict.OK


def test_a_turn_that_may_still_end_is_not_called_stuck_and_never_lost() -> None:
    world = good_world()
    _leave_a_turn_in_the_log(world)
    (dumped,) = world.only(Dumped)
    world.replace(dumped, replace(dumped, at=world.now))

    found = [finding for finding in check(world.history, world.state).findings if finding.invariant == "I1"]

    assert [finding.verdict for finding in found] == [Verdict.UNVERIFIED]


def test_what_could_not_be_read_is_unverified_and_never_lost() -> None:
    for part, kinds in (("kafka", (Logged, Progress)), ("postgres", (Row,)), ("redis", (Frames, Slots, Mark))):
        world = good_world()
        world.records = [each for each in world.records if not isinstance(each, kinds)]
        (dumped,) = world.only(Dumped)
        world.replace(dumped, replace(dumped, parts=tuple(each for each in dumped.parts if each != part)))

        report = check(world.history, world.state)

        assert report.verdict is Verdict.UNVERIFIED, part


def test_an_unanswered_request_that_came_to_nothing_is_no_loss() -> None:
    world = good_world()
    asked = replace(world.operations[0], operation="lost", key="never", at=world.now)
    world.operations += [asked, replace(asked, phase="info", status=503)]

    report = check(world.history, world.state)

    assert report.verdict is Verdict.OK
    assert (report.offered, report.refused) == (7, 1)


def test_an_unanswered_request_whose_turn_kafka_has_must_end() -> None:
    world = good_world()
    world.operations = [
        replace(each, phase="info", status=None, turn=None) if each.phase == "ok" else each for each in world.operations
    ]
    assert check(world.history, world.state).verdict is Verdict.OK

    _lose_an_ending(world)

    assert Verdict.LOST in {finding.verdict for finding in check(world.history, world.state).findings}


def test_a_run_is_judged_again_from_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = good_world()
    _keep(world, tmp_path)
    assert main(tmp_path) == 0

    _lose_a_message(world)
    _keep(world, tmp_path)

    assert main(tmp_path) == 1
    assert f"turn {world.turns[0]}" in capsys.readouterr().out


def test_a_folder_without_an_end_state_is_unverified(tmp_path: Path) -> None:
    _keep(good_world(), tmp_path)
    (tmp_path / STATE_FILE).unlink()

    assert main(tmp_path) == 2


def _keep(world: World, folder: Path) -> None:
    (folder / HISTORY_FILE).unlink(missing_ok=True)
    with Recorder(folder, clock=lambda: BEGAN) as recorder:
        recorder.run(seed=1, deadline_seconds=DEADLINE_SECONDS)
        records: tuple[AnyRecord, ...] = (*world.operations, *world.connections, *world.events, *world.samples)
        for record in records:
            recorder.write(record)
    write_state(folder, world.records)


_EFFECTS = {
    "parley.replies": Verdict.LOST,
    "parley.signals": Verdict.LOST,
    "parley.outcomes": Verdict.LOST,
    "agent.ledger": Verdict.LOST,
    "memory.messages": Verdict.LOST,
    "profiles.signals": Verdict.LOST,
}


@given(sessions=st.integers(1, 3), turns=st.integers(2, 4), data=st.data())
def test_no_record_of_any_turn_can_go_missing_unseen(sessions: int, turns: int, data: st.DataObject) -> None:
    world = good_world(sessions, turns)
    effects = [each for each in world.records if _place_of(each) in _EFFECTS]
    gone = data.draw(st.sampled_from(effects))
    world.records.remove(gone)

    report = check(world.history, world.state)

    assert report.verdict is _EFFECTS[_place_of(gone)]


@given(sessions=st.integers(1, 3), turns=st.integers(2, 4), data=st.data())
def test_no_event_can_reach_a_client_twice_or_out_of_place_unseen(
    sessions: int, turns: int, data: st.DataObject
) -> None:
    world = good_world(sessions, turns)
    place = data.draw(st.integers(0, len(world.events) - 2))
    moved = world.events.pop(place)
    if data.draw(st.booleans()):
        world.events.insert(place, moved)
    of_stream = [at for at, event in enumerate(world.events) if event.stream == moved.stream]
    other = data.draw(st.sampled_from([*of_stream, of_stream[-1] + 1]))
    world.events.insert(other, moved)
    right = sorted(
        (event for event in world.events if event.stream == moved.stream), key=lambda each: place_of(each.id)
    )
    if [event for event in world.events if event.stream == moved.stream] == right and len(set(map(_id, right))) == len(
        right
    ):
        return

    assert check(world.history, world.state).verdict in {Verdict.DUPLICATED, Verdict.REORDERED, Verdict.LOST}


@given(sessions=st.integers(1, 3), turns=st.integers(2, 4), data=st.data())
def test_redelivery_of_anything_anywhere_is_no_fault(sessions: int, turns: int, data: st.DataObject) -> None:
    """The same bytes in the log again, and the same request asked again, change nothing."""
    world = good_world(sessions, turns)
    for record in data.draw(st.lists(st.sampled_from(world.only(Logged)), max_size=5, unique=True)):
        world.records.append(replace(record, offset=record.offset + 10_000))
    world.records = [
        replace(each, committed=20_000, end=20_000) if isinstance(each, Progress) else each for each in world.records
    ]
    asked: Operation = data.draw(st.sampled_from([each for each in world.operations if each.phase == "invoke"]))
    again = replace(asked, operation="again", at=world.now)
    world.operations += [again, replace(again, phase="ok", at=world.now, turn=asked.operation.split()[1])]

    assert check(world.history, world.state).findings == ()


def _place_of(record: object) -> str:
    if isinstance(record, Logged):
        return record.topic
    return record.table if isinstance(record, Row) else ""


def _id(event: StreamEvent) -> str:
    return event.id
