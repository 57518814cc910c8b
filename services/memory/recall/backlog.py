"""Which sessions have new messages, since this process began. What is forgotten here, a sweep of the tables finds."""

from collections import defaultdict

from shared.events.ids import SessionId, TenantId

_MOST = 20_000


class Backlog:
    """Sessions to be embedded, by tenant."""

    def __init__(self) -> None:
        self._sessions: defaultdict[TenantId, set[SessionId]] = defaultdict(set)
        self._count = 0
        self.overflowed = False
        """Whether sessions were forgotten because there were too many."""

    def note(self, tenant_id: TenantId, session_id: SessionId) -> None:
        """This session has a new message."""
        sessions = self._sessions[tenant_id]
        if self._count >= _MOST:
            self.overflowed = True
        elif session_id not in sessions:
            sessions.add(session_id)
            self._count += 1

    def take(self, most: int) -> tuple[TenantId, list[SessionId]] | None:
        """Some sessions of one tenant, which are then no longer noted; None: there are none."""
        if not self._sessions:
            return None
        tenant_id, sessions = next(iter(self._sessions.items()))
        taken = [sessions.pop() for _ in range(min(most, len(sessions)))]
        self._count -= len(taken)
        if sessions:
            self._sessions[tenant_id] = self._sessions.pop(tenant_id)  # the next tenant's turn
        else:
            del self._sessions[tenant_id]
        return tenant_id, taken
