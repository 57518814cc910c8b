"""The checker finds nothing where all is well, and what was spoiled where something was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.checker import Verdict, check
from tests.faults.checker.__main__ import main
from tests.faults.checker.state import (
    STATE_FILE,
    Dumped,
    Frames,
    Logged,
    Mark,
    Progress,
    Row,
    Slots,
    end_state,
    write_state,
)
from tests.faults.history import HISTORY_FILE, AnyRecord, Fault, Operation, Recorder
from tests.unit.faults import spoiling
from tests.unit.faults.worlds import BEGAN, DEADLINE_SECONDS, World, good_world


def test_a_good_run_is_ok() -> None:
    world = good_world()

    report = check(world.history, world.state)

    assert report.findings == ()
    assert (report.offered, report.refused) == (6, 0)
    assert report.turns == {Verdict.OK: 6}


@pytest.mark.parametrize(
    ("spoil", "verdict", "invariant"),
    [
        (spoiling.lose_an_ending, Verdict.LOST, "I1"),
        (spoiling.lose_a_turn, Verdict.LOST, "I1"),
        (spoiling.give_up_an_innocent, Verdict.LOST, "I1"),
        (spoiling.leave_a_turn_in_the_log, Verdict.STUCK, "I1"),
        (spoiling.answer_a_phantom, Verdict.DUPLICATED, "I2"),
        (spoiling.give_a_key_two_turns, Verdict.DUPLICATED, "I2"),
        (spoiling.publish_under_a_new_id, Verdict.DUPLICATED, "I3"),
        (spoiling.answer_in_another_order, Verdict.REORDERED, "I4"),
        (spoiling.publish_in_another_order, Verdict.REORDERED, "I4"),
        (spoiling.run_ahead, Verdict.REORDERED, "I4"),
        (spoiling.forget_what_was_said, Verdict.REORDERED, "I4"),
        (spoiling.let_a_zombie_speak, Verdict.DUPLICATED, "I5"),
        (spoiling.let_a_zombie_begin_anew, Verdict.REORDERED, "I5"),
        (spoiling.publish_other_bytes, Verdict.DUPLICATED, "I6"),
        (spoiling.lose_signals, Verdict.LOST, "I7"),
        (spoiling.lose_an_outcome, Verdict.LOST, "I7"),
        (spoiling.lose_a_message, Verdict.LOST, "I7"),
        (spoiling.forget_signals, Verdict.LOST, "I7"),
        (spoiling.store_a_message_twice, Verdict.DUPLICATED, "I7"),
        (spoiling.count_signals_twice, Verdict.DUPLICATED, "I7"),
        (spoiling.deliver_twice, Verdict.DUPLICATED, "I9"),
        (spoiling.deliver_in_another_order, Verdict.REORDERED, "I9"),
        (spoiling.lose_a_delta, Verdict.LOST, "I9"),
        (spoiling.splice, Verdict.DUPLICATED, "I9"),
        (spoiling.say_nothing_is_left, Verdict.LOST, "I9"),
        (spoiling.commit_too_early, Verdict.REORDERED, "I10"),
        (spoiling.answer_late, Verdict.STUCK, "I11"),
        (spoiling.keep_a_slot, Verdict.STUCK, "I13"),
        (spoiling.keep_a_turn_pending, Verdict.STUCK, "I13"),
        (spoiling.bury_an_innocent, Verdict.LOST, "I13"),
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
    spoiling.answer_late(world)
    world.samples.clear()
    began = world.operations[0].at
    world.faults = [
        Fault(at=began, fault="f", phase="begin", name="kill", target="agent"),
        Fault(at=began + 5, fault="f", phase="end", name="kill", target="agent"),
    ]

    assert check(world.history, world.state).verdict is Verdict.OK


def test_what_was_in_the_log_before_the_run_is_another_runs_business() -> None:
    world = good_world()
    earlier = good_world(sessions=3)
    spoiling.publish_other_bytes(earlier)
    spoiling.bury_an_innocent(earlier)
    before = earlier.only(Logged)
    ends = {f"{each.topic}:{each.partition}": 1000 for each in before}
    later = [replace(each, offset=each.offset + 1000) for each in world.only(Logged)]
    kept = [each for each in world.records if not isinstance(each, (Logged, Progress))]
    history = replace(world.history, run=replace(world.history.run, logs=ends), samples=())

    assert check(history, end_state([*kept, *before, *later])).verdict is Verdict.OK


def test_a_turn_that_may_still_end_is_not_called_stuck_and_never_lost() -> None:
    world = good_world()
    spoiling.leave_a_turn_in_the_log(world)
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

    spoiling.lose_an_ending(world)

    assert Verdict.LOST in {finding.verdict for finding in check(world.history, world.state).findings}


def test_a_run_is_judged_again_from_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = good_world()
    _keep(world, tmp_path)
    assert main(tmp_path) == 0

    spoiling.lose_a_message(world)
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
def test_no_event_can_reach_a_client_twice_unseen(sessions: int, turns: int, data: st.DataObject) -> None:
    world = good_world(sessions, turns)
    event = data.draw(st.sampled_from(world.events))
    stream = [place for place, each in enumerate(world.events) if each.stream == event.stream]
    again = data.draw(st.integers(world.events.index(event) + 1, stream[-1] + 1))
    world.events.insert(again, event)

    verdict = check(world.history, world.state).verdict

    assert verdict in {Verdict.DUPLICATED, Verdict.REORDERED}


@given(sessions=st.integers(1, 3), turns=st.integers(2, 4), data=st.data())
def test_no_event_of_an_answer_can_fail_to_reach_a_client_unseen(
    sessions: int, turns: int, data: st.DataObject
) -> None:
    world = good_world(sessions, turns)
    event = data.draw(st.sampled_from([each for each in world.events if each.name != "failed"]))
    world.events.remove(event)

    verdict = check(world.history, world.state).verdict

    assert verdict in {Verdict.LOST, Verdict.UNVERIFIED}


@given(sessions=st.integers(1, 3), turns=st.integers(2, 4), data=st.data())
def test_no_two_events_can_reach_a_client_swapped_unseen(sessions: int, turns: int, data: st.DataObject) -> None:
    world = good_world(sessions, turns)
    stream = data.draw(st.sampled_from(world.turns))
    places = [place for place, event in enumerate(world.events) if event.stream == stream]
    first, second = data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True))
    world.events[first], world.events[second] = world.events[second], world.events[first]

    verdict = check(world.history, world.state).verdict

    assert verdict in {Verdict.DUPLICATED, Verdict.REORDERED}


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
