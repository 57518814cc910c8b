"""Every way in which frames may be lost, late, doubled or overtaken, at every cursor."""

from collections.abc import Iterable, Sequence
from itertools import product

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.assembly import ACCEPTED, START, Assembly, Ending
from services.gateway.sse import EventId, StreamEvent

FIRST, SECOND = 1000, 2000


def delta(attempt: int, n: int, text: str) -> StreamEvent:
    return StreamEvent(EventId(attempt, n), "delta", orjson.dumps({"text": text}))


def reset(attempt: int) -> StreamEvent:
    return StreamEvent(EventId(attempt, 0), "reset", orjson.dumps({"attempt": attempt}))


LOG = (
    delta(FIRST, 1, "an "),
    delta(FIRST, 2, "old try"),
    reset(SECOND),
    delta(SECOND, 1, "the "),
    delta(SECOND, 2, "whole "),
    delta(SECOND, 3, "text"),
)
ANSWER = "the whole text"
COMPLETED = Ending(EventId(SECOND, 3), "completed", b"{}", ANSWER)
FAILED = Ending(EventId(SECOND, 3), "failed", b"{}")
SUBSETS = [[frame for frame, kept in zip(LOG, choice, strict=True) if kept] for choice in product((0, 1), repeat=6)]
CURSORS = [START, ACCEPTED, *(frame.id for frame in LOG)]


def play(
    cursor: EventId, arrivals: Sequence[StreamEvent], stored: Sequence[StreamEvent], ending: Ending
) -> list[StreamEvent]:
    """Feed a stream as the gateway does: frames one by one, what is stored when there is a gap or at the end."""
    assembly = Assembly(cursor)
    events = assembly.accept(b"{}")
    for frame in arrivals:
        offered = assembly.offer([frame])
        events += offered.events
        if offered.gap is not None:
            filled = assembly.offer(stored)
            events += filled.events
            assembly.abandon(filled.gap or offered.gap)
    if assembly.lacks(ending):
        events += assembly.offer(stored).events
    return [*events, *assembly.finish(ending)]


def text_after(text: str, events: Iterable[StreamEvent]) -> str:
    for event in events:
        if event.name in ("reset", "snapshot"):
            text = orjson.loads(event.data).get("text", "")
        elif event.name == "delta":
            text += orjson.loads(event.data)["text"]
    return text


def seen_at(cursor: EventId) -> str:
    return text_after("", [frame for frame in LOG if frame.id <= cursor])


def check(cursor: EventId, events: Sequence[StreamEvent], ending: Ending) -> None:
    ids = [cursor, *(event.id for event in events)]
    assert ids == sorted(set(ids)), "ids strictly increase"
    assert [event.name for event in events].count(ending.name) == 1
    assert events[-1].name == ending.name
    attempt = cursor.attempt
    for event in events:
        if event.name == "delta" and event.id.attempt != attempt and attempt > 0:
            raise AssertionError("two attempts spliced without reset")
        attempt = event.id.attempt


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
@pytest.mark.parametrize("stored", [LOG, (), LOG[3:], LOG[:4]], ids=["all", "none", "latest", "earliest"])
def test_text_is_whole_whatever_was_lost_on_the_way(cursor: EventId, stored: Sequence[StreamEvent]) -> None:
    for arrivals in SUBSETS:
        events = play(cursor, arrivals, stored, COMPLETED)
        check(cursor, events, COMPLETED)
        assert text_after(seen_at(cursor), events) == ANSWER


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
def test_nothing_is_replaced_when_everything_can_be_read_again(cursor: EventId) -> None:
    for arrivals in SUBSETS:
        events = play(cursor, arrivals, LOG, COMPLETED)
        assert [event.id for event in events if event.name == "delta"] == [
            frame.id for frame in LOG if frame.name == "delta" and frame.id > cursor and (frame in events)
        ]
        assert "snapshot" not in [event.name for event in events]


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
def test_failed_turn_ends_without_spliced_words(cursor: EventId) -> None:
    for arrivals, stored in product(SUBSETS, (LOG, ())):
        check(cursor, play(cursor, arrivals, stored, FAILED), FAILED)


@given(st.lists(st.sampled_from(LOG), max_size=20), st.sampled_from(CURSORS), st.booleans())
def test_text_is_whole_in_any_order_of_arrival(arrivals: list[StreamEvent], cursor: EventId, stored: bool) -> None:
    events = play(cursor, arrivals, LOG if stored else (), COMPLETED)
    check(cursor, events, COMPLETED)
    assert text_after(seen_at(cursor), events) == ANSWER


def test_undisturbed_stream_is_sent_as_it_was_written() -> None:
    events = play(START, LOG, (), COMPLETED)
    assert [str(event.id) for event in events] == [
        "0-1", "1000-1", "1000-2", "2000-0", "2000-1", "2000-2", "2000-3", "2000-4",
    ]  # fmt: skip


def test_ending_before_any_frame_comes_with_one_snapshot() -> None:
    events = play(START, (), (), COMPLETED)
    assert [(str(event.id), event.name) for event in events] == [
        ("0-1", "accepted"),
        ("2000-3", "snapshot"),
        ("2000-4", "completed"),
    ]


def test_answer_without_frames_comes_as_a_snapshot() -> None:
    ending = Ending(EventId(SECOND, 0), "completed", b"{}", "short")
    events = play(START, (), (), ending)
    assert [(str(event.id), event.name) for event in events[1:]] == [("2000-0", "snapshot"), ("2000-1", "completed")]
    assert text_after("", events) == "short"


def test_new_attempt_whose_reset_was_lost_is_reset_here() -> None:
    events = play(EventId(FIRST, 2), LOG[3:], (), COMPLETED)
    assert [(str(event.id), event.name) for event in events[:2]] == [("2000-0", "reset"), ("2000-1", "delta")]


def test_frames_of_an_overtaken_attempt_are_dropped() -> None:
    assembly = Assembly()
    assembly.offer([LOG[0], LOG[2], LOG[3]])
    assert assembly.offer([LOG[1]]).events == ()
    assert assembly.cursor == EventId(SECOND, 1)


@pytest.mark.parametrize("cursor", [EventId(SECOND, 4), EventId(SECOND, 5)])
def test_cursor_at_the_ending_leaves_nothing(cursor: EventId) -> None:
    assert Assembly(cursor).has_all(COMPLETED)


@pytest.mark.parametrize("cursor", [EventId(SECOND, 4), EventId(SECOND, 5)])
@pytest.mark.parametrize("ending", [COMPLETED, FAILED])
def test_an_ending_that_the_client_has_is_not_sent_again(cursor: EventId, ending: Ending) -> None:
    assert Assembly(cursor).finish(ending) == []


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
def test_every_earlier_cursor_leaves_something(cursor: EventId) -> None:
    assert not Assembly(cursor).has_all(COMPLETED)


def test_attempt_that_streamed_but_lost_the_ledger_is_replaced_whole() -> None:
    won = Ending(EventId(FIRST, 2), "completed", b"{}", "an old try")
    events = play(EventId(SECOND, 2), (), LOG, won)
    check(EventId(SECOND, 2), events, won)
    assert text_after("the whole ", events) == "an old try"
    assert Assembly(events[-1].id).has_all(won)
    assert not Assembly(events[-2].id).has_all(won)


def test_missing_frames_are_asked_for_once() -> None:
    assembly = Assembly()
    assert assembly.offer([LOG[4]]).gap == SECOND
    assembly.abandon(SECOND)
    assert assembly.offer([LOG[5]]).gap is None
    assert assembly.cursor == START
