"""Caps that hold in this process: open streams, and waiting turns while Redis cannot count them."""

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


class LocalQueue:
    """Counts the waiting turns that this process accepted while Redis was away."""

    def __init__(self, *, waiting_turns: int) -> None:
        self._most = waiting_turns
        self._queues: dict[SessionId, dict[str, datetime]] = {}
        self._sessions: dict[str, SessionId] = {}

    def add(self, session_id: SessionId, turn_id: TurnId, *, now: datetime, expires_at: datetime) -> bool:
        """Count a turn; False when its session has no room. The same turn counts once."""
        for expired in [turn for turn, expiry in self._queues.get(session_id, {}).items() if expiry <= now]:
            self.remove(expired)
        queue = self._queues.setdefault(session_id, {})
        if str(turn_id) not in queue and len(queue) >= self._most:
            return False
        queue[str(turn_id)] = expires_at
        self._sessions[str(turn_id)] = session_id
        return True

    def remove(self, turn_id: str) -> None:
        """A turn has ended, wherever it was accepted."""
        session_id = self._sessions.pop(turn_id, None)
        if session_id is None:
            return
        queue = self._queues[session_id]
        del queue[turn_id]
        if not queue:
            del self._queues[session_id]
