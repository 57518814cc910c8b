"""Two members of a group that lose partitions without knowing it, come back, crash and meet poison."""

import asyncio
from random import Random

from aiokafka.errors import CommitFailedError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.errors import Reject, Retry, Unavailable
from shared.runtime.kafka.offsets import decode_finished
from shared.runtime.kafka.records import Partition
from tests.unit.runtime.kafka.fakes import FakeConsumer, FakeLog
from tests.unit.runtime.kafka.members import Member, MemoryAttempts, settled

PARTITIONS = (Partition("topic", 0), Partition("topic", 1))
KEYS = (b"a", b"b", None)
ERRORS = (*[None] * 6, Unavailable("down"), Retry("again"), Reject("never"), ZeroDivisionError())
HAPPENINGS = (*["nothing"] * 4, "commit", "commit", "evict", "tell", "hand over", "hand over", "crash")

Place = tuple[Partition, int]


class GroupOfTwoMachine(RuleBasedStateMachine):
    """Each partition has one owner by the group's book; a member that was evicted does not know it and goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.log = FakeLog({partition: [] for partition in PARTITIONS})
        self.attempts = MemoryAttempts()
        self.finished: set[Place] = set()
        self.gone: list[Member] = []
        self.evicted: set[int] = set()
        self.members: list[Member] = []
        self.seen: dict[Member, int] = {}
        self.runner.run(self.begin())

    async def begin(self) -> None:
        self.members = [self.fresh(), self.fresh()]
        await self.members[0].join(*PARTITIONS)
        await self.members[1].join()

    def fresh(self) -> Member:
        member = Member(self.log, attempts=self.attempts, concurrency=3, pending=6)
        self.seen[member] = 0
        return member

    @rule(
        arriving=st.lists(st.tuples(st.sampled_from(PARTITIONS), st.sampled_from(KEYS)), max_size=3),
        who=st.integers(min_value=0, max_value=1),
        seed=st.integers(min_value=0, max_value=1000),
        errors=st.lists(st.sampled_from(ERRORS), max_size=4),
        then=st.sampled_from(HAPPENINGS),
    )
    def happen(
        self,
        *,
        arriving: list[tuple[Partition, bytes | None]],
        who: int,
        seed: int,
        errors: list[Exception | None],
        then: str,
    ) -> None:
        """Records arrive, a member reads and ends some handlers, and something befalls it or the group."""
        for partition, key in arriving:
            self.log.append(partition, key)
        chance = Random(seed)  # noqa: S311 -- repeatable
        self.runner.run(self.work(self.members[who], errors, chance))
        self.runner.run(self.befall(who, then, chance))

    async def work(self, member: Member, errors: list[Exception | None], chance: Random) -> None:
        await member.read(chance.randint(1, 5))
        for error in errors:
            if member.route.running:
                await self.end(member, chance.choice(sorted(member.route.running)), error)

    async def end(self, member: Member, place: Place, error: Exception | None) -> None:
        member.route.end(place, error)
        if error is None:
            self.finished.add(place)
        await settled()

    async def befall(self, who: int, what: str, chance: Random) -> None:
        other = 1 - who
        if what == "commit":
            await self.members[who].executor.tick()
        elif what == "evict" and not self.evicted:
            await self.evict(who)
        elif what == "tell" and self.evicted:
            await self.give(next(iter(self.evicted)))
        elif what == "hand over" and not self.evicted:
            await self.rebalance(chance.sample(PARTITIONS, chance.randint(0, 2)), who, other)
        elif what == "crash":
            await self.crash(who)

    async def evict(self, who: int) -> None:
        """The group gives everything to the other; this one is not told and its commits are refused."""
        self.members[who].consumer.refuse = CommitFailedError("the group has moved on")
        self.evicted.add(who)
        await self.give(1 - who, *PARTITIONS)

    async def rebalance(self, taken: list[Partition], who: int, other: int) -> None:
        for member in self.members:
            await member.executor.revoked(list(member.consumer.assignment()))
        await self.give(who, *taken)
        await self.give(other, *(partition for partition in PARTITIONS if partition not in taken))

    async def give(self, who: int, *partitions: Partition) -> None:
        """A member hears what it has from now on; what it commits on the way is refused if that was news to it."""
        member = self.members[who]
        await member.executor.revoked(list(member.consumer.assignment()))
        assert not member.route.running
        member.consumer.refuse = None
        self.evicted.discard(who)
        await member.join(*partitions)

    async def crash(self, who: int) -> None:
        """The process ends; another starts in its place, without partitions, and the other has them all."""
        self.note_buried()
        dead = self.members[who]
        dead.consumer = FakeConsumer(self.log)
        self.gone.append(dead)
        self.members[who] = self.fresh()
        await self.give(who)
        await self.give(1 - who, *PARTITIONS)

    def note_buried(self) -> None:
        for member in (*self.members, *self.gone):
            self.finished |= member.graveyard.places

    @property
    def owners(self) -> list[Member]:
        return [member for number, member in enumerate(self.members) if number not in self.evicted]

    @invariant()
    def a_record_starts_only_when_those_before_it_of_its_key_are_finished(self) -> None:
        self.note_buried()
        for member in self.members:
            started = member.route.started
            for partition, key, offset in started[self.seen[member] :]:
                earlier = {each.offset for each in self.log.records[partition] if each.key == key is not None}
                assert {(partition, before) for before in earlier if before < offset} <= self.finished
            self.seen[member] = len(started)

    @invariant()
    def owners_never_run_the_same_key_at_once(self) -> None:
        keys = [(place[0], self.key_of(place)) for owner in self.owners for place in owner.route.running]
        named = [key for key in keys if key[1] is not None]
        assert len(named) == len(set(named))

    @invariant()
    def only_finished_offsets_are_committed(self) -> None:
        self.note_buried()
        for partition, (offset, metadata) in self.log.commits.items():
            promised = {record.offset for record in self.log.records[partition] if record.offset < offset}
            promised |= decode_finished(offset, metadata)
            assert {(partition, number) for number in promised} <= self.finished

    @invariant()
    def nothing_fails_outside_handlers(self) -> None:
        assert [failure for member in self.members for failure in member.failures] == []

    def key_of(self, place: Place) -> bytes | None:
        return next(record.key for record in self.log.records[place[0]] if record.offset == place[1])

    def teardown(self) -> None:
        try:
            self.runner.run(self.finish_everything())
        finally:
            self.runner.close()

    async def finish_everything(self) -> None:
        await self.rebalance([PARTITIONS[0]], 0, 1)
        for _ in range(200):
            if self.everything_is_committed():
                break
            for member in self.members:
                await member.read(5)
                for place in list(member.route.running):
                    await self.end(member, place, None)
                await member.executor.tick()
        assert self.everything_is_committed()
        self.only_finished_offsets_are_committed()
        for member in (*self.members, *self.gone):
            await member.executor.close()

    def everything_is_committed(self) -> bool:
        return all(
            self.log.commits.get(partition, (0, ""))[0] == self.log.end(partition)
            for partition in PARTITIONS
            if self.log.records[partition]
        )


TestGroupOfTwo = GroupOfTwoMachine.TestCase
TestGroupOfTwo.settings = settings(max_examples=60, stateful_step_count=25, deadline=None, print_blob=True)
