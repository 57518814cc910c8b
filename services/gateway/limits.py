"""Caps that hold in this process: open streams, and waiting turns while Redis cannot count them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.principal import Principal
from shared.events.ids import SessionId, TenantId, TurnId, UserId
from shared.runtime.http import Problem

_TOO_MANY = "https://iana.org/assignments/http-problem-types#quota-exceeded"


def too_many(code: str, detail: str, *, retry_after: int = 2) -> Problem:
    """A 429 problem."""
    members: dict[str, Any] = {"type": _TOO_MANY, "violated-policies": [code]}
    return Problem(429, code, detail, headers={"Retry-After": str(retry_after)}, **members)


class StreamSlots:
    """Counts open streams, of each user and of the process."""

    def __init__(self, *, per_user: int, in_all: int) -> None:
        self._per_user = per_user
        self._in_all = in_all
        self._of_user: dict[tuple[TenantId, UserId], int] = {}
        self.taken = 0

    def take(self, caller: Principal) -> None:
        """Count one more stream; raises a 429 problem when there is no room."""
        user = (caller.tenant_id, caller.user_id)
        own = self._of_user.get(user, 0)
        if own >= self._per_user:
            raise too_many("user_streams", f"You have {self._per_user} open streams, which is the most: close one.")
        if self.taken >= self._in_all:
            raise too_many("process_streams", "This gateway has as many open streams as it can bear: try again.")
        self._of_user[user] = own + 1
        self.taken += 1

    def release(self, caller: Principal) -> None:
        """A stream of this user has ended."""
        user = (caller.tenant_id, caller.user_id)
        self._of_user[user] -= 1
        self.taken -= 1
        if not self._of_user[user]:
            del self._of_user[user]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A turn that waits, from when it was accepted until it expires."""

    session_id: SessionId
    since: datetime
    until: datetime


class LocalQueue:
    """Counts the waiting turns that this process accepted while Redis was away."""

    def __init__(self, *, waiting_turns: int) -> None:
        self._most = waiting_turns
        self._turns: dict[str, _Waiting] = {}
        self._queues: dict[SessionId, set[str]] = {}

    def add(self, session_id: SessionId, turn_id: TurnId, *, now: datetime, expires_at: datetime) -> bool:
        """Count a turn; False when its session has no room. The same turn counts once."""
        for expired in [turn for turn in self._queues.get(session_id, ()) if self._turns[turn].until <= now]:
            self.remove(expired)
        name, queue = str(turn_id), self._queues.get(session_id, set())
        if name not in queue and len(queue) >= self._most:
            return False
        self._queues.setdefault(session_id, set()).add(name)
        self._turns.setdefault(name, _Waiting(session_id, now, expires_at))
        return True

    def waiting_since(self, session_id: SessionId, turn_id: TurnId) -> datetime | None:
        """When a turn of this session was accepted here, if it still waits."""
        waiting = self._turns.get(str(turn_id))
        return waiting.since if waiting is not None and waiting.session_id == session_id else None

    def remove(self, turn_id: str) -> None:
        """A turn has ended, wherever it was accepted."""
        waiting = self._turns.pop(turn_id, None)
        if waiting is None:
            return
        queue = self._queues[waiting.session_id]
        queue.discard(turn_id)
        if not queue:
            del self._queues[waiting.session_id]
