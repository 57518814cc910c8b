"""Memory's internal API. The gateway has checked that the caller may see what it asks for."""

from typing import Annotated

from fastapi import APIRouter, Header, Query

from services.memory.reading import Awaited, Place, Reader
from services.memory.schemas import (
    ExperienceView,
    MessagesView,
    MessageView,
    OwnedSessionView,
    SessionsView,
    SessionView,
    TurnView,
)
from services.memory.store import MessageKey, Monitoring, SessionKey
from shared.events.ids import SessionId, TenantId, TurnId, UserId
from shared.runtime.http import Problem
from shared.runtime.http.cursors import Cursors

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]
Limit = Annotated[int, Query(ge=1, le=200)]
DomainName = Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
TurnNo = Annotated[int | None, Query(ge=0, description="Wait until the session has come to this turn.")]

_SESSIONS = Cursors(SessionKey)
_MESSAGES = Cursors(MessageKey)


def internal_routes(reader: Reader, monitoring: Monitoring) -> APIRouter:
    """Routes under /internal."""
    router = APIRouter(prefix="/internal")
    _sessions(router, reader, monitoring)
    _messages(router, reader)
    return router


def _sessions(router: APIRouter, reader: Reader, monitoring: Monitoring) -> None:
    @router.get("/users/{user_id:path}/sessions")
    async def list_sessions(
        user_id: UserId,
        tenant: Tenant,
        domain: DomainName = None,
        limit: Limit = 50,
        cursor: str | None = None,
        seen: SessionId | None = None,
    ) -> SessionsView:
        after = _SESSIONS.decode(cursor)
        page = await reader.sessions(tenant, user_id, domain=domain, after=after, limit=limit, seen=seen)
        return SessionsView(
            items=[SessionView.model_validate(each) for each in page.items],
            next_cursor=_SESSIONS.encode(page.following),
            as_of=page.as_of,
        )

    @router.get("/sessions/{session_id}")
    async def read_session(session_id: SessionId, tenant: Tenant, turn_no: TurnNo = None) -> OwnedSessionView:
        session = await reader.session(Place(tenant, session_id), turn_no)
        if session is None:
            raise _no_session()
        experience = ExperienceView.model_validate(await monitoring.experience(tenant, session))
        return OwnedSessionView.model_validate(session).model_copy(update={"experience": experience})


def _messages(router: APIRouter, reader: Reader) -> None:
    @router.get("/sessions/{session_id}/messages")
    async def list_messages(
        session_id: SessionId,
        tenant: Tenant,
        limit: Limit = 50,
        cursor: str | None = None,
        turn_no: TurnNo = None,
        turn_id: TurnId | None = None,
    ) -> MessagesView:
        place, awaited = Place(tenant, session_id), Awaited(turn_no, turn_id)
        page = await reader.messages(place, after=_MESSAGES.decode(cursor), limit=limit, awaited=awaited)
        if page is None:
            raise _no_session()
        if turn_id is not None and not page.complete:
            raise Problem(503, "turn_not_ended", "That turn has not ended. Try again.", headers={"Retry-After": "2"})
        return MessagesView(
            items=[MessageView.model_validate(each) for each in page.items],
            next_cursor=_MESSAGES.encode(page.following),
            as_of=page.as_of,
            complete=page.complete,
        )

    @router.get("/sessions/{session_id}/turns/{turn_id}")
    async def read_turn(session_id: SessionId, turn_id: TurnId, tenant: Tenant) -> TurnView:
        status = await reader.turn(Place(tenant, session_id), turn_id)
        if status is None:
            raise Problem(404, "unknown_turn", "There is no such turn.")
        return TurnView(status=status)


def _no_session() -> Problem:
    return Problem(404, "unknown_session", "There is no such session.")
