"""A small system in which one service may be a mutant, and one person who talks to it."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID, uuid4

from aiokafka.partitioner import murmur2

from deploy.local.processes import Child, Command
from deploy.local.settings import REPOSITORY
from shared.events.base import session_key
from shared.events.ids import OPEN_TENANT, SessionId
from shared.events.topics import TURNS
from shared.runtime.failpoints import Point
from tests.faults.checker import Report, check, read_state
from tests.faults.checker.dumping import Scope, dump, lag, log_ends, sampled
from tests.faults.history import Recorder, read_history
from tests.faults.rig.person import Ask, Person, Style
from tests.support.stack import Service, Stack

UNMUTATED: Final = "none"
ATTEMPTS: Final = "attempts.jsonl"
"""The scripted pack's ledger, beside the folders of the scenes."""
PATIENCE_SECONDS: Final = 25.0
"""How long anything may take that is certain to happen."""
GIVE_UP_SECONDS: Final = 4.0
"""How long the person waits for the end of a turn once all is repaired."""
_DEADLINE_SECONDS: Final = 20.0
_EVERYTHING: Final = ("agent", "gateway", "memory", "profiles")
_POLL_SECONDS: Final = 0.05


@dataclass(slots=True)
class Scene:
    """One run: what it is about, and the means to bring it about."""

    stack: Stack
    recorder: Recorder
    person: Person
    mutant: str
    _started: set[str] = field(default_factory=set)
    _keys: Iterator[str] = field(default_factory=lambda: (f"k{number}" for number in range(1, 1000)))

    def start(
        self, name: str, *, mutated: bool = False, stops: Point | None = None, kills: Point | None = None
    ) -> None:
        """Start a service, as the mutant if there is one, and with a failpoint if asked for; see `ready`."""
        self._started.add(name)
        service = self.stack.services[name]
        what = [f"{point}={action}" for point, action in ((stops, "stop"), (kills, "kill")) if point is not None]
        more = {"PARLEY_FAILPOINTS": ",".join(what), "PARLEY_FAILPOINTS_ALLOWED": "true"}
        kind = name.split("-", maxsplit=1)[0]
        module = ["-m", "tests.faults.mutants", self.mutant if mutated else UNMUTATED, kind]
        command = Command(name, [sys.executable, *module], REPOSITORY, service.log, {**service.environment, **more})
        service.process = Child(command)

    async def restart(self, name: str, *, mutated: bool = False, **failpoint: Point) -> None:
        """Stop a service and start it otherwise; start what the scene before has left stopped, too."""
        await self.stop(name)
        self.start(name, mutated=mutated, **failpoint)
        for other in _EVERYTHING:
            if not self._service(other).running:
                self.start(other)
        await self.ready(*_EVERYTHING)

    async def leave(self) -> None:
        """Stop what this scene has started: it may be mutants."""
        for name in self._started:
            await self.stop(name)

    async def stop(self, name: str) -> None:
        """Let a service finish what it does and end."""
        self._service(name).ask_to_stop()
        await self.gone(name)

    def kill(self, name: str) -> None:
        """End a service without a chance to clean up."""
        self._service(name).kill()

    def resume(self, name: str) -> None:
        """Let a service that halted go on."""
        self._service(name).resume()

    async def ready(self, *names: str) -> None:
        """Wait until services serve."""
        await asyncio.gather(*(asyncio.to_thread(self._service(name).ready) for name in names))

    async def gone(self, name: str) -> None:
        """Wait until a service's process has ended."""
        await _until(lambda: not self._service(name).running, f"{name} goes on")

    async def halted(self, name: str, point: Point) -> None:
        """Wait until a service has come to its failpoint since it was started."""
        log = self._service(name).log
        await _until(
            lambda: _says(log.read_text().rpartition("FAILPOINTS ARE SET")[2], point), f"{name} passes {point}"
        )

    async def open(self) -> str:
        """A new session."""
        session = await self.person.open()
        assert session is not None
        return session

    async def open_beside(self, session: str) -> str:
        """A new session in the same partition."""
        while True:
            other = await self.open()
            if partition_of(other) == partition_of(session):
                return other

    async def open_apart(self, session: str) -> str:
        """A new session in another partition."""
        while True:
            other = await self.open()
            if partition_of(other) != partition_of(session):
                return other

    async def submit(self, session: str, words: str, style: Style = "look") -> Ask:
        """Ask for a turn; when it is streamed, its end may have come."""
        ask = Ask(session, words, style, next(self._keys), gives_up_at=time.monotonic() + PATIENCE_SECONDS)
        await self.person.submit(ask)
        return ask

    async def follow(self, ask: Ask) -> None:
        """Wait for the end of a turn, for a while."""
        ask.gives_up_at = time.monotonic() + GIVE_UP_SECONDS
        await self.person.follow(ask)

    async def ask(self, session: str, words: str) -> None:
        """A turn, start to finish; on its stream, for which the agent is not asked."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.submit(session, words, "stream")

    async def committed(self, partition: int) -> None:
        """Wait until the agent has committed all of a partition, and with it whatever else it thought was due."""
        await self._worked_through("agent", partition)

    async def settled(self) -> None:
        """Wait until everything published has been worked through."""
        await self._worked_through()

    async def _worked_through(self, group: str | None = None, partition: int | None = None) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await lag(self.stack.servers.kafka, group, partition):  # noqa: ASYNC110 -- Kafka tells nobody
                await asyncio.sleep(_POLL_SECONDS)

    def _service(self, name: str) -> Service:
        return self.stack.services[name]


@asynccontextmanager
async def scene(stack: Stack, folder: Path, mutant: str) -> AsyncIterator[Scene]:
    """A run of its own on a running stack, recorded in `folder`."""
    kafka = stack.servers.kafka
    with Recorder(folder) as recorder:
        recorder.run(seed=0, deadline_seconds=_DEADLINE_SECONDS, logs=await log_ends(kafka))
        person = Person(f"mutant-{uuid4().hex[:8]}", [stack.gateway.url], recorder, Random(0))  # noqa: S311
        try:
            async with sampled(kafka, recorder):
                playing = Scene(stack, recorder, person, mutant)
                yield playing
        finally:
            await person.close()
    await dump(stack.servers, folder, Scope.of(read_history(folder)), attempts=folder.parent / ATTEMPTS)
    await playing.leave()


def judged(folder: Path) -> Report:
    """The verdict on a scene that is over."""
    return check(read_history(folder), read_state(folder))


def partition_of(session: str) -> int:
    """The partition of the session's turns."""
    hashed: int = murmur2(session_key(OPEN_TENANT, SessionId(UUID(session))).encode())
    return (hashed & 0x7FFFFFFF) % TURNS.local_partitions


def _says(text: str, point: Point) -> bool:
    return any(point in line and "passing" in line for line in text.splitlines())


async def _until(condition: Callable[[], bool], otherwise: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError(otherwise)
        await asyncio.sleep(_POLL_SECONDS)
