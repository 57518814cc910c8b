"""What was accepted under which id, and how many turns of a session wait."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from services.gateway.store.commands import Commands
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.live import MARKS_KEPT_SECONDS, Accepted, accepted_mark, deleted_mark, waiting_set

# One round trip decides: the same again, no session, no room, or new and counted. A turn that is past its expiry no
# longer waits, whether or not the agent has said so yet.
_ADMIT = """
local known = redis.call('GET', KEYS[1])
if known then return {'known', known} end
if redis.call('EXISTS', KEYS[3]) == 1 then return {'deleted'} end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3])
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) then return {'full'} end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[6])
redis.call('PEXPIREAT', KEYS[2], ARGV[4])
return {'new'}
"""

# `SET NX GET` needs a newer Redis than our floor.
_REMEMBER = """
local known = redis.call('GET', KEYS[1])
if not known then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return known
"""


class Acceptance(Accepted):
    """What a gateway remembers of what it accepted, with the session it belongs to."""

    session_id: SessionId


class Verdict(Enum):
    """Whether a turn may be accepted."""

    NEW = auto()
    KNOWN = auto()
    FULL = auto()
    DELETED = auto()
    UNSURE = auto()
    """Accepted, but nobody could say whether it had been before."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The verdict; `known` is what was accepted under this id before."""

    verdict: Verdict
    known: Acceptance | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A turn that wants to wait in its session's queue."""

    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId
    now: datetime
    expires_at: datetime


class Accepts:
    """The accept records and the waiting sets."""

    def __init__(self, commands: Commands, *, waiting_turns: int) -> None:
        self._commands = commands
        self._waiting_turns = waiting_turns

    async def admit(self, place: Place, acceptance: Acceptance) -> Admission:
        """Accept a turn once, if its session has room."""
        answer = await self._commands.run(
            "EVAL",
            _ADMIT,
            3,
            accepted_mark(place.turn_id),
            waiting_set(place.tenant_id, place.session_id),
            deleted_mark(place.tenant_id, place.session_id),
            acceptance.model_dump_json(),
            MARKS_KEPT_SECONDS,
            _ms(place.now),
            _ms(place.expires_at),
            self._waiting_turns,
            str(place.turn_id),
        )
        known = Acceptance.model_validate_json(answer[1]) if len(answer) > 1 else None
        return Admission(Verdict[answer[0].decode().upper()], known)

    async def remember(self, id_: UUID, acceptance: Acceptance) -> Acceptance | None:
        """Accept something that does not wait; returns what was accepted under this id before."""
        known = await self._commands.run(
            "EVAL", _REMEMBER, 1, accepted_mark(id_), acceptance.model_dump_json(), MARKS_KEPT_SECONDS
        )
        return None if known is None else Acceptance.model_validate_json(known)

    async def find(self, id_: UUID) -> Acceptance | None:
        """What was accepted under this id in the last day."""
        known = await self._commands.run("GET", accepted_mark(id_))
        return None if known is None else Acceptance.model_validate_json(known)

    async def waiting(self, tenant_id: TenantId, session_id: SessionId) -> list[TurnId]:
        """The turns that count as waiting."""
        found: list[bytes] = await self._commands.run("ZRANGE", waiting_set(tenant_id, session_id), 0, -1)
        return [TurnId(UUID(turn_id.decode())) for turn_id in found]

    async def leave(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId) -> None:
        """A turn that has ended, or whose publication is unknown, does not keep others waiting."""
        await self._commands.run("ZREM", waiting_set(tenant_id, session_id), str(turn_id))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
