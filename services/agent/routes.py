"""The agent's internal HTTP API: what gateways ask when neither their caches nor Kafka know."""

from typing import Annotated, Protocol
from uuid import UUID

import orjson
from fastapi import APIRouter, Header

from services.agent.schemas import EndingView, SessionView
from services.agent.session import Loaded
from shared.events.envelope import TYPE_HEADER
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.topics import REPLIES
from shared.runtime.http import Problem

Tenant = Annotated[UUID, Header(alias="x-parley-tenant")]
_NO_TURN = TurnId(UUID(int=0))


class Loads(Protocol):
    """Where sessions and endings are."""

    async def load(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId) -> Loaded: ...


def internal_routes(ledger: Loads) -> APIRouter:
    """Routes under /internal."""
    router = APIRouter(prefix="/internal")

    @router.get("/sessions/{session_id}")
    async def read_session(session_id: UUID, tenant_id: Tenant) -> SessionView:
        session = (await ledger.load(TenantId(tenant_id), SessionId(session_id), _NO_TURN)).session
        if session is None:
            raise Problem(404, "unknown_session", "There is no such session.")
        return SessionView(
            session_id=SessionId(session_id),
            user_id=session.user_id,
            domain=session.domain,
            session_no=session.session_no,
            turn_no=session.turn_no,
            created_at=session.opened_at,
            deleted=session.deleted,
        )

    @router.get("/sessions/{session_id}/turns/{turn_id}")
    async def read_ending(session_id: UUID, turn_id: UUID, tenant_id: Tenant) -> EndingView:
        ended = (await ledger.load(TenantId(tenant_id), SessionId(session_id), TurnId(turn_id))).ended
        replies = [each for each in (ended and ended.envelopes) or () if each.topic == REPLIES.name]
        if not replies:
            raise Problem(404, "not_ended", "This turn has not ended.")
        return EndingView(type=replies[0].header(TYPE_HEADER) or "", event=orjson.loads(replies[0].value))

    return router
