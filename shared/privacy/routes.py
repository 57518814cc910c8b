"""A service's internal API for what it holds of a person. The gateway has checked who asks."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

import orjson
from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from shared.events.ids import TenantId, UserId
from shared.privacy.store import Erasure, Held, Person
from shared.runtime.http import Problem

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]


class Data(Protocol):
    """What a service holds of people."""

    def export(self, person: Person) -> AsyncIterator[Held]: ...

    async def find(self, person: Person, erasure_id: UUID) -> Erasure | None: ...


class ErasureView(BaseModel):
    """How far an erasure is in one service."""

    model_config = ConfigDict(from_attributes=True)

    erased_at: datetime
    completed_at: datetime | None
    removed: dict[str, int]


def personal_data_routes(data: Data) -> APIRouter:
    """Routes under /internal/people."""
    router = APIRouter(prefix="/internal/people")

    @router.get("/{user_id:path}/data")
    async def export(user_id: UserId, tenant: Tenant) -> StreamingResponse:
        """One JSON object a line: `table` and `row`."""
        return StreamingResponse(lines(data.export(Person(tenant, user_id))), media_type="application/x-ndjson")

    @router.get("/{user_id:path}/erasures/{erasure_id}")
    async def read_erasure(user_id: UserId, erasure_id: UUID, tenant: Tenant) -> ErasureView:
        erasure = await data.find(Person(tenant, user_id), erasure_id)
        if erasure is None:
            raise Problem(404, "unknown_erasure", "No such erasure has begun here.")
        return ErasureView.model_validate(erasure)

    return router


async def lines(held: AsyncIterator[Held]) -> AsyncIterator[bytes]:
    """Rows as lines of JSON, with `{}` as the last: without it, something is missing."""
    async for each in held:
        yield orjson.dumps({"table": each.table, "row": _readable(each.row)}, default=str) + b"\n"
    yield b"{}\n"


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: orjson.loads(value) if isinstance(value, bytes) else value for name, value in row.items()}
