"""A client that is cheated notices."""

from collections.abc import Sequence

import orjson
import pytest

from tests.faults.streams.received import Received
from tests.load.response import ServerEvent


def event(name: str, place: str, **data: object) -> ServerEvent:
    return ServerEvent(name.encode(), place.encode(), orjson.dumps(data))


def delta(place: str, text: str) -> ServerEvent:
    return event("delta", place, text=text)


ACCEPTED = event("accepted", "0-1")
WHOLE = (ACCEPTED, delta("5-1", "a "), delta("5-2", "b"), event("completed", "5-3", text="a b"))


def received(events: Sequence[ServerEvent]) -> Received:
    received = Received()
    for each in events:
        received.take(each)
    return received


@pytest.mark.parametrize(
    ("events", "resets", "snapshots"),
    [
        (WHOLE, 0, 0),
        ((ACCEPTED, delta("4-1", "x "), event("reset", "5-0", attempt=5), *WHOLE[1:]), 1, 0),
        ((ACCEPTED, delta("4-1", "x "), event("snapshot", "5-2", text="a b"), WHOLE[3]), 0, 1),
        ((ACCEPTED, WHOLE[1], event("snapshot", "5-2", text="a b"), WHOLE[3]), 0, 1),
        ((ACCEPTED, WHOLE[1], event("failed", "5-4", reason="exhausted")), 0, 0),
    ],
    ids=["whole", "reset", "snapshot of a later attempt", "snapshot", "failed"],
)
def test_a_stream_that_keeps_its_promises_is_not_complained_about(
    events: Sequence[ServerEvent], resets: int, snapshots: int
) -> None:
    held = received(events)

    held.check_stored(held.ended or "", held.stored)

    assert held.broken == []
    assert (held.resets, held.snapshots) == (resets, snapshots)


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ((*WHOLE[:2], WHOLE[1], *WHOLE[2:]), "5-1 came after 5-1"),
        ((ACCEPTED, delta("5-2", "b"), WHOLE[3]), "left out"),
        ((*WHOLE[:2], WHOLE[3]), "left out"),
        ((ACCEPTED, delta("4-1", "x "), *WHOLE[1:]), "spliced"),
        ((*WHOLE[:3], event("completed", "5-3", text="a c")), "assembled 'a b', ended with 'a c'"),
        ((*WHOLE, delta("5-4", "c")), "came after the end"),
        ((*WHOLE, WHOLE[3]), "came after the end"),
    ],
    ids=["twice", "beginning missing", "end missing", "spliced", "other text", "after the end", "ended twice"],
)
def test_a_broken_promise_is_noticed(events: Sequence[ServerEvent], complaint: str) -> None:
    assert any(complaint in broken for broken in received(events).broken)


def test_an_answer_that_was_stored_otherwise_is_noticed() -> None:
    held = received(WHOLE)

    held.check_stored("completed", "a c")

    assert held.broken == ["assembled 'a b', stored 'a c'"]
