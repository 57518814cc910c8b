"""The agent's internal HTTP API: what gateways ask when neither their caches nor Kafka know, or for a pack."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Protocol
from urllib.parse import unquote
from uuid import UUID

import orjson
from fastapi import APIRouter, Body, Header
from pydantic import BaseModel, JsonValue, ValidationError

from services.agent.schemas import DailyUsage, EndingView, SessionView, StateView, TurnPlace
from services.agent.session import Ended, Loaded, Session
from shared.domains.base import AnyDomain, Operation, Scope
from shared.events.envelope import TYPE_HEADER
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.topics import REPLIES
from shared.runtime.http import Problem
from shared.runtime.postgres import Database
from shared.runtime.records import RecordTable, record_routes

Tenant = Annotated[UUID, Header(alias="x-parley-tenant")]
User = Annotated[str, Header(alias="x-parley-user", description="Percent-encoded.")]
_MOST_TURNS = 1_000
_NO_TURN = TurnId(UUID(int=0))


class Loads(Protocol):
    """Where sessions and endings are."""

    async def load(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId) -> Loaded: ...


class CountsUsage(Protocol):
    """Where it is written down what language models did."""

    async def by_day(self, tenant_id: TenantId, first: date, last: date) -> list[DailyUsage]: ...


def internal_routes(ledger: Loads) -> APIRouter:
    """Routes under /internal."""
    router = APIRouter(prefix="/internal")

    @router.get("/sessions/{session_id}")
    async def read_session(session_id: UUID, tenant_id: Tenant) -> SessionView:
        session = await _session(ledger, session_id, tenant_id)
        return SessionView(
            session_id=SessionId(session_id),
            user_id=session.user_id,
            domain=session.domain,
            session_no=session.session_no,
            turn_no=session.turn_no,
            created_at=session.opened_at,
            deleted=session.deleted,
        )

    @router.get("/sessions/{session_id}/state")
    async def read_state(session_id: UUID, tenant_id: Tenant) -> StateView:
        session = await _session(ledger, session_id, tenant_id)
        return StateView(domain=session.domain, turn_no=session.turn_no, state=session.remembered.pack)

    @router.post("/sessions/known")
    async def known_sessions(
        asked: Annotated[list[UUID], Body(max_length=_MOST_TURNS)], tenant_id: Tenant
    ) -> list[UUID]:
        """Those of these sessions that there are and that are not deleted."""
        tenant = TenantId(tenant_id)
        found = await asyncio.gather(*(ledger.load(tenant, SessionId(each), _NO_TURN) for each in asked))
        known = zip(asked, (loaded.session for loaded in found), strict=True)
        return [session_id for session_id, session in known if session is not None and not session.deleted]

    @router.post("/endings")
    async def read_endings(asked: Annotated[list[TurnPlace], Body(max_length=_MOST_TURNS)]) -> list[EndingView | None]:
        """How these turns ended, in their order; null for one that has not."""
        loads = (ledger.load(each.tenant_id, each.session_id, each.turn_id) for each in asked)
        return [_ending(loaded.ended) for loaded in await asyncio.gather(*loads)]

    return router


def usage_routes(book: CountsUsage) -> APIRouter:
    """What language models did for a tenant."""
    router = APIRouter(prefix="/internal")

    @router.get("/usage")
    async def read_usage(tenant_id: Tenant, first: date, last: date) -> list[DailyUsage]:
        return await book.by_day(TenantId(tenant_id), first, last)

    return router


def _ending(ended: Ended | None) -> EndingView | None:
    replies = [each for each in (ended and ended.envelopes) or () if each.topic == REPLIES.name]
    if not replies:
        return None
    return EndingView(type=replies[0].header(TYPE_HEADER) or "", event=orjson.loads(replies[0].value))


def pack_routes(domains: Mapping[str, AnyDomain], tools: Callable[[AnyDomain, Scope], Any]) -> APIRouter:
    """Routes under /internal/packs: the operations that packs declare."""
    router = APIRouter(prefix="/internal/packs")

    @router.post("/{name}/{operation}")
    async def operate(
        name: str, operation: str, tenant_id: Tenant, user: User, body: Annotated[dict[str, JsonValue], Body()]
    ) -> Any:
        domain = domains.get(name)
        wanted: Operation[Any] | None = domain.operations.get(operation) if domain else None
        if domain is None or wanted is None:
            raise Problem(404, "unknown_operation", "No pack that is installed here has this operation.")
        scope = Scope(TenantId(tenant_id), unquote(user))
        done = await wanted.run(tools(domain, scope), _arguments(wanted, body))
        if done is None:
            raise Problem(404, "not_found", "There is no such thing.")
        return done

    return router


def record_routes_of(domains: Iterable[AnyDomain], database: Database) -> APIRouter:
    """Routes under /internal/packs/{name}/records: the rows of the tables that packs declare as records."""
    router = APIRouter(prefix="/internal/packs")
    for domain in domains:
        records = (RecordTable(database, record) for record in domain.records)
        router.include_router(record_routes(*records), prefix=f"/{domain.name}/records")
    return router


async def _session(ledger: Loads, session_id: UUID, tenant_id: UUID) -> Session:
    session = (await ledger.load(TenantId(tenant_id), SessionId(session_id), _NO_TURN)).session
    if session is None:
        raise Problem(404, "unknown_session", "There is no such session.")
    return session


def _arguments(operation: Operation[Any], body: dict[str, JsonValue]) -> BaseModel:
    try:
        return operation.arguments.model_validate(body)
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise Problem(422, "invalid_arguments", reasons) from None
