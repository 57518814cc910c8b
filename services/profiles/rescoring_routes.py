"""The internal API of rescorings. The gateway has checked that an operator asks."""

from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Header

from services.profiles.rescoring import Rescorer
from shared.domains.rescoring import ComparisonView, RescoringList, RescoringRequest, RescoringView
from shared.events.ids import TenantId

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]
User = Annotated[str, Header(alias="x-parley-user", description="Percent-encoded.")]


def rescoring_routes(rescorer: Rescorer) -> APIRouter:
    """Routes under /internal/rescorings."""
    router = APIRouter(prefix="/internal/rescorings")

    @router.get("")
    async def list_rescorings(tenant: Tenant) -> RescoringList:
        return await rescorer.list(tenant)

    @router.post("")
    async def start_rescoring(tenant: Tenant, user: User, wanted: RescoringRequest) -> RescoringView:
        return await rescorer.start(tenant, wanted, unquote(user))

    @router.get("/{run}")
    async def read_rescoring(tenant: Tenant, run: UUID) -> RescoringView:
        return await rescorer.find(tenant, run)

    @router.get("/{run}/comparison")
    async def compare_rescoring(tenant: Tenant, run: UUID) -> ComparisonView:
        return await rescorer.compare(tenant, run)

    @router.post("/{run}/switch")
    async def switch_rescoring(tenant: Tenant, run: UUID) -> RescoringView:
        return await rescorer.switch(tenant, run)

    @router.delete("/{run}", status_code=204)
    async def drop_rescoring(tenant: Tenant, run: UUID) -> None:
        await rescorer.drop(tenant, run)

    return router
