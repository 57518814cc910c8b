"""How far upkeep is with what has to be scrubbed or deleted, as operators see it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.ids import TenantId


class Standing(BaseModel):
    """One task on one class of records of a tenant."""

    model_config = ConfigDict(frozen=True)

    task: str = Field(description="What is done to which records, such as scrubbed_messages or deleted_messages.")
    after: timedelta = Field(description="How old a record may become before it is done.")
    due: int = Field(ge=0, description="Records that are older and still there.")
    oldest: AwareDatetime | None = Field(description="Of the records that it will be done to; null: there are none.")
    done: int = Field(ge=0, description="Records it was done to since the beginning.")
    last_at: AwareDatetime | None = Field(description="When it was last done to any.")
    archived: int | None = Field(default=None, description="Those of them that lie in cold storage; null: none can.")


class Standings(BaseModel):
    """All tasks of one service."""

    model_config = ConfigDict(frozen=True)

    items: tuple[Standing, ...]


def upkeep_routes(standings: Callable[[TenantId], Awaitable[Standings]]) -> APIRouter:
    """The internal endpoint of a service that tells how far its upkeep is."""
    router = APIRouter(prefix="/internal")

    @router.get("/upkeep")
    async def read_upkeep(tenant: Annotated[TenantId, Header(alias="x-parley-tenant")]) -> Standings:
        return await standings(tenant)

    return router
