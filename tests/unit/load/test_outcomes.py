"""No turn is lost from the count: it was answered, shed, or an error."""

from tests.load.load import failures
from tests.load.openloop.result import OpenLoop, Outcomes, outcomes_of
from tests.load.phases import Phase
from tests.load.probe import Measured
from tests.load.turn import WatchedTurn
from tests.load.usage import Spent


def turn(*, ended: float | None = 10.5, status: int = 200, violations: tuple[str, ...] = ()) -> WatchedTurn:
    return WatchedTurn(
        None,
        lambda: 0.0,
        began=10.0,
        accepted=10.1,
        first_token=10.2,
        ended=ended,
        status=status,
        violations=list(violations),
    )


def phase(outcomes: Outcomes, run: OpenLoop | None = None) -> Phase:
    spent = Spent(seconds=1, cpu_seconds={"generator": 0.5}, others_cores=0)
    return Phase(name="some", outcomes=outcomes, spent=spent, turns=outcomes.answered, open_loop=run)


def test_latency_counts_from_when_the_turn_was_meant_to_begin() -> None:
    outcomes = Outcomes(seconds=1)
    outcomes.record(turn())
    found = (outcomes.accepted.largest, outcomes.first_token.largest, outcomes.whole.largest)
    assert found == (100_000, 200_000, 500_000)


def test_refused_for_want_of_room_is_shed_and_no_error() -> None:
    outcomes = Outcomes(seconds=1)
    for status in (429, 503, 500):
        outcomes.record(turn(ended=None, status=status, violations=(f"status {status}",)))
    assert (outcomes.asked, outcomes.answered, outcomes.shed, outcomes.errors) == (3, 0, 2, 1)
    assert outcomes.examples == ["status 500"]


def test_a_broken_promise_is_an_error_and_has_no_latency() -> None:
    outcomes = Outcomes(seconds=1)
    outcomes.record(turn(violations=("id (1, 1) after (1, 2)",)))
    outcomes.fail("connection reset")
    assert (outcomes.asked, outcomes.errors, outcomes.whole.count) == (2, 2, 0)


def test_two_runs_share_nothing() -> None:
    first, second = Outcomes(seconds=1), Outcomes(seconds=1)
    first.record(turn())
    assert second.whole.count == 0


def test_of_users_in_a_closed_loop_every_latency_is_kept() -> None:
    measured = Measured(turns=5, seconds=2, accepted=[1, 2], first_token=[3, 4], whole=[5, 6], violations=1)
    outcomes = outcomes_of(measured)
    assert (outcomes.asked, outcomes.answered, outcomes.errors, outcomes.rate) == (3, 2, 1, 1.0)


def test_a_good_phase_has_no_failures() -> None:
    outcomes = Outcomes(seconds=1)
    outcomes.record(turn())
    assert failures(phase(outcomes, OpenLoop(wanted_rate=1, outcomes=outcomes))) == []


def test_slow_shed_failed_and_unanswered_phases_fail() -> None:
    slow, shed, failed = Outcomes(seconds=1), Outcomes(seconds=1), Outcomes(seconds=1)
    slow.record(turn(ended=13.0))
    for outcomes in (shed, failed):
        outcomes.record(turn())
    shed.record(turn(ended=None, status=429, violations=("status 429",)))
    failed.fail("connection reset")
    assert all(failures(phase(outcomes)) for outcomes in (slow, shed, failed, Outcomes(seconds=1)))


def test_trouble_before_measuring_fails_too() -> None:
    outcomes = Outcomes(seconds=1)
    outcomes.record(turn())
    assert failures(phase(outcomes, OpenLoop(wanted_rate=1, outcomes=outcomes, warm_up_errors=1)))
    assert failures(phase(outcomes, OpenLoop(wanted_rate=1, outcomes=outcomes, failed_openings=1)))
