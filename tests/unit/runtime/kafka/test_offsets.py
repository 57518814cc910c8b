"""The watermark and its metadata, against a plain model of sets."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.kafka.offsets import SPAN, UNKNOWN, Tracker, decode_finished, encode_finished

offsets_with_gaps = st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=60).map(
    lambda steps: [sum(steps[: index + 1]) for index in range(len(steps))]
)


@given(offsets_with_gaps, st.randoms(use_true_random=False), st.data())
def test_watermark_is_the_lowest_unfinished_offset(
    offsets: list[int], shuffler: random.Random, data: st.DataObject
) -> None:
    tracker = Tracker()
    finished = shuffler.sample(offsets, data.draw(st.integers(min_value=0, max_value=len(offsets))))
    delivered: list[int] = []
    for offset in offsets:
        assert tracker.track(offset)
        delivered.append(offset)
    for offset in finished:
        tracker.finish(offset)
        delivered.remove(offset)
        assert tracker.low == min(delivered, default=offsets[-1] + 1)
        assert decode_finished(tracker.low, tracker.metadata()) == {
            done for done in set(offsets) - set(delivered) if done >= tracker.low
        }


@given(
    st.integers(min_value=0, max_value=10**12),
    st.sets(st.integers(min_value=0, max_value=SPAN - 1), max_size=300),
)
def test_metadata_round_trip_fits_the_broker_limit(base: int, places: set[int]) -> None:
    finished = {base + place for place in places}
    metadata = encode_finished(base, finished)
    assert decode_finished(base, metadata) == finished
    assert len(metadata.encode()) < 4096


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=SPAN, max_value=10 * SPAN))
def test_finished_offsets_too_far_above_are_left_out(base: int, place: int) -> None:
    assert decode_finished(base, encode_finished(base, {base + 1, base + place})) == {base + 1}


@given(offsets_with_gaps, st.randoms(use_true_random=False))
def test_next_owner_repeats_exactly_what_was_unfinished(offsets: list[int], shuffler: random.Random) -> None:
    first = Tracker()
    for offset in offsets:
        first.track(offset)
    finished = set(shuffler.sample(offsets, len(offsets) // 2))
    for offset in finished:
        first.finish(offset)

    second = Tracker(first.low, first.metadata())
    again = [offset for offset in offsets if offset >= first.low and second.track(offset)]

    assert again == [offset for offset in offsets if offset not in finished]
    for offset in again:
        second.finish(offset)
    assert second.low == offsets[-1] + 1
    assert second.metadata() == ""


def test_inherited_offsets_stay_known_until_they_are_passed() -> None:
    heir = Tracker(10, encode_finished(10, {12, 14}))
    heir.track(10)
    assert decode_finished(10, heir.metadata()) == {12, 14}
    heir.finish(10)
    assert heir.low == 11
    assert decode_finished(11, heir.metadata()) == {12, 14}


def test_offsets_that_the_log_lost_are_forgotten_once_passed() -> None:
    heir = Tracker(10, encode_finished(10, {12, 14}))
    heir.track(20)
    heir.finish(20)
    assert heir.low == 21
    assert heir.metadata() == ""


@pytest.mark.parametrize("foreign", ["", "noted by hand", "1:\x00", "2:abc", "1:~~~~~~"])
def test_metadata_of_others_is_no_knowledge(foreign: str) -> None:
    assert decode_finished(5, foreign) == set()


def test_nothing_is_known_before_the_first_record() -> None:
    tracker = Tracker()
    assert tracker.low == UNKNOWN
    assert tracker.unfinished == 0
