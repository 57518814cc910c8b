"""The wait before a process that ended starts again."""

from datetime import timedelta

from deploy.local.restarts import Backoff

MOMENT = timedelta(milliseconds=100)


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff()

    waits = [backoff.after_running(MOMENT).total_seconds() for _ in range(9)]

    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_wait_stays_the_longest_however_often_it_fails() -> None:
    backoff = Backoff(failures=10_000)

    assert backoff.after_running(MOMENT) == backoff.longest


def test_steady_run_begins_anew() -> None:
    backoff = Backoff(failures=5)

    assert backoff.after_running(backoff.steady_after) == backoff.first
    assert backoff.after_running(MOMENT) == 2 * backoff.first
