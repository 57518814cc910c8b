"""Live frames and marks in Redis. What Redis loses here, Kafka and the ledger still have."""

from collections.abc import Sequence
from hashlib import sha1
from typing import Any

from redis.exceptions import NoScriptError, RedisError

from services.agent.live import Append
from shared.errors import Unavailable
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.live import (
    FRAMES_KEPT_SECONDS,
    INBOX_LENGTH,
    MARKS_KEPT_SECONDS,
    accepted_mark,
    ended_mark,
    inbox_stream,
    turn_stream,
    waiting_set,
)
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.redis import Command, PipelinedConnection

_PATIENCE_SECONDS = 1.0

# The first append of an attempt takes a number above every earlier attempt's and announces itself with `reset` when
# an earlier attempt has written. Nothing is written for an attempt that has been overtaken, or that begins to speak
# when its turn has ended: a worker that was paused must not follow the ending with an answer of its own.
_APPEND = """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local attempt, first = tonumber(ARGV[1]), tonumber(ARGV[2])
local latest = last and tonumber(string.match(last[1], '^%d+')) or -1
local function write(n, event, data)
    local id = string.format('%.0f-%d', attempt, n)
    redis.call('XADD', KEYS[1], id, 'e', event, 'd', data)
    if KEYS[3] then
        redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 't', ARGV[4], 'i', id, 'e', event, 'd', data)
    end
end
if first == 1 then
    if tonumber(redis.call('GET', KEYS[2]) or -1) >= tonumber(ARGV[6]) then return 0 end
    attempt = math.max(attempt, latest + 1)
    if last then write(0, 'reset', string.format('{"attempt":%.0f}', attempt)) end
elseif latest > attempt then
    return 0
end
for i = 7, #ARGV, 2 do write(first + (i - 7) / 2, ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
if KEYS[3] then redis.call('EXPIRE', KEYS[3], ARGV[3]) end
return attempt
"""
_APPEND_SHA = sha1(_APPEND.encode(), usedforsecurity=False).hexdigest()


class FrameStore:
    """The streams of running turns. What many turns write at once goes out together."""

    def __init__(self, connection: PipelinedConnection) -> None:
        self._connection = connection
        self._pipelines = GroupCommit(self._execute, at_once=1)

    async def append(self, append: Append) -> int:
        """Write frames; returns the attempt's number, 0 when another attempt has overtaken this one.

        Raises `Unavailable` when Redis does not answer.
        """
        return int(await self._pipelines.submit((_command(append),)))

    async def ended(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId, turn_no: int) -> None:
        """Leave the marks of an ended turn: it no longer waits, and readers know which turn to expect.

        Without a number, 0, there is no session, so nothing to expect: what was accepted and said live goes too.
        Raises `Unavailable` when Redis does not answer; a gateway gives the turn's place back when its queue seems
        full.
        """
        no_longer_waits: Command = ("ZREM", waiting_set(tenant_id, session_id), str(turn_id))
        mark: Command = ("SET", ended_mark(tenant_id, session_id), turn_no, "EX", MARKS_KEPT_SECONDS)
        forget: Command = ("DEL", turn_stream(turn_id), accepted_mark(turn_id))
        await self._pipelines.submit((no_longer_waits, mark if turn_no else forget))

    async def _execute(self, batch: Sequence[tuple[Command, ...]]) -> Sequence[Any]:
        answers = iter(await self._run([command for commands in batch for command in commands]))
        return [_outcome([next(answers) for _ in commands]) for commands in batch]

    async def _run(self, commands: Sequence[Command]) -> list[Any]:
        answers = await self._connection.run(commands, within_seconds=_PATIENCE_SECONDS)
        refused = [place for place, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if refused:
            again: list[Command] = [("SCRIPT", "LOAD", _APPEND), *(commands[place] for place in refused)]
            _, *repeated = await self._connection.run(again, within_seconds=_PATIENCE_SECONDS)
            for place, answer in zip(refused, repeated, strict=True):
                answers[place] = answer
        return answers


def _command(append: Append) -> Command:
    place = append.place
    keys = [turn_stream(place.turn_id), ended_mark(place.tenant_id, place.session_id)]
    if place.inbox is not None:
        keys.append(inbox_stream(place.inbox))
    frames = [part for frame in append.frames for part in (frame.event, frame.data)]
    numbers = (append.attempt, append.first, FRAMES_KEPT_SECONDS)
    told = (*numbers, str(place.turn_id), INBOX_LENGTH, place.turn_no)
    return ("EVALSHA", _APPEND_SHA, len(keys), *keys, *told, *frames)


def _outcome(answers: Sequence[Any]) -> Any:
    """The last answer, or why Redis refused one of them."""
    for answer in answers:
        if isinstance(answer, RedisError):
            return Unavailable(f"Redis refused: {answer}")
    return answers[-1]
