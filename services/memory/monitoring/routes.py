"""Monitoring over the internal API, for the gateway, which lets operators in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import AwareDatetime

from services.memory.figures import SessionRef
from services.memory.monitoring.report import Report, Reporting
from services.memory.store import Monitoring
from shared.events.ids import TenantId

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]
Days = Annotated[int, Query(ge=1, le=31)]
DomainName = Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
Limit = Annotated[int, Query(ge=1, le=1_000)]


def monitoring_routes(reporting: Reporting, monitoring: Monitoring) -> APIRouter:
    """Routes under /internal/monitoring."""
    router = APIRouter(prefix="/internal/monitoring")

    @router.get("")
    async def read_report(tenant: Tenant, days: Days = 7, domain: DomainName = None) -> Report:
        return await reporting.of(tenant, days, domain)

    @router.get("/sessions")
    async def list_silent_sessions(
        tenant: Tenant,
        before: AwareDatetime,
        *,
        unspoken: bool = False,
        after: UUID = UUID(int=0),  # noqa: B008 -- a constant
        limit: Limit = 500,
    ) -> list[SessionRef]:
        return await monitoring.sessions(tenant, unspoken=unspoken, before=before, after=after, limit=limit)

    return router
