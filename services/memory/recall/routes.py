"""Recall's internal API. Its callers have checked that the person asked about is the one who asks."""

from typing import Annotated

from fastapi import APIRouter, Header

from services.memory.recall.recall import Recall
from services.memory.recall.schemas import FoundView, RecallRequest, RecallView
from services.memory.store import Scope
from shared.events.ids import TenantId

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]


def recall_routes(recall: Recall) -> APIRouter:
    """Routes under /internal."""
    router = APIRouter(prefix="/internal")

    @router.post("/recall")
    async def find(request: RecallRequest, tenant: Tenant) -> RecallView:
        scope = Scope(
            tenant_id=tenant,
            user_id=request.user_id,
            domain=request.domain,
            excluding=request.excluding,
            since=request.since,
            until=request.until,
        )
        found = await recall.find(scope, request.text, limit=request.limit)
        return RecallView(items=tuple(map(FoundView.model_validate, found)), embedder=recall.embedder)

    return router
