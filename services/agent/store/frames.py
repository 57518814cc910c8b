"""Live frames and marks in Redis. What Redis loses here, Kafka and the ledger still have."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

from services.agent.live import Append
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.live import (
    FRAMES_KEPT_SECONDS,
    INBOX_LENGTH,
    MARKS_KEPT_SECONDS,
    ended_mark,
    inbox_stream,
    turn_stream,
    waiting_set,
)
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.redis import redis_errors

# The first append of an attempt takes a number above every earlier attempt's and announces itself with `reset` when
# an earlier attempt has written; later appends of an attempt that has been overtaken are refused.
_APPEND = """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local attempt, first = tonumber(ARGV[1]), tonumber(ARGV[2])
local latest = last and tonumber(string.match(last[1], '^%d+')) or -1
local function write(n, event, data)
    local id = string.format('%.0f-%d', attempt, n)
    redis.call('XADD', KEYS[1], id, 'e', event, 'd', data)
    if KEYS[2] then
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', 't', ARGV[4], 'i', id, 'e', event, 'd', data)
    end
end
if first == 1 then
    attempt = math.max(attempt, latest + 1)
    if last then write(0, 'reset', string.format('{"attempt":%.0f}', attempt)) end
elseif latest > attempt then
    return 0
end
for i = 6, #ARGV, 2 do write(first + (i - 6) / 2, ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
if KEYS[2] then redis.call('EXPIRE', KEYS[2], ARGV[3]) end
return attempt
"""
_APPEND_SHA = sha1(_APPEND.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class _Mark:
    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId
    turn_no: int


class FrameStore:
    """The streams of running turns. Appends of many turns share one pipeline."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._appends = GroupCommit(self._append_many)
        self._marks = GroupCommit(self._mark_many)

    async def append(self, append: Append) -> int:
        """Write frames; returns the attempt's number, 0 when a later attempt has overtaken this one.

        Raises `Unavailable` when Redis does not answer.
        """
        return await self._appends.submit(append)

    async def ended(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId, turn_no: int) -> None:
        """Leave the marks of an ended turn: it no longer waits, and readers know which turn to expect.

        Raises `Unavailable` when Redis does not answer.
        """
        await self._marks.submit(_Mark(tenant_id, session_id, turn_id, turn_no))

    async def _append_many(self, appends: Sequence[Append]) -> Sequence[int | Exception]:
        with redis_errors():
            answers = await self._run(appends)
            if any(isinstance(answer, NoScriptError) for answer in answers):
                await self._redis.script_load(_APPEND)
                answers = await self._run(appends)
            return [_answer(answer) for answer in answers]

    async def _run(self, appends: Sequence[Append]) -> list[object]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for each in appends:
                keys = _keys(each)
                await pipeline.evalsha(_APPEND_SHA, len(keys), *keys, *_arguments(each))
            return await pipeline.execute(raise_on_error=False)

    async def _mark_many(self, marks: Sequence[_Mark]) -> Sequence[Exception | None]:
        with redis_errors():
            async with self._redis.pipeline(transaction=False) as pipeline:
                for mark in marks:
                    await pipeline.zrem(waiting_set(mark.tenant_id, mark.session_id), str(mark.turn_id))
                    await pipeline.set(ended_mark(mark.tenant_id, mark.session_id), mark.turn_no, ex=MARKS_KEPT_SECONDS)
                await pipeline.execute()
        return [None] * len(marks)


def _keys(append: Append) -> list[str]:
    own = turn_stream(append.turn_id)
    return [own] if append.inbox is None else [own, inbox_stream(append.inbox)]


def _arguments(append: Append) -> list[str | bytes | int]:
    arguments: list[str | bytes | int] = [
        append.attempt,
        append.first,
        FRAMES_KEPT_SECONDS,
        str(append.turn_id),
        INBOX_LENGTH,
    ]
    for frame in append.frames:
        arguments += (frame.event, frame.data)
    return arguments


def _answer(answer: object) -> int | Exception:
    if isinstance(answer, RedisError):
        with redis_errors():
            raise answer
    return int(answer)  # type: ignore[call-overload,no-any-return]  # redis-py types a script's answer as object
