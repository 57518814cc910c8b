"""Recall's internal API. Its callers have checked that the person asked about is the one who asks."""

from typing import Annotated

from fastapi import APIRouter, Header, Query

from services.memory.recall.faq import FrequentQuestions
from services.memory.recall.recall import Recall
from services.memory.recall.schemas import FaqView, FoundView, QuestionView, RecallRequest, RecallView, Storable
from services.memory.store import Scope
from shared.events.ids import TenantId

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]


def recall_routes(recall: Recall, questions: FrequentQuestions) -> APIRouter:
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

    @router.get("/faq")
    async def frequent(
        tenant: Tenant,
        text: Annotated[Storable | None, Query(max_length=2000)] = None,
        domain: Annotated[str | None, Query(max_length=64)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> FaqView:
        found = await questions.find(tenant, text, domain=domain, limit=limit)
        return FaqView(items=tuple(map(QuestionView.model_validate, found)), embedder=recall.embedder)

    return router
