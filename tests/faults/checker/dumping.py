"""Reads what is left when a run is over, as an owner who sees every tenant, and keeps it beside the history."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.events.topics import REPLIES, SIGNALS, TOPICS, TURNS
from tests.faults.checker.state import (
    AnyState,
    Dumped,
    Frames,
    Logged,
    Mark,
    Part,
    Progress,
    Row,
    Slots,
    read_attempts,
    write_state,
)
from tests.faults.history import History, Recorder
from tests.support.servers import Servers

READ_WITHIN_SECONDS: Final = 30
GROUPS: Final = {
    "agent": (TURNS.name,),
    "memory": (TURNS.name, REPLIES.name),
    "profiles": (SIGNALS.name, REPLIES.name),
}
_TABLES: Final = {
    "agent.sessions": "to_jsonb(t)",
    "agent.ledger": "to_jsonb(t) || jsonb_build_object('envelopes', convert_from(envelopes, 'utf8'))",
    "memory.sessions": "to_jsonb(t)",
    "memory.turns": "to_jsonb(t)",
    "memory.messages": "to_jsonb(t)",
    "profiles.profiles": "to_jsonb(t)",
    "profiles.signals": "to_jsonb(t) - 'envelopes'",
    "profiles.score_history": "to_jsonb(t)",
}
_OF_USERS: Final = ("profiles.profiles", "profiles.score_history")
_OUT_OF_REACH = (KafkaError, RedisError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Scope:
    """What of an end state concerns a run: records from where the logs ended, rows of its sessions and users."""

    logs: Mapping[str, int]
    sessions: frozenset[str]
    users: frozenset[str]

    @classmethod
    def of(cls, history: History) -> Self:
        """The scope of a run."""
        sessions = frozenset(each.session for each in history.operations if each.session is not None)
        return cls(history.run.logs, sessions, frozenset(each.user for each in history.operations))


async def dump(servers: Servers, folder: Path, scope: Scope | None = None, *, attempts: Path | None = None) -> None:
    """Write the end state, all of it or a run's. A server that does not answer is left out, and named as such.

    `attempts` is where the scripted pack noted what it was shown.
    """
    shown = [] if attempts is None else read_attempts(attempts)
    records: list[AnyState] = [each for each in shown if scope is None or each.session in scope.sessions]
    parts: list[Part] = []
    readers: tuple[tuple[Part, Callable[[Servers, Scope | None], Coroutine[Any, Any, list[AnyState]]]], ...] = (
        ("kafka", _kafka),
        ("postgres", _postgres),
        ("redis", _redis),
    )
    for part, read in readers:
        try:
            async with asyncio.timeout(READ_WITHIN_SECONDS):
                records += await read(servers, scope)
        except _OUT_OF_REACH as error:
            _log.warning("not read", part=part, error=repr(error))
        else:
            parts.append(part)
    if scope is not None:
        turns = {each.header("ce_turnid") for each in records if isinstance(each, Logged)}
        records = [each for each in records if not isinstance(each, Frames) or each.turn in turns]
    write_state(folder, [*records, Dumped(at=time.time(), parts=tuple(parts))])


async def log_ends(kafka: str) -> dict[str, int]:
    """Where all topics' partitions end now, for `Run.logs`."""
    async with _reading(kafka) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        return {_name(partition): end for partition, end in ends.items()}


async def lag(kafka: str, group: str | None = None, partition: int | None = None) -> int:
    """How many records have not been finished, by one group or all, in one partition or all."""
    async with _reading(kafka) as consumer:
        progress = await _progress(kafka, consumer)
    return sum(
        max(each.end - each.committed, 0)
        for each in progress
        if group in {None, each.group} and partition in {None, each.partition}
    )


@asynccontextmanager
async def sampled(kafka: str, recorder: Recorder, every_seconds: float = 0.2) -> AsyncIterator[None]:
    """Note what groups commit, while the context lasts."""
    sampling = asyncio.create_task(_sample(kafka, recorder, every_seconds))
    try:
        yield
    finally:
        sampling.cancel()
        with suppress(asyncio.CancelledError):
            await sampling


async def _sample(kafka: str, recorder: Recorder, every_seconds: float) -> None:
    known: dict[tuple[str, str, int], int] = {}
    while True:
        with suppress(*_OUT_OF_REACH):
            async with _admin(kafka) as admin:
                while True:
                    await _sample_once(admin, recorder, known)
                    await asyncio.sleep(every_seconds)
        await asyncio.sleep(every_seconds)


async def _sample_once(admin: AIOKafkaAdminClient, recorder: Recorder, known: dict[tuple[str, str, int], int]) -> None:
    for group in GROUPS:
        async with asyncio.timeout(READ_WITHIN_SECONDS):
            commits = await admin.list_consumer_group_offsets(group)
        for partition, commit in commits.items():
            place = (group, partition.topic, partition.partition)
            if commit.offset >= 0 and known.get(place) != commit.offset:
                known[place] = commit.offset
                recorder.sampled(*place, commit.offset)


async def _kafka(servers: Servers, scope: Scope | None) -> list[AnyState]:
    async with _reading(servers.kafka) as consumer:
        progress = await _progress(servers.kafka, consumer)
        ends = await consumer.end_offsets(consumer.assignment())
        for partition in ends:
            consumer.seek(partition, 0 if scope is None else scope.logs.get(_name(partition), 0))
        records: list[AnyState] = [*progress]
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records += map(_logged, batch)
        return records


async def _progress(kafka: str, consumer: AIOKafkaConsumer) -> list[Progress]:
    ends = await consumer.end_offsets(consumer.assignment())
    begins = await consumer.beginning_offsets(consumer.assignment())
    found = []
    async with _admin(kafka) as admin:
        for group, topics in GROUPS.items():
            commits = await admin.list_consumer_group_offsets(group)
            for partition in (each for each in ends if each.topic in topics):
                commit = commits.get(partition)
                committed = begins[partition] if commit is None or commit.offset < 0 else commit.offset
                found.append(
                    Progress(
                        group=group,
                        topic=partition.topic,
                        partition=partition.partition,
                        committed=committed,
                        end=ends[partition],
                    )
                )
    return found


def _name(partition: TopicPartition) -> str:
    return f"{partition.topic}:{partition.partition}"


def _logged(record: Any) -> Logged:
    return Logged(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        at=record.timestamp / 1000,
        key=_text(record.key),
        value=_text(record.value),
        headers=tuple((name, _text(value)) for name, value in record.headers),
    )


def _text(value: bytes | None) -> str:
    return "" if value is None else value.decode(errors="backslashreplace")


@asynccontextmanager
async def _reading(kafka: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of every partition of every topic, dead letters included, at the first record."""
    names = [name for topic in TOPICS for name in (topic.name, topic.dead.name)]
    consumer = AIOKafkaConsumer(*names, bootstrap_servers=kafka, group_id=None, auto_offset_reset="earliest")
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def _admin(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def _postgres(servers: Servers, scope: Scope | None) -> list[AnyState]:
    connection = await asyncpg.connect(servers.postgres, command_timeout=READ_WITHIN_SECONDS)
    try:
        records: list[AnyState] = []
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for table, columns in _TABLES.items():
                column, values = _rows_of(table, scope)
                whose = f"$1::text[] is null or {column} = any($1)"
                rows = await connection.fetch(f"select ({columns})::text as row from {table} t where {whose}", values)  # noqa: S608
                records += [Row(table=table, values=json.loads(row["row"])) for row in rows]
        return records
    finally:
        await connection.close()


def _rows_of(table: str, scope: Scope | None) -> tuple[str, list[str] | None]:
    """The column that tells whose a row is, and whose rows to read; None for all."""
    if table in _OF_USERS:
        return "t.user_id", None if scope is None else sorted(scope.users)
    return "t.session_id::text", None if scope is None else sorted(scope.sessions)


async def _redis(servers: Servers, scope: Scope | None) -> list[AnyState]:
    redis: Any = Redis.from_url(servers.redis, decode_responses=True)

    def wanted(session: str) -> bool:
        return scope is None or session in scope.sessions

    try:
        slots = [
            Slots(session=key.rpartition(":")[2], turns=tuple(await redis.zrange(key, 0, -1)))
            async for key in redis.scan_iter(match="waiting:*", count=1000)
            if wanted(key.rpartition(":")[2])
        ]
        marks = [
            Mark(session=key.rpartition(":")[2], turn_no=int(await redis.get(key) or 0))
            async for key in redis.scan_iter(match="ended:*", count=1000)
            if wanted(key.rpartition(":")[2])
        ]
        streams = [key async for key in redis.scan_iter(match="turn:*", count=1000)]
        async with redis.pipeline(transaction=False) as pipeline:
            for key in streams:
                pipeline.xrange(key)
            frames = [
                Frames(turn=key.partition(":")[2], frames=_frames(entries))
                for key, entries in zip(streams, await pipeline.execute(), strict=True)
            ]
        return [*slots, *marks, *frames]
    finally:
        await redis.aclose()


def _frames(entries: Any) -> tuple[tuple[str, str, str], ...]:
    return tuple((place, fields["e"], fields["d"]) for place, fields in entries)
