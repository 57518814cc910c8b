"""A record that kills its process is found out, and its neighbours are not blamed."""

import asyncio
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.runtime.kafka import deadletters
from shared.runtime.kafka.quarantine import COMPANY, Quarantine, company
from tests.unit.runtime.kafka.fakes import FakeLog
from tests.unit.runtime.kafka.members import PARTITION, Member, MemoryAttempts, settled


def nobody() -> None:
    """Wakes nobody."""


def test_records_without_a_past_run_together() -> None:
    quarantine = Quarantine()
    assert all(quarantine.enter("executor", 0, nobody) for _ in range(1000))


def test_strongest_suspect_runs_alone() -> None:
    quarantine = Quarantine()
    assert quarantine.enter("executor", 0, nobody)
    assert not quarantine.enter("executor", 3, nobody)
    quarantine.leave(0)
    assert quarantine.enter("executor", 3, nobody)
    assert not quarantine.enter("executor", 0, nobody)
    quarantine.leave(3)
    assert quarantine.enter("executor", 0, nobody)


def test_waiting_suspect_is_not_overtaken_by_another_subscription() -> None:
    quarantine = Quarantine()
    woken: list[str] = []
    assert quarantine.enter("first", 0, nobody)
    assert not quarantine.enter("second", 3, lambda: woken.append("second"))
    assert not quarantine.enter("first", 0, lambda: woken.append("first"))
    quarantine.leave(0)
    assert woken == ["second", "first"]
    assert not quarantine.enter("first", 0, nobody)
    assert quarantine.enter("second", 3, nobody)


def test_turn_of_a_suspect_that_moved_away_is_free() -> None:
    quarantine = Quarantine()
    assert quarantine.enter("first", 0, nobody)
    assert not quarantine.enter("second", 3, nobody)
    quarantine.forgo("second")
    assert quarantine.enter("first", 0, nobody)


def test_suspects_share_the_process_with_few() -> None:
    quarantine = Quarantine()
    admitted = sum(quarantine.enter("executor", 2, nobody) for _ in range(20))
    assert admitted == company(2) == COMPANY[2]


class Killer:
    """Processes of a group, one after another, that die when a certain record starts."""

    def __init__(self, log: FakeLog, poison: int, chance: random.Random) -> None:
        self.log = log
        self.poison = poison
        self.chance = chance
        self.attempts = MemoryAttempts()
        self.poison_starts = 0
        self.finished: set[int] = set()
        self.buried: set[int] = set()

    async def process(self, *, first: bool) -> bool:
        """One process; False if it died."""
        member = Member(self.log, attempts=self.attempts, concurrency=100)
        if first:
            # The first process sees the records as they come, so it counts nothing.
            records, self.log.records[PARTITION] = self.log.records[PARTITION], []
            await member.join(PARTITION)
            self.log.records[PARTITION] = records
        else:
            await member.join(PARTITION)
        await member.read(1000)
        while member.running and self.poison not in member.running:
            offset = self.chance.choice(member.running)
            await member.end(offset)
            self.finished.add(offset)
            if self.chance.random() < 0.1:
                await member.executor.tick()
        self.buried |= member.graveyard.offsets
        return await self.death_of(member)

    async def death_of(self, member: Member) -> bool:
        died = self.poison in member.running
        starts, commits = dict(self.attempts.starts), dict(self.log.commits)
        await member.executor.close()
        if died:
            # The dead neither commit nor take back what they counted.
            self.poison_starts += 1
            self.attempts.starts, self.log.commits = starts, commits
        return not died


@settings(max_examples=30, deadline=None)
@given(st.integers(min_value=1, max_value=150), st.randoms(use_true_random=False))
def test_killer_is_started_five_times_and_only_the_killer_is_buried(records: int, chance: random.Random) -> None:
    log = FakeLog({PARTITION: []})
    for number in range(records):
        log.append(PARTITION, str(number).encode())
    killer = Killer(log, chance.randrange(records), chance)

    async def scenario() -> int:
        processes = 1
        alive = await killer.process(first=True)
        while not alive:
            processes += 1
            assert processes < 10
            alive = await killer.process(first=False)
            await settled()
        return processes

    assert asyncio.run(scenario()) == 6
    assert killer.poison_starts == 5
    assert killer.buried == {killer.poison}
    assert killer.finished == set(range(records)) - {killer.poison}


async def member_after(starts: int) -> Member:
    """A member that reads one record which earlier processes started so often without an end."""
    log = FakeLog()
    log.append(PARTITION, b"key")
    attempts = MemoryAttempts()
    attempts.starts[PARTITION, 0] = starts
    member = Member(log, attempts=attempts)
    await member.join(PARTITION)
    await member.read()
    return member


async def test_suspect_that_finishes_is_cleared() -> None:
    member = await member_after(3)
    assert member.running == [0]
    await member.end(0)
    assert member.attempts.starts == {}
    assert member.graveyard.letters == []
    await member.executor.close()


async def test_record_that_was_started_too_often_is_buried_without_another_start() -> None:
    member = await member_after(4)
    assert member.route.started == []
    assert member.route.told == [(0, "KilledItsProcessError")]
    (letter,) = member.graveyard.letters
    assert letter.header(deadletters.REASON) == deadletters.KILLED
    await member.executor.close()


async def test_hook_that_kills_as_well_is_left_out_in_the_end() -> None:
    member = await member_after(9)
    assert member.route.told == []
    assert member.graveyard.offsets == {0}
    await member.executor.close()
