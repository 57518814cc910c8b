"""Turns under duplicates, failures, crashes at every step and two workers at once: one ending each, in order."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from uuid import UUID, uuid5

import pytest
import structlog
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.agent.session import Ending
from shared.errors import Retry, Unavailable
from shared.events.envelope import TURN_HEADER, Envelope
from shared.events.ids import TurnId
from shared.events.topics import REPLIES
from shared.events.turns import TurnSubmitted
from tests.unit.agent.builders import SESSION, cancel_requested, session_deleted, submitted
from tests.unit.agent.stepwise import ATTEMPTS, DONE, Gate, LogRecord, StandingClock, Verdict, Worker, World

WHO = st.sampled_from(["owner", "zombie"])
ARRIVALS = (*["turn"] * 6, *["nothing"] * 4, *["again"] * 2, "another body", *["cancel"] * 2, "delete")
STEPS = st.integers(min_value=0, max_value=10)
ANOTHER = "another"
REDIS_AWAY = Verdict(before=Unavailable("not reached"))
ERRORS = (
    Verdict(before=Unavailable("not reached")),
    Verdict(after=Unavailable("no answer came")),
    Verdict(before=Retry("refused")),
    Verdict(before=ZeroDivisionError()),
)
THEN = (*["pause"] * 8, *["crash", "commit", "nothing"] * 4, *ERRORS * 2, "flush")
FRAMES_WRITTEN, DEADLINE_PASSED, EXPIRED = 0.03, 46.0, 3600.0
PASSES = (*[0.0] * 12, *[FRAMES_WRITTEN] * 16, DEADLINE_PASSED, EXPIRED)


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


class TurnMachine(RuleBasedStateMachine):
    """One session's records, its owner, and a worker that was paused and does not know that it lost the session."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = StandingClock()
        self.runner = asyncio.Runner(loop_factory=lambda: self.loop)
        self.world = World()
        self.unobserved: list[str] = []
        self.disturbed: set[TurnId] = set()
        self.committed = 0
        self.runner.run(self.begin())

    async def begin(self) -> None:
        self.loop.set_exception_handler(lambda _, context: self.unobserved.append(str(context)))
        self.owner, self.zombie = (Worker(self.world, self.loop, 0) for _ in range(2))

    # One rule with many arguments: of several, Hypothesis leaves some out of each example.

    @rule(
        arrives=st.sampled_from(ARRIVALS),
        seed=st.integers(min_value=0, max_value=1000),
        seen_by=st.sets(WHO),
        who=WHO,
        done=STEPS,
        then=st.sampled_from(THEN),
        passes=st.sampled_from(PASSES),
        after=STEPS,
    )
    def happen(
        self,
        *,
        arrives: str,
        seed: int,
        seen_by: set[str],
        who: str,
        done: int,
        then: Verdict | str,
        passes: float,
        after: int,
    ) -> None:
        """A record arrives, a worker takes steps, then a step or the worker fails, and the owner goes on."""
        which = Random(seed)  # noqa: S311 -- repeatable
        self.publish(arrives, which)
        for each in seen_by:
            getattr(self, each).read()
        last = [then] if isinstance(then, Verdict) else []
        self.runner.run(self.advance(getattr(self, who), [DONE] * done + last, which))
        self.loop.now += passes
        self.runner.run(self.fail(who, then))
        self.runner.run(self.advance(self.owner, [DONE] * after, which))

    def publish(self, kind: str, which: Random) -> None:
        if kind == "turn" or not self.turns:
            self.submit()
        elif kind == "again":
            self.world.log.append(which.choice(self.turns))
        elif kind == "another body":
            self.world.log.append(which.choice(self.turns).model_copy(update={"body_hash": ANOTHER}))
        elif kind == "cancel":
            self.world.log.append(cancel_requested(which.choice(self.turns[-2:])))
        elif kind == "delete" and len(self.turns) > 8:
            self.world.log.append(session_deleted(self.turns[0]))

    def submit(self) -> None:
        turn_id, at = TurnId(uuid5(SESSION, str(len(self.world.log)))), self.loop.utc()
        expires_at = at + timedelta(minutes=10)
        self.world.log.append(submitted(turn_id=turn_id, opens=True, occurred_at=at, expires_at=expires_at))

    async def fail(self, who: str, how: Verdict | str) -> None:
        await self.loop.settled()
        if how == "commit":
            self.committed = max(self.committed, self.owner.position)
        elif how == "crash":
            await self.replace(who)
        elif how == "pause":
            await self.replace("zombie")
            self.owner, self.zombie = self.zombie, self.owner
        elif how == "flush":
            self.world.streams.frames.clear()
            self.disturbed |= {turn.turn_id for turn in self.turns}

    # What always holds.

    @invariant()
    def a_turn_has_one_ending_to_the_byte_and_it_is_stored_before_it_is_told(self) -> None:
        stored = self.world.ledger.endings
        for turn_id, envelope in self.told():
            assert envelope in stored[turn_id].envelopes

    @invariant()
    def turns_end_in_their_order_without_a_gap(self) -> None:
        endings = self.world.ledger.endings.values()
        assert [ending.turn_no for ending in endings] == list(range(1, len(endings) + 1))
        assert [ending.turn_id for ending in endings] == [turn.turn_id for turn in self.turns][: len(endings)]

    @invariant()
    def effects_come_once_with_each_completed_turn(self) -> None:
        assert self.world.ledger.applied == [(ending.turn_id,) for ending in self.completed]

    @invariant()
    def an_answer_knows_exactly_the_answers_before_it(self) -> None:
        known = [_reply(ending).partition(" ")[0] for ending in self.completed]
        assert known == [str(number) for number in range(len(known))]

    @invariant()
    def the_stream_of_the_winning_attempt_is_the_stored_text(self) -> None:
        for ending in self.completed:
            if ending.turn_id not in self.disturbed:
                end = json.loads(ending.envelopes[0].value)["stream"]
                frames = self.world.streams.frames[ending.turn_id]
                won = [(n, frame) for attempt, n, frame in frames if attempt == end["attempt"] and n]
                assert [n for n, _ in won] == list(range(1, end["frames"] + 1))
                assert "".join(json.loads(frame.data)["text"] for _, frame in won) == _reply(ending)

    @invariant()
    def only_another_body_is_rejected_and_nothing_fails_unseen(self) -> None:
        assert all(_has_another_body(record) for record in self.world.rejected)
        assert self.unobserved == []

    def teardown(self) -> None:
        try:
            self.runner.run(self.finish_everything())
        finally:
            self.runner.close()

    async def finish_everything(self) -> None:
        for worker in (self.owner, self.zombie):
            await self.finish(worker, len(self.world.log) + ATTEMPTS)
            assert worker.position == len(self.world.log)
        assert {turn_id for turn_id, _ in self.told()} == {turn.turn_id for turn in self.turns}
        assert all(record in self.world.rejected for record in self.world.log if _has_another_body(record))
        self.a_turn_has_one_ending_to_the_byte_and_it_is_stored_before_it_is_told()
        self.turns_end_in_their_order_without_a_gap()
        self.effects_come_once_with_each_completed_turn()
        self.an_answer_knows_exactly_the_answers_before_it()

    # How.

    @property
    def turns(self) -> list[TurnSubmitted]:
        """Every turn once, as it was first submitted."""
        first: dict[TurnId, TurnSubmitted] = {}
        for record in self.world.log:
            if isinstance(record, TurnSubmitted):
                first.setdefault(record.turn_id, record)
        return list(first.values())

    @property
    def completed(self) -> list[Ending]:
        return [ending for ending in self.world.ledger.endings.values() if ending.outcome == "completed"]

    def told(self) -> Iterator[tuple[TurnId, Envelope]]:
        for envelope in self.world.published:
            if envelope.topic == REPLIES.name:
                yield TurnId(UUID(envelope.header(TURN_HEADER))), envelope

    async def decide(self, worker: Worker, gate: Gate, verdict: Verdict) -> None:
        record = self.world.log[worker.position]
        if gate.name in {"append", "mark"} and verdict.before is not None:
            verdict = REDIS_AWAY
        if gate.name == "append" and verdict is not DONE and isinstance(record, TurnSubmitted):
            self.disturbed.add(record.turn_id)
        gate.verdict.set_result(verdict)
        await self.loop.settled()

    async def advance(self, worker: Worker, verdicts: Sequence[Verdict], which: Random) -> None:
        """Take steps of one record, which may be those of its stream beside those of its answer."""
        if worker.idle and worker.position < len(self.world.log):
            worker.start()
            await self.loop.settled()
        for verdict in verdicts:
            if worker.waiting:
                await self.decide(worker, which.choice(worker.waiting), verdict)

    async def finish(self, worker: Worker, records: int) -> None:
        """Let everything succeed until so many records were tried."""
        for _ in range(records):
            await self.advance(worker, [DONE] * 100, Random(0))  # noqa: S311 -- any order will do

    async def replace(self, who: str) -> None:
        getattr(self, who).crash()
        await self.loop.settled()
        setattr(self, who, Worker(self.world, self.loop, self.committed))


def _has_another_body(record: LogRecord) -> bool:
    return isinstance(record, TurnSubmitted) and record.body_hash == ANOTHER


def _reply(ending: Ending) -> str:
    text: str = json.loads(ending.envelopes[0].value)["reply"]["text"]
    return text


TestTurns = TurnMachine.TestCase
TestTurns.settings = settings(max_examples=60, stateful_step_count=25, deadline=None, print_blob=True)
