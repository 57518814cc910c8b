"""Agents that do nothing until a test lets them: each step of a turn is a gate where it may fail or its worker die."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from services.agent.cancellation import Cancellations
from services.agent.endings import Answer
from services.agent.handlers import on_session_deleted, on_turn_cancel_requested
from services.agent.live import Append, Frame, Live
from services.agent.session import Ending, Loaded, Opening, Remembered, Session
from services.agent.turn import Agent, give_up, run_turn
from shared.domains.base import Decision, Effect
from shared.errors import Reject, Unavailable
from shared.events.envelope import Envelope
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.replies import Understood
from shared.events.turns import SessionDeleted, TurnCancelRequested, TurnSubmitted
from tests.unit.agent.builders import NOW, Seen
from tests.unit.agent.fakes import LedgerInMemory

ATTEMPTS = 2
"""Failures of a turn before it is given up."""

Result = TypeVar("Result")
LogRecord = TurnSubmitted | TurnCancelRequested | SessionDeleted


class StandingClock(asyncio.SelectorEventLoop):
    """An event loop whose time passes only when a test says so."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def utc(self) -> datetime:
        return NOW + timedelta(seconds=self.now)

    async def settled(self) -> None:
        """Let everything run that can run now."""
        await asyncio.sleep(0)
        while self._ready:  # type: ignore[attr-defined]  # noqa: ASYNC110 -- asyncio has no public word for it
            await asyncio.sleep(0)


class EffectsInMemory(LedgerInMemory):
    """A ledger that also applies the effects of turns."""

    def __init__(self) -> None:
        super().__init__()
        self.applied: list[object] = []

    async def commit(self, ending: Ending) -> None:
        await super().commit(ending)
        self.applied += [effect.arguments for effect in ending.effects]


class StreamsInMemory:
    """The live streams of turns, numbered and fenced as the script in Redis does it."""

    def __init__(self) -> None:
        self.frames: dict[TurnId, list[tuple[int, int, Frame]]] = {}

    async def append(self, append: Append) -> int:
        stream = self.frames.setdefault(append.place.turn_id, [])
        attempt, latest = append.attempt, stream[-1][0] if stream else -1
        if append.first == 1:
            attempt = max(attempt, latest + 1)
            stream += [(attempt, 0, Frame("reset", b"{}"))] if stream else []
        elif latest > attempt:
            return 0
        stream += [(attempt, number, frame) for number, frame in enumerate(append.frames, append.first)]
        return attempt

    async def ended(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId, turn_no: int) -> None:
        pass


@dataclass
class World:
    """What outlives every worker: the stores, and the records of one session in their order."""

    ledger: EffectsInMemory = field(default_factory=EffectsInMemory)
    streams: StreamsInMemory = field(default_factory=StreamsInMemory)
    published: list[Envelope] = field(default_factory=list)
    log: list[LogRecord] = field(default_factory=list)
    rejected: list[LogRecord] = field(default_factory=list)
    answers: int = 0
    """So that no two attempts say the same."""

    async def publish(self, envelope: Envelope) -> None:
        self.published.append(envelope)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to a step: an error in place of it, or an error although it was done."""

    before: Exception | None = None
    after: Exception | None = None


DONE = Verdict()


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """A step that waits for its verdict."""

    name: str
    verdict: "asyncio.Future[Verdict]"


class Gates:
    """The steps at which one worker waits. Each port of the agent is in front of the same port of the world."""

    def __init__(self, world: World) -> None:
        self.waiting: list[Gate] = []
        self._world = world
        self._dead = False

    async def step(self, name: str, action: Callable[[], Awaitable[Result]]) -> Result:
        gate = Gate(name, asyncio.get_running_loop().create_future())
        if self._dead:
            gate.verdict.cancel()
        self.waiting.append(gate)
        try:
            verdict = await gate.verdict
        finally:
            self.waiting.remove(gate)
        if verdict.before is not None:
            raise verdict.before
        result = await action()
        if verdict.after is not None:
            raise verdict.after
        return result

    def die(self) -> None:
        self._dead = True
        for gate in self.waiting:
            gate.verdict.cancel()

    async def load(self, *place: object) -> Loaded:
        tenant_id, session_id, turn_id = place
        return await self.step("load", partial(self._world.ledger.load, tenant_id, session_id, turn_id))  # type: ignore[arg-type]

    async def open(self, opening: Opening) -> None:
        await self.step("open", partial(self._world.ledger.open, opening))

    async def commit(self, ending: Ending) -> None:
        await self.step("commit", partial(self._world.ledger.commit, ending))

    async def append(self, append: Append) -> int:
        return await self.step("append", partial(self._world.streams.append, append))

    async def ended(self, *place: object) -> None:
        await self.step("mark", partial(self._world.streams.ended, *place))  # type: ignore[arg-type]

    async def publish(self, envelopes: Iterable[Envelope]) -> None:
        for envelope in envelopes:
            await self.step("publish", partial(self._world.publish, envelope))

    async def answer(self, turn: TurnSubmitted, session: Session, live: Live) -> Answer:
        count = Seen.model_validate(session.remembered.pack).count
        self._world.answers += 1
        first, second = f"{count} before, ", f"try {self._world.answers}"
        await live.delta(first)
        await self.step("answer", partial(live.delta, second))
        state = Seen(count=count + 1)
        decision = Decision(text=first + second, state=state, effects=(Effect("", (turn.turn_id,)),))
        return Answer(decision, Understood(), Remembered(pack=state.model_dump()))


class Worker:
    """One process's part: takes the session's records in order, each until it is done, as the executor does."""

    def __init__(self, world: World, loop: StandingClock, position: int) -> None:
        self.position = position
        self.gates = Gates(world)
        self._world = world
        self._loop = loop
        self._failures = 0
        self._seen = position
        self._task: asyncio.Task[None] | None = None
        self._cancellations = Cancellations()
        self._agent = Agent(
            ledger=self.gates,
            marks=self.gates,
            answer=self.gates.answer,
            publish=self.gates.publish,
            cancellations=self._cancellations,
            clock=loop.utc,
            deadline=timedelta(seconds=45),
        )

    @property
    def waiting(self) -> Sequence[Gate]:
        return self.gates.waiting

    @property
    def idle(self) -> bool:
        return self._task is None or self._task.done()

    def read(self) -> None:
        """See what has been published, ahead of its place."""
        for record in self._world.log[self._seen :]:
            if isinstance(record, TurnCancelRequested):
                self._cancellations.cancel(record)
            elif isinstance(record, SessionDeleted):
                self._cancellations.delete(record)
        self._seen = len(self._world.log)

    def start(self) -> None:
        """Begin with the next record, or again with one that failed."""
        self.read()
        self._task = self._loop.create_task(self._attempt(self._world.log[self.position]))

    def crash(self) -> None:
        """End without a chance to clean up: whatever waits at a gate never gets through."""
        self.gates.die()
        if self._task is not None:
            self._task.cancel()

    async def _attempt(self, record: LogRecord) -> None:
        try:
            await self._handle(record)
        except Unavailable:
            return
        except Reject:
            self._world.rejected.append(record)
        except Exception:  # noqa: BLE001 -- as the executor does
            self._failures += 1
            return
        self._failures = 0
        self.position += 1

    async def _handle(self, record: LogRecord) -> None:
        if isinstance(record, TurnCancelRequested):
            await on_turn_cancel_requested(record, self._cancellations)
        elif isinstance(record, SessionDeleted):
            await on_session_deleted(record, self._world.ledger, self._cancellations, self._loop.utc)
        elif self._failures < ATTEMPTS:
            await run_turn(record, self._agent)
        else:
            await give_up(record, self._agent)
