"""Open streams over a switchboard, with Redis and the ledger played by fakes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from services.gateway.assembly import START
from services.gateway.endings import outcome_of
from services.gateway.limits import StreamSlots
from services.gateway.metrics import Metrics
from services.gateway.principal import Principal
from services.gateway.sse import HEARTBEAT, EventId, StreamEvent
from services.gateway.streams import Streams, TurnStream
from services.gateway.switchboard import Switchboard
from shared.errors import Unavailable
from shared.events.ids import OPEN_TENANT, TenantId, TurnId
from shared.events.replies import StreamEnd, TurnEnded
from shared.runtime.http import Problem
from tests.support.turns import Conversation

ANN = Principal(OPEN_TENANT, "ann", "r-1")
ATTEMPT = 1000


def delta(n: int, text: str = "x") -> StreamEvent:
    return StreamEvent(EventId(ATTEMPT, n), "delta", f'{{"text":"{text}"}}'.encode())


@dataclass
class Redis:
    """What the turn's stream holds, and which turns are followed."""

    stored: tuple[StreamEvent, ...] = ()
    down: bool = False
    reads: int = 0
    followed: list[TurnId] = field(default_factory=list)

    async def after(self, turn_id: TurnId, cursor: EventId) -> tuple[StreamEvent, ...]:
        self.reads += 1
        if self.down:
            raise Unavailable("Redis")
        return tuple(frame for frame in self.stored if frame.id > cursor)

    async def follow(self, turn_id: TurnId, cursor: EventId) -> None:
        self.followed.append(turn_id)

    def release(self, turn_id: TurnId) -> None:
        self.followed.remove(turn_id)


class Stage:
    """One turn that somebody streams."""

    def __init__(self) -> None:
        self.redis = Redis()
        self.switchboard = Switchboard()
        self.slots = StreamSlots(per_user=3, in_all=10)
        metrics = Metrics(CollectorRegistry(), open_streams=lambda: self.slots.taken)
        self.snapshots = metrics.snapshots
        self.streams = Streams(
            switchboard=self.switchboard,
            tails=self.redis,
            frames=self.redis,
            slots=self.slots,
            metrics=metrics,
            heartbeat=timedelta(seconds=15),
        )
        self.conversation = Conversation(TenantId(uuid4()))
        self.turn_id = self.conversation.turn_id(1)

    def open(self, cursor: EventId = START) -> TurnStream:
        return self.streams.open(ANN, self.turn_id, cursor)

    def frame(self, *numbers: int) -> None:
        for n in numbers:
            self.switchboard.frame(self.turn_id, delta(n))

    def end(self, ended: TurnEnded) -> None:
        outcome = outcome_of(ended)
        assert outcome is not None
        self.switchboard.end(str(ended.turn_id), outcome)

    def completed(self, frames: int) -> TurnEnded:
        return self.conversation.completed(1, answer="x" * frames, stream=StreamEnd(attempt=ATTEMPT, frames=frames))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def ids(sent: bytes) -> list[str]:
    return [line.removeprefix("id: ") for line in sent.decode().splitlines() if line.startswith("id: ")]


async def all_of(stream: TurnStream) -> bytes:
    return b"".join([block async for block in stream.blocks(b"{}")])


async def rest_of(blocks: AsyncIterator[bytes]) -> bytes:
    return b"".join([block async for block in blocks])


async def test_frames_are_sent_as_they_come(stage: Stage) -> None:
    blocks = stage.open().blocks(b"{}")
    assert (await anext(blocks)).startswith(b"retry: 2000\nevent: accepted\nid: 0-1\ndata: {}\n\n")
    stage.frame(1, 2)
    assert ids(await anext(blocks)) == ["1000-1", "1000-2"]
    stage.frame(3)
    stage.end(stage.completed(3))
    assert ids(await rest_of(blocks)) == ["1000-3", "1000-4"]
    assert stage.redis.reads == 0, "an undisturbed stream reads nothing twice"


async def test_ending_that_overtakes_frames_waits_for_them(stage: Stage) -> None:
    stream = stage.open()
    stage.redis.stored = (delta(1), delta(2), delta(3))
    stage.frame(1)
    stage.end(stage.completed(3))
    assert ids(await all_of(stream)) == ["0-1", "1000-1", "1000-2", "1000-3", "1000-4"]
    assert stage.snapshots._value.get() == 0


@pytest.mark.parametrize("down", [True, False])
async def test_lost_frames_become_one_snapshot(stage: Stage, down: bool) -> None:
    stage.redis.down = down
    stream = stage.open()
    stage.frame(1, 3, 4)
    stage.end(stage.completed(4))
    sent = await all_of(stream)
    assert ids(sent) == ["0-1", "1000-1", "1000-4", "1000-5"]
    assert b'event: snapshot\nid: 1000-4\ndata: {"text":"xxxx"}' in sent
    assert stage.snapshots._value.get() == 1


async def test_gap_is_read_from_redis_once_while_it_lasts(stage: Stage) -> None:
    blocks = stage.open().blocks(b"{}")
    await anext(blocks)
    stage.redis.stored = (delta(1), delta(2))
    stage.frame(2)
    assert ids(await anext(blocks)) == ["1000-1", "1000-2"]
    stage.redis.stored = ()
    for n in (5, 6, 7):
        stage.frame(n)
    stage.end(stage.completed(7))
    assert ids(await rest_of(blocks)) == ["1000-7", "1000-8"]
    assert stage.redis.reads == 3, "for the first gap, for the second, and for the ending"


@pytest.mark.parametrize(
    ("cursor", "expected"),
    [
        ("0-1", ["1000-1", "1000-2", "1000-3"]),
        ("1000-1", ["1000-2", "1000-3"]),
        ("1000-2", ["1000-3"]),
    ],
)
async def test_ended_turn_is_resumed_past_the_cursor(stage: Stage, cursor: str, expected: list[str]) -> None:
    stage.redis.stored = (delta(1), delta(2))
    stream = stage.open(EventId.parse(cursor))
    await stream.resume(stage.completed(2))
    assert not stream.has_nothing_left
    assert ids(await all_of(stream)) == expected
    assert stage.redis.followed == []


async def test_nothing_is_left_past_the_ending(stage: Stage) -> None:
    stream = stage.open(EventId(ATTEMPT, 3))
    await stream.resume(stage.completed(2))
    assert stream.has_nothing_left


async def test_running_turn_is_resumed_and_followed(stage: Stage) -> None:
    stage.redis.stored = (delta(1), delta(2))
    stream = stage.open(EventId(ATTEMPT, 1))
    await stream.resume(None)
    assert stage.redis.followed == [stage.turn_id]
    blocks = stream.blocks(b"{}")
    assert [ids(await anext(blocks)), ids(await anext(blocks))] == [[], ["1000-2"]]
    stage.frame(1, 2, 3)
    assert ids(await anext(blocks)) == ["1000-3"]
    stream.close()
    assert stage.redis.followed == []


async def test_lost_reply_record_is_found_in_the_ledger(stage: Stage) -> None:
    stage.streams.heartbeat = 0.01
    stream = stage.open()
    answers = iter([Unavailable("agent"), None, stage.completed(0)])

    async def ledger() -> TurnEnded | None:
        answer = next(answers)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    stream.check_with(ledger)
    sent = await all_of(stream)
    assert sent.count(HEARTBEAT) == 3
    assert ids(sent)[-1] == "1000-1"


async def test_stream_ends_at_once_when_the_process_stops(stage: Stage) -> None:
    blocks = stage.open().blocks(b"{}")
    await anext(blocks)
    stage.switchboard.close()
    assert await rest_of(blocks) == b""
    assert ids(await all_of(stage.open())) == ["0-1"], "and so do streams opened later"


async def test_waiting_ends_with_the_outcome_or_with_time(stage: Stage) -> None:
    stream = stage.open()
    assert await stream.ending(0.01) is None
    stage.frame(1)
    stage.end(stage.completed(1))
    assert await stream.ending(10) == stage.completed(1)
    stream.stop()
    assert await stage.open().ending(0) is None


async def test_slow_client_costs_no_memory_and_misses_nothing(stage: Stage) -> None:
    count = 1_500
    stage.redis.stored = tuple(delta(n) for n in range(1, count + 1))
    stream = stage.open()
    stage.frame(*range(1, count + 1))
    stage.end(stage.completed(count))
    assert ids(await all_of(stream)) == ["0-1", *(f"1000-{n}" for n in range(1, count + 2))]


async def test_closed_stream_is_forgotten(stage: Stage) -> None:
    streams = [stage.open() for _ in range(3)]
    with pytest.raises(Problem):
        stage.open()
    for stream in streams:
        stream.close()
    assert not stage.switchboard.awaited(str(stage.turn_id))
    assert stage.slots.taken == 0


async def test_everybody_who_waits_for_a_turn_gets_it(stage: Stage) -> None:
    sent = [asyncio.create_task(all_of(stage.open())) for _ in range(3)]
    stage.frame(1)
    stage.end(stage.completed(1))
    assert {tuple(ids(each)) for each in await asyncio.gather(*sent)} == {("0-1", "1000-1", "1000-2")}
