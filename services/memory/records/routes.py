"""Memory's records over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Header

from services.memory.records.declarations import SUMMARIES, Cohort, Totals
from services.memory.records.messages import ConversationMessages
from services.memory.records.sessions import ConversationSessions
from services.memory.records.summaries import InteractionSummaries
from shared.events.ids import TenantId
from shared.runtime.records import record_routes

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]


def memory_records(
    sessions: ConversationSessions, messages: ConversationMessages, summaries: InteractionSummaries
) -> APIRouter:
    """Routes under /internal/records."""
    router = APIRouter(prefix="/internal/records")

    @router.post(f"/{SUMMARIES.name}/aggregate")
    async def aggregate(cohort: Cohort, tenant: Tenant) -> Totals:
        return await summaries.together(tenant, cohort)

    router.include_router(record_routes(sessions, messages, summaries))
    return router
