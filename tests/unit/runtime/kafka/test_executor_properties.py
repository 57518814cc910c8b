"""The executor under random keys, outcomes, hand-overs and crashes: nothing lost, nothing out of order."""

import asyncio
from datetime import timedelta
from random import Random

from aiokafka.errors import CommitFailedError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.errors import Reject, Retry, Unavailable
from shared.runtime.kafka.offsets import decode_finished
from shared.runtime.kafka.records import Partition, Record
from tests.unit.runtime.kafka.fakes import FakeConsumer, FakeLog
from tests.unit.runtime.kafka.members import Member, MemoryAttempts, settled

PARTITIONS = (Partition("topic", 0), Partition("topic", 1))
KEYS = (b"a", b"b", None)
ERRORS = (None, None, None, Unavailable("down"), Retry("again"), Reject("never"), ZeroDivisionError())

Place = tuple[Partition, int]


class GroupMachine(RuleBasedStateMachine):
    """One member at a time owns everything; it hands over to itself, crashes, and reads late or early."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.log = FakeLog({partition: [] for partition in PARTITIONS})
        self.attempts = MemoryAttempts()
        self.finished: set[Place] = set()
        self.in_hand: list[Record] = []
        self.crashed: list[Member] = []
        self.runner.run(self.begin())

    async def begin(self) -> None:
        self.member = Member(self.log, attempts=self.attempts, concurrency=3, pending=6, drain=timedelta())
        self.seen = 0
        await self.member.join(*PARTITIONS)

    @rule(
        partition=st.sampled_from(PARTITIONS), key=st.sampled_from([b"a", b"b", None]), gap=st.sampled_from([0, 0, 3])
    )
    def publish(self, partition: Partition, key: bytes | None, gap: int) -> None:
        self.log.append(partition, key, gap=gap)

    @precondition(lambda self: not self.in_hand)
    @rule(count=st.integers(min_value=1, max_value=5))
    def read(self, count: int) -> None:
        self.runner.run(self.member.read(count))

    @precondition(lambda self: not self.in_hand)
    @rule(count=st.integers(min_value=1, max_value=5))
    def fetch_without_handing_on(self, count: int) -> None:
        self.in_hand = self.member.consumer.poll(count)

    @precondition(lambda self: self.in_hand)
    @rule()
    def hand_on_late(self) -> None:
        records, self.in_hand = self.in_hand, []
        self.runner.run(self.accept(records))

    async def accept(self, records: list[Record]) -> None:
        await self.member.executor.accept(records)
        await settled()

    @precondition(lambda self: self.member.route.running)
    @rule(which=st.randoms(use_true_random=False), error=st.sampled_from(ERRORS))
    def end_a_handler(self, which: Random, error: Exception | None) -> None:
        self.runner.run(self.end(which.choice(sorted(self.member.route.running)), error))

    async def end(self, place: Place, error: Exception | None) -> None:
        self.member.route.end(place, error)
        if error is None:
            self.finished.add(place)
        await settled()

    @rule()
    def commit(self) -> None:
        self.runner.run(self.member.executor.tick())

    @rule(read_early=st.booleans())
    def hand_over_and_take_back(self, *, read_early: bool) -> None:
        self.runner.run(self.rebalance(read_early=read_early))

    async def rebalance(self, *, read_early: bool) -> None:
        member = self.member
        await member.executor.revoked(PARTITIONS)
        assert not member.route.running
        member.consumer.assign(PARTITIONS)
        early = None
        if read_early and not self.in_hand:
            early = asyncio.create_task(member.read(2))
            await settled()
        await member.executor.assigned(PARTITIONS)
        if early is not None:
            await early

    @rule()
    def crash(self) -> None:
        self.runner.run(self.die_and_restart())

    async def die_and_restart(self) -> None:
        self.note_buried()
        self.member.consumer = FakeConsumer(self.log)
        self.member.consumer.refuse = CommitFailedError("dead processes commit nothing")
        self.crashed.append(self.member)
        self.in_hand = []
        await self.begin()

    def note_buried(self) -> None:
        self.finished |= self.member.graveyard.places

    @invariant()
    def a_record_starts_only_when_those_before_it_of_its_key_are_finished(self) -> None:
        self.note_buried()
        started = self.member.route.started
        for partition, key, offset in started[self.seen :]:
            earlier = [record.offset for record in self.log.records[partition] if record.key == key is not None]
            assert {(partition, before) for before in earlier if before < offset} <= self.finished
        self.seen = len(started)

    @invariant()
    def a_key_runs_once_at_a_time(self) -> None:
        keys = [(place[0], self.key_of(place)) for place in self.member.route.running]
        named = [key for key in keys if key[1] is not None]
        assert len(named) == len(set(named))
        assert len(keys) <= 3

    @invariant()
    def only_finished_offsets_are_committed(self) -> None:
        self.note_buried()
        for partition, (offset, metadata) in self.log.commits.items():
            promised = {record.offset for record in self.log.records[partition] if record.offset < offset}
            promised |= decode_finished(offset, metadata)
            assert {(partition, number) for number in promised} <= self.finished

    @invariant()
    def nothing_fails_outside_handlers(self) -> None:
        assert self.member.failures == []

    def key_of(self, place: Place) -> bytes | None:
        return next(record.key for record in self.log.records[place[0]] if record.offset == place[1])

    def teardown(self) -> None:
        try:
            self.runner.run(self.finish_everything())
        finally:
            self.runner.close()

    async def finish_everything(self) -> None:
        if self.in_hand:
            await self.accept(self.in_hand)
        for _ in range(200):
            if self.everything_is_committed():
                break
            await self.member.read(5)
            for place in list(self.member.route.running):
                await self.end(place, None)
            await self.member.executor.tick()
        assert self.everything_is_committed()
        self.only_finished_offsets_are_committed()
        await self.member.executor.close()
        for member in self.crashed:
            await member.executor.close()

    def everything_is_committed(self) -> bool:
        return all(
            self.log.commits.get(partition, (0, ""))[0] == self.log.end(partition)
            for partition in PARTITIONS
            if self.log.records[partition]
        )


TestGroup = GroupMachine.TestCase
TestGroup.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
