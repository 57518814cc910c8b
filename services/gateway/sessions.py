"""Conversations: opening, finding, listing and deleting them."""

from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Final

import structlog

from services.gateway.clients import AgentClient, MemoryClient
from services.gateway.idempotency import Submission
from services.gateway.principal import Principal
from services.gateway.publishing import Publisher
from services.gateway.schemas import RecallList, RecallQuery, SessionDetails, SessionPage, SessionView
from services.gateway.store import Acceptance, Accepts, KnownSession, SessionStore
from shared.domains.surface import Page
from shared.errors import Unavailable
from shared.events.ids import SessionId, TenantId, event_of
from shared.events.turns import SessionDeleted, SessionOpened
from shared.runtime.http import Problem

_log = structlog.get_logger(__name__)

_REMEMBERED: Final = 50_000


def unknown_session() -> Problem:
    """Absent, deleted and somebody else's look the same."""
    return Problem(404, "session_not_found", "There is no such session.")


class RecentSessions:
    """The sessions this process saw last. Owner and domain never change, so nothing here goes stale."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._sessions: OrderedDict[tuple[TenantId, SessionId], KnownSession] = OrderedDict()

    def find(self, tenant_id: TenantId, session_id: SessionId) -> KnownSession | None:
        """The session if it was seen lately."""
        session = self._sessions.get((tenant_id, session_id))
        if session is not None:
            self._sessions.move_to_end((tenant_id, session_id))
        return session

    def add(self, tenant_id: TenantId, session: KnownSession) -> None:
        """Remember a session, and forget the one not seen for longest."""
        self._sessions[tenant_id, session.session_id] = session
        if len(self._sessions) > self._most:
            self._sessions.popitem(last=False)

    def drop(self, tenant_id: TenantId, session_id: SessionId) -> None:
        """Forget a session."""
        self._sessions.pop((tenant_id, session_id), None)


class Sessions:
    """The sessions of all callers; each sees their own only."""

    def __init__(
        self, store: SessionStore, accepts: Accepts, agent: AgentClient, memory: MemoryClient, publisher: Publisher
    ) -> None:
        self._store = store
        self._accepts = accepts
        self._agent = agent
        self._memory = memory
        self._publisher = publisher
        self._recent = RecentSessions()

    async def open(self, caller: Principal, domain: str, submission: Submission, now: datetime) -> SessionView:
        """Open a session; the same key opens the same one. Raises a 503 problem when Kafka does not accept it."""
        session_id = SessionId(submission.id)
        created_at = await self._opening_time(session_id, submission, now)
        session = KnownSession(session_id=session_id, user_id=caller.user_id, domain=domain, created_at=created_at)
        opened = SessionOpened(
            event_id=event_of(session_id, "opened"),
            occurred_at=created_at,
            tenant_id=caller.tenant_id,
            request_id=caller.request_id,
            session_id=session_id,
            user_id=caller.user_id,
            domain=domain,
        )
        await self._publisher.publish(opened, session_id=session_id)
        self._recent.add(caller.tenant_id, session)
        await _if_redis_is_up(self._store.remember(caller.tenant_id, session))
        await _if_redis_is_up(self._store.mark_opened(caller.tenant_id, session))
        return _fresh_view(session)

    async def resolve(self, caller: Principal, session_id: SessionId) -> KnownSession:
        """The caller's session; raises the 404 problem, or `Unavailable` when nobody can say.

        A session deleted a moment ago may still be found: accepting a turn checks that itself.
        """
        session = await self.known(caller, session_id)
        if session.user_id != caller.user_id:
            raise unknown_session()
        return session

    async def known(self, caller: Principal, session_id: SessionId) -> KnownSession:
        """A session of the caller's tenant, whoever owns it; raises as `resolve` does."""
        session = self._recent.find(caller.tenant_id, session_id) or await self._look_up(caller, session_id)
        if session is None:
            raise unknown_session()
        return session

    async def current(self, caller: Principal, session_id: SessionId) -> KnownSession:
        """The caller's session, and not deleted as far as anybody can say."""
        session = await self.resolve(caller, session_id)
        try:
            deleted = await self._store.deleted(caller.tenant_id, [session_id])
        except Unavailable:
            return session
        if deleted:
            raise unknown_session()
        return session

    async def view(self, caller: Principal, session_id: SessionId) -> SessionDetails:
        """One session with what memory knows of it."""
        session = await self.current(caller, session_id)
        turn_no = await self.last_ended_turn(caller, session_id)
        return await self._memory.session(caller, session_id, turn_no=turn_no) or _fresh_view(session)

    async def last_ended_turn(self, caller: Principal, session_id: SessionId) -> int | None:
        """The number of the last turn that ended, as far as Redis knows."""
        try:
            return await self._store.last_ended_turn(caller.tenant_id, session_id)
        except Unavailable:
            return None

    async def list(self, caller: Principal, page: Page, *, domain: str | None = None) -> SessionPage:
        """The caller's sessions, the one they opened last included."""
        try:
            seen = None if page.cursor else await self._store.last_opened(caller.tenant_id, caller.user_id)
        except Unavailable:
            seen = None
        found = await self._memory.sessions(caller, domain=domain, limit=page.limit, cursor=page.cursor, seen=seen)
        if found is None:
            raise Unavailable("memory: has no list of sessions")
        deleted = await self._deleted(caller, [each.session_id for each in found.items])
        items = tuple(each for each in found.items if each.session_id not in deleted)
        return found.model_copy(update={"items": items})

    async def recall(self, caller: Principal, wanted: RecallQuery) -> RecallList:
        """What the caller said in sessions that they did not delete."""
        found = await self._memory.recall(caller, wanted)
        deleted = await self._deleted(caller, [each.session_id for each in found.items])
        items = tuple(each for each in found.items if each.session_id not in deleted)
        return found.model_copy(update={"items": items})

    async def delete(self, caller: Principal, session_id: SessionId, now: datetime) -> None:
        """Delete the caller's session: from now on nobody finds it."""
        await self.current(caller, session_id)
        await self.forget(caller, session_id, now)

    async def forget(self, owner: Principal, session_id: SessionId, now: datetime) -> None:
        """Have every service forget a session of this owner, also one that only some of them know."""
        deleted = SessionDeleted(
            event_id=event_of(session_id, "deleted"),
            occurred_at=now,
            tenant_id=owner.tenant_id,
            request_id=owner.request_id,
            session_id=session_id,
            user_id=owner.user_id,
        )
        await self._publisher.publish(deleted, session_id=session_id)
        self._recent.drop(owner.tenant_id, session_id)
        await _if_redis_is_up(self._store.mark_deleted(owner.tenant_id, session_id))

    async def _deleted(self, caller: Principal, sessions: Sequence[SessionId]) -> set[SessionId]:
        """Those that were deleted a moment ago, as far as Redis knows."""
        try:
            return await self._store.deleted(caller.tenant_id, sessions)
        except Unavailable:
            return set()

    async def _opening_time(self, session_id: SessionId, submission: Submission, now: datetime) -> datetime:
        acceptance = Acceptance(
            body_hash=submission.body_hash, submitted_at=now.isoformat(), session_id=SessionId(session_id)
        )
        try:
            known = await self._accepts.remember(session_id, acceptance)
        except Unavailable:
            return now
        return now if known is None else submission.agreed(known)

    async def _look_up(self, caller: Principal, session_id: SessionId) -> KnownSession | None:
        try:
            cached, deleted = await self._store.find(caller.tenant_id, session_id)
        except Unavailable:
            cached, deleted = None, False
        if deleted:
            return None
        session = cached or await self._ask_agent(caller, session_id)
        if session is not None:
            self._recent.add(caller.tenant_id, session)
        return session

    async def _ask_agent(self, caller: Principal, session_id: SessionId) -> KnownSession | None:
        owned = await self._agent.session(caller, session_id)
        if owned is None or owned.deleted:
            return None
        session = KnownSession.model_validate(owned.model_dump())
        await _if_redis_is_up(self._store.remember(caller.tenant_id, session))
        return session


async def _if_redis_is_up(write: Awaitable[None]) -> None:
    """A mark that cannot be left costs a look at the owner later, never the request."""
    try:
        await write
    except Unavailable as error:
        _log.warning("mark not left", reason=str(error))


def _fresh_view(session: KnownSession) -> SessionDetails:
    return SessionDetails(
        session_id=session.session_id,
        domain=session.domain,
        created_at=session.created_at,
        last_active_at=session.created_at,
    )
