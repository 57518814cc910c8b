"""The check that every turn under load must pass can fail in every way it should."""

import pytest

from tests.load.response import ServerEvent
from tests.load.turn import WatchedTurn

ACCEPTED = ServerEvent(b"accepted", b"0-1", b"{}")
FIRST = ServerEvent(b"delta", b"7-1", b'{"text":"Good "}')
SECOND = ServerEvent(b"delta", b"7-2", b'{"text":"day."}')
END = ServerEvent(b"completed", b"7-3", b'{"text":"Good day."}')


def watched(*events: ServerEvent, status: int = 200) -> WatchedTurn:
    ticks = iter(range(100))
    turn = WatchedTurn("Good day.", lambda: next(ticks))
    for event in events:
        turn.take(event)
    turn.finish(status)
    return turn


def test_a_good_turn_has_times_and_no_violations() -> None:
    turn = watched(ACCEPTED, FIRST, SECOND, END)
    assert (turn.violations, turn.accepted, turn.first_token, turn.ended, turn.events) == ([], 0, 1, 3, 4)


def test_a_reset_begins_the_text_anew() -> None:
    reset = ServerEvent(b"reset", b"8-0", b'{"attempt":8}')
    again = [FIRST._replace(id=b"8-1"), SECOND._replace(id=b"8-2"), END._replace(id=b"8-3")]
    assert watched(ACCEPTED, FIRST, reset, *again).violations == []


def test_a_snapshot_stands_for_what_was_lost() -> None:
    snapshot = ServerEvent(b"snapshot", b"7-2", b'{"text":"Good day."}')
    turn = watched(ACCEPTED, FIRST, snapshot, END)
    assert (turn.violations, turn.snapshots) == ([], 1)


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ((ACCEPTED, FIRST, END), "stored"),
        ((ACCEPTED, FIRST, FIRST, SECOND, END), "id (7, 1) after (7, 1)"),
        ((ACCEPTED, SECOND, FIRST, END), "id (7, 1) after (7, 2)"),
        ((ACCEPTED, FIRST, SECOND, END, END._replace(id=b"7-4")), "completed came after the end"),
        ((ACCEPTED, FIRST, SECOND), "without an ending"),
        ((FIRST, SECOND, END), "without `accepted`"),
        ((ACCEPTED, FIRST._replace(id=b"x")), "event id b'x'"),
        ((ACCEPTED, ServerEvent(b"failed", b"7-1", b'{"reason":"expired"}')), "failed"),
        (
            (ACCEPTED, FIRST, ServerEvent(b"completed", b"7-2", b'{"text":"Good "}')),
            "answered 'Good '",
        ),
    ],
)
def test_a_broken_promise_is_a_violation(events: tuple[ServerEvent, ...], complaint: str) -> None:
    assert complaint in " ".join(watched(*events).violations)


def test_a_refused_turn_is_a_violation() -> None:
    assert watched(status=429).violations == ["status 429: "]
