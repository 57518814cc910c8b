"""The live stream of one attempt: what is written together, how it is numbered, when it is over."""

import asyncio

import pytest

from services.agent.live import Append, Live
from shared.errors import Retry
from shared.events.live import FRAMES, ClarificationFrame, DataFrame, DeltaFrame, StepFrame
from shared.events.replies import Clarification, StreamEnd
from tests.unit.agent.builders import place
from tests.unit.agent.fakes import MarksInMemory

BEGAN = 1_700_000_000_000


def live_on(frames: MarksInMemory, *, inbox: str | None = None) -> Live:
    return Live(frames, place(inbox=inbox), now_ms=BEGAN)


async def written(frames: MarksInMemory) -> Append:
    """The next append that the stream makes by itself."""
    async with asyncio.timeout(5):
        await frames.written.wait()
    frames.written.clear()
    return frames.appends[-1]


async def test_frames_of_one_moment_are_written_together() -> None:
    frames = MarksInMemory()
    live = live_on(frames, inbox="gateway-1")

    await live.step("Looking")
    await live.delta("We have ")
    await live.delta("two.")

    append = await written(frames)
    assert [frame.event for frame in append.frames] == ["step", "delta", "delta"]
    assert (append.place, append.attempt, append.first) == (place(inbox="gateway-1"), BEGAN, 1)
    assert len(frames.appends) == 1


async def test_frames_are_numbered_on_without_a_gap() -> None:
    frames = MarksInMemory()
    live = live_on(frames)

    await live.delta("one")
    await live.delta("two")
    await written(frames)
    await live.delta("three")
    end = await live.end()

    assert [append.first for append in frames.appends] == [1, 3]
    assert end == StreamEnd(attempt=BEGAN, frames=3)
    assert end.terminal_id == f"{BEGAN}-4"


async def test_each_kind_of_frame_carries_its_content() -> None:
    frames = MarksInMemory()
    live = live_on(frames)

    await live.step("Looking")
    await live.delta("Which?")
    await live.clarification(Clarification(question="Which?", options=("red", "blue")))
    await live.data("cards", [{"id": "a"}])
    await live.end()

    assert [FRAMES[frame.event].model_validate_json(frame.data) for frame in frames.appends[0].frames] == [
        StepFrame(label="Looking"),
        DeltaFrame(text="Which?"),
        ClarificationFrame(question="Which?", options=("red", "blue")),
        DataFrame(kind="cards", value=[{"id": "a"}]),
    ]


async def test_the_end_is_told_only_after_the_last_frame_is_written() -> None:
    frames = MarksInMemory()
    live = live_on(frames)
    await live.delta("all of it")

    await live.end()

    assert [len(append.frames) for append in frames.appends] == [1]


async def test_an_attempt_that_says_nothing_still_learns_whether_an_earlier_one_did() -> None:
    frames = MarksInMemory()
    frames.latest = BEGAN + 5

    end = await live_on(frames).end()

    assert end == StreamEnd(attempt=BEGAN + 6, frames=0)


async def test_a_later_attempt_goes_on_above_the_earlier_one() -> None:
    frames = MarksInMemory()
    frames.latest = BEGAN + 5
    live = live_on(frames)

    await live.delta("one")
    await written(frames)
    await live.delta("two")
    await live.end()

    assert [append.attempt for append in frames.appends] == [BEGAN, BEGAN + 6]


async def test_an_overtaken_attempt_cannot_end() -> None:
    frames = MarksInMemory()
    live = live_on(frames)
    await live.delta("one")
    await written(frames)
    frames.latest += 1
    await live.delta("two")

    with pytest.raises(Retry):
        await live.end()


async def test_frames_lost_with_redis_are_counted_so_that_readers_notice() -> None:
    frames = MarksInMemory()
    frames.away = True
    live = live_on(frames)
    await live.delta("lost")

    assert await live.end() == StreamEnd(attempt=BEGAN, frames=1)
    assert frames.appends == []


async def test_an_abandoned_stream_writes_nothing_more() -> None:
    frames = MarksInMemory()
    live = live_on(frames)
    await live.delta("never seen")

    live.abandon()
    await asyncio.wait([asyncio.create_task(frames.written.wait())], timeout=0.1)

    assert frames.appends == []


async def test_what_was_said_is_taken_back_in_a_stream_begun_anew() -> None:
    frames = MarksInMemory()
    live = live_on(frames)
    await live.delta("wrong")
    await written(frames)

    await live.reset()
    await live.delta("right")

    assert await live.end() == StreamEnd(attempt=BEGAN + 1, frames=1)
    told = [(each.attempt, each.first) for each in frames.appends if each.frames]
    assert told == [(BEGAN, 1), (BEGAN + 1, 1)]


async def test_what_was_not_yet_shown_is_taken_back_unseen() -> None:
    frames = MarksInMemory()
    live = live_on(frames)
    await live.step("Looking")
    await live.delta("wrong")

    await live.reset()
    await live.delta("right")

    assert await live.end() == StreamEnd(attempt=BEGAN, frames=2)
    assert [frame.event for each in frames.appends for frame in each.frames] == ["step", "delta"]


async def test_an_overtaken_stream_is_not_begun_anew() -> None:
    frames = MarksInMemory()
    live = live_on(frames)
    await live.delta("one")
    await written(frames)
    frames.latest += 1
    await live.delta("two")
    await live.reset()

    with pytest.raises(Retry):
        await live.end()
