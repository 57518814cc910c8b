"""Counts of starts in a real Redis, and without one."""

import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.runtime.kafka import RedisAttempts
from shared.runtime.kafka.records import Partition
from shared.runtime.redis import command_client

PARTITION = Partition("topic", 3)


@pytest.fixture
def group() -> str:
    return f"group-{uuid4().hex}"


async def test_counts_are_there_for_the_next_process(redis: Redis, group: str) -> None:
    first = RedisAttempts(redis)
    await asyncio.gather(*(first.save(group, PARTITION, offset, offset) for offset in range(1, 50)))
    expected = {offset: offset for offset in range(1, 50)}
    assert await RedisAttempts(redis).load(group, {PARTITION: -1}) == {PARTITION: expected}


async def test_latest_note_counts(redis: Redis, group: str) -> None:
    attempts = RedisAttempts(redis)
    await attempts.save(group, PARTITION, 1, 1)
    attempts.note(group, PARTITION, 1, 2)
    attempts.note(group, PARTITION, 2, 1)
    attempts.note(group, PARTITION, 2, 0)
    await attempts.flush()
    assert await attempts.load(group, {PARTITION: -1}) == {PARTITION: {1: 2}}


async def test_what_is_committed_is_forgotten(redis: Redis, group: str) -> None:
    attempts = RedisAttempts(redis)
    for offset in (1, 2, 3):
        attempts.note(group, PARTITION, offset, 1)
    await attempts.flush()
    assert await attempts.load(group, {PARTITION: 3}) == {PARTITION: {3: 1}}
    await attempts.flush()
    assert await attempts.load(group, {PARTITION: -1}) == {PARTITION: {3: 1}}


async def test_counts_expire(redis: Redis, group: str) -> None:
    await RedisAttempts(redis).save(group, PARTITION, 1, 1)
    assert 0 < await redis.ttl(f"attempts:{group}:topic:3") <= 24 * 3600


async def test_groups_and_partitions_do_not_mix(redis: Redis, group: str) -> None:
    attempts = RedisAttempts(redis)
    await attempts.save(group, PARTITION, 1, 1)
    assert await attempts.load(group + "x", {PARTITION: -1}) == {}
    assert await attempts.load(group, {Partition("topic", 4): -1}) == {}


async def test_without_redis_nothing_is_counted_and_nobody_waits_long(group: str) -> None:
    client = command_client("redis://127.0.0.1:1/0")
    attempts = RedisAttempts(client)
    async with asyncio.timeout(2):
        assert await attempts.load(group, {PARTITION: -1}) == {}
        for offset in range(1000):
            await attempts.save(group, PARTITION, offset, 1)
        await attempts.flush()
    await client.aclose()
