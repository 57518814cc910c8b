"""Several processes of one group that join, leave, are killed, and kill themselves."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.events.topics import dead_topic
from shared.runtime.kafka import Bus, RedisAttempts, deadletters, header
from shared.runtime.kafka.records import Partition
from tests.integration.runtime.kafka.conftest import NewBus, NewTopic
from tests.integration.runtime.kafka.events import counted, on_topic
from tests.integration.runtime.kafka.reading import everything_on
from tests.integration.runtime.kafka.waiting import until
from tests.integration.runtime.kafka.worker import POISON
from tests.support.servers import Servers


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a worker did."""

    what: str
    process: int
    session: int
    number: int
    at: float


class Workers:
    """The processes of one group and their common ledger."""

    def __init__(self, servers: Servers, ledger: Path) -> None:
        self.group = f"group-{uuid4().hex}"
        self._servers = servers
        self._ledger = ledger
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, topic: str) -> "subprocess.Popen[bytes]":
        module = "tests.integration.runtime.kafka.worker"
        arguments = [self._servers.kafka, self._servers.redis, topic, self.group, str(self._ledger)]
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._processes.append(process)
        return process

    def lines(self) -> list[Line]:
        if not self._ledger.exists():
            return []
        parts = [line.split() for line in self._ledger.read_text().splitlines()]
        return [Line(what, int(pid), int(key), int(number), float(at)) for what, pid, key, number, at in parts]

    def ready(self) -> int:
        return sum(line.what == "ready" for line in self.lines())

    def finished(self) -> set[tuple[int, int]]:
        return {(line.session, line.number) for line in self.lines() if line.what == "end"}

    def kill(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture
def workers(servers: Servers, tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(servers, tmp_path / "ledger")
    yield workers
    workers.kill()


def spans(lines: Iterable[Line]) -> Iterator[tuple[int, int, float, float]]:
    """Session, number, begin and end of each attempt that ended."""
    open_attempts: dict[tuple[int, int, int], float] = {}
    for line in lines:
        attempt = (line.process, line.session, line.number)
        if line.what == "begin":
            open_attempts[attempt] = line.at
        elif line.what == "end":
            yield line.session, line.number, open_attempts.pop(attempt), line.at


def assert_order_held(lines: list[Line]) -> None:
    by_session: dict[int, list[tuple[float, float, int]]] = {}
    for session, number, begin, end in spans(lines):
        by_session.setdefault(session, []).append((begin, end, number))
    for attempts in by_session.values():
        attempts.sort()
        highest = -1
        for (_, end, number), following in zip(attempts, [*attempts[1:], None], strict=True):
            assert number <= highest + 1 or number == attempts[0][2]
            highest = max(highest, number)
            assert following is None or end <= following[0]


async def test_order_holds_and_nothing_is_lost_while_members_come_go_and_die(
    workers: Workers, new_bus: NewBus, new_topic: NewTopic
) -> None:
    topic, bus, sessions, each = await new_topic(8), new_bus(), 40, 50
    await bus.start()
    first = workers.start(topic)
    await until(lambda: workers.ready() == 1)
    publishing = asyncio.create_task(publish_slowly(bus, topic, sessions, each))
    second = workers.start(topic)
    await until(lambda: workers.ready() == 2)
    third = workers.start(topic)
    await until(lambda: workers.ready() == 3)
    second.terminate()
    assert await asyncio.to_thread(second.wait, 15) == 0
    third.kill()
    await publishing
    await until(lambda: len(workers.finished()) == sessions * each, seconds=40)
    first.terminate()
    assert await asyncio.to_thread(first.wait, 15) == 0

    lines = workers.lines()
    assert_order_held(lines)
    repeats = sum(count - 1 for count in Counter((session, number) for session, number, *_ in spans(lines)).values())
    # Only the killed member's last moments are repeated: what it handled after its last commit.
    assert repeats < 200


async def publish_slowly(bus: Bus, topic: str, sessions: int, each: int) -> None:
    for number in range(each):
        await bus.publish_all(on_topic(topic, counted(number, session=session)) for session in range(sessions))
        await asyncio.sleep(0.1)


async def test_record_that_kills_its_process_is_found_and_its_neighbours_go_on(
    workers: Workers, new_bus: NewBus, new_topic: NewTopic, servers: Servers, redis: Redis
) -> None:
    topic, bus = await new_topic(1), new_bus()
    await bus.start()
    await bus.publish_all(on_topic(topic, counted(0, session=session)) for session in range(30))
    await bus.publish(on_topic(topic, counted(0, session=99, padding=POISON)))
    await bus.publish_all(on_topic(topic, counted(1, session=session)) for session in [*range(30), 99])
    # Each death costs the group a session time-out, so the first two and the guiltless neighbours of them are staged.
    starts = RedisAttempts(redis)
    for offset in (0, 1, 2, 30):
        await starts.save(workers.group, Partition(topic, 0), offset, 2)

    everybody_else = {(session, number) for session in range(30) for number in (0, 1)} | {(99, 1)}
    deaths = await revive_until(lambda: workers.finished() == everybody_else, workers, topic)

    lines = workers.lines()
    assert deaths == 2
    assert [(line.session, line.number) for line in lines if line.what == "exhausted"] == [(99, 0)]
    (letter,) = await everything_on(servers.kafka, dead_topic(topic))
    assert header(letter, deadletters.REASON) == deadletters.KILLED
    async with asyncio.timeout(10):
        while await redis.hgetall(f"attempts:{workers.group}:{topic}:0"):
            """What was counted is forgotten once nothing needs it."""


def over(process: "subprocess.Popen[bytes]", done: Callable[[], bool]) -> bool:
    return process.poll() is not None or done()


async def revive_until(done: Callable[[], bool], workers: Workers, topic: str) -> int:
    """Start a process again whenever it dies, until there is nothing left to do; how often it died."""
    for deaths in range(10):
        process = workers.start(topic)
        await until(partial(over, process, done), seconds=40)
        if process.poll() is None:
            return deaths
    raise AssertionError("it never ends")
