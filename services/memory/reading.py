"""Reads that include what their caller knows to have happened, by waiting for it for a while."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.memory.metrics import MemoryMetrics
from services.memory.store import FIRST, NEWEST, History, MessageKey, Session, SessionKey
from services.memory.transcript import Message, Progress
from shared.events.ids import SessionId, TenantId, TurnId
from shared.runtime.polling import read_until


@dataclass(frozen=True, slots=True)
class Place:
    """One session of one tenant."""

    tenant_id: TenantId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a read of messages must include: the session up to a turn's number, or one turn wherever it stands."""

    turn_no: int | None = None
    turn_id: TurnId | None = None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Some of a user's sessions; `following` leads to more."""

    items: list[Session]
    following: SessionKey | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some of a session's messages; `following` leads to more. `complete`: what was awaited is included."""

    items: list[Message]
    following: MessageKey | None
    as_of: datetime
    complete: bool


class Reader:
    """Sessions and messages for the internal API."""

    def __init__(
        self, history: History, *, wait: timedelta, now: Callable[[], datetime], metrics: MemoryMetrics
    ) -> None:
        self._history = history
        self._wait = wait
        self._now = now
        self._metrics = metrics

    async def sessions(
        self,
        tenant_id: TenantId,
        user_id: str,
        *,
        domain: str | None,
        after: SessionKey | None,
        limit: int,
        seen: SessionId | None,
    ) -> SessionPage:
        """A user's sessions, last active first; with `seen`, once that session is among what is known."""
        if seen is not None:
            await self._known(Place(tenant_id, seen), turn_no=0)
        as_of = self._now()
        after = after or NEWEST
        found = await self._history.sessions(tenant_id, user_id, domain=domain, after=after, limit=limit + 1)
        items = found[:limit]
        following = SessionKey(items[-1].last_active_at, items[-1].session_id) if len(found) > limit else None
        return SessionPage(items, following, as_of)

    async def session(self, place: Place, turn_no: int | None) -> Session | None:
        """A session that is not deleted; with `turn_no`, once it has come so far."""
        session = await self._known(place, turn_no)
        return None if session is None or session.deleted else session

    async def messages(
        self, place: Place, *, after: MessageKey | None, limit: int, awaited: Awaited
    ) -> MessagePage | None:
        """Messages in order, what waits for its answer at the end; None of a deleted session."""
        ended = awaited.turn_id is None or await self._ended(place, awaited.turn_id)
        session = await self._known(place, awaited.turn_no)
        as_of = self._now()
        if session is None:
            return MessagePage([], None, as_of, complete=ended and not awaited.turn_no)
        if session.deleted:
            return None
        complete = ended and session.turn_no >= (awaited.turn_no or 0)
        # Read before the messages: a turn that ends in between is then seen twice rather than not at all.
        pending = await self._history.pending(place.tenant_id, place.session_id, session.user_id, as_of)
        found = await self._history.messages(place.tenant_id, session, after=after or FIRST, limit=limit + 1)
        if len(found) > limit:
            last = found[limit - 1]
            return MessagePage(found[:limit], MessageKey(last.turn_no or 0, last.role), as_of, complete)
        settled = {message.turn_id for message in found}
        waiting = [message for message in pending if message.turn_id not in settled]
        return MessagePage(found + waiting, None, as_of, complete)

    async def turn(self, place: Place, turn_id: TurnId) -> Progress | None:
        """How far a turn is, as far as memory knows."""
        return await self._history.turn(place.tenant_id, place.session_id, turn_id, self._now())

    async def _known(self, place: Place, turn_no: int | None) -> Session | None:
        """The session, waiting until it has come to `turn_no`; 0 waits until there is one."""

        def enough(session: Session | None) -> bool:
            return turn_no is None or (session is not None and (session.deleted or session.turn_no >= turn_no))

        session = await read_until(
            lambda: self._history.session(place.tenant_id, place.session_id), enough, within=self._wait
        )
        self._note(late=not enough(session))
        return session

    async def _ended(self, place: Place, turn_id: TurnId) -> bool:
        progress = await read_until(
            lambda: self.turn(place, turn_id), lambda seen: seen not in {None, "pending"}, within=self._wait
        )
        late = progress in {None, "pending"}
        self._note(late=late)
        return not late

    def _note(self, *, late: bool) -> None:
        if late:
            self._metrics.late_reads.inc()
