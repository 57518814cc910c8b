"""The internal HTTP API of records. The gateway has checked that the caller may work with them."""

from collections.abc import Awaitable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import APIRouter, Body, Header, Request
from pydantic import BaseModel

from shared.errors import Reject
from shared.events.ids import TenantId
from shared.runtime.http.problems import Problem
from shared.runtime.records.bodies import Bodies, Given, unknown
from shared.runtime.records.selection import MOST, Queries
from shared.runtime.records.table import Records

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]
Items = Annotated[list[Given], Body(min_length=1, max_length=MOST, embed=True)]

Result = TypeVar("Result")


def record_routes(*served: Records[Any]) -> APIRouter:
    """Routes for the nine operations on each of these, under the name of its record."""
    router = APIRouter()
    for records in served:
        own = APIRouter(prefix=f"/{records.record.name}")
        bodies = Bodies(records.record)
        # In this order: "count" and "bulk" would do as keys in a path.
        _add_lists(own, records)
        _add_bulk(own, records, bodies)
        _add_reads(own, records, bodies)
        _add_writes(own, records, bodies)
        router.include_router(own)
    return router


def _add_lists(router: APIRouter, records: Records[Any]) -> None:
    queries = Queries(records.record)

    @router.get("")
    async def select(tenant: Tenant, request: Request) -> dict[str, Any]:
        wanted = queries.selection(_query(request))
        found = await _allowed(records.select(tenant, wanted))
        # Behind a full page there may be another, if only an empty one.
        following = queries.cursor(wanted.order, found[-1]) if len(found) == wanted.limit else None
        return {"items": found, "next_cursor": following}

    @router.get("/count")
    async def count(tenant: Tenant, request: Request) -> dict[str, int]:
        return {"count": await _allowed(records.count(tenant, queries.filters(_query(request))))}


def _add_bulk(router: APIRouter, records: Records[Any], bodies: Bodies) -> None:
    key = records.record.key

    @router.post("/bulk")
    async def create_many(tenant: Tenant, items: Items) -> dict[str, list[str]]:
        """A repeated request makes nothing twice: `skipped` are those whose key was taken."""
        rows = bodies.many_new(items)
        created, skipped = _sorted_out(key, rows, await _allowed(records.create(tenant, rows)))
        return {"created": created, "skipped": skipped}

    @router.patch("/bulk")
    async def update_many(tenant: Tenant, items: Items) -> dict[str, list[str]]:
        changes = bodies.many_changes(items)
        updated, missing = _sorted_out(key, changes, await _allowed(records.update(tenant, changes)))
        return {"updated": updated, "missing": missing}


def _add_reads(router: APIRouter, records: Records[Any], bodies: Bodies) -> None:
    @router.get("/{key:path}/exists")
    async def exists(key: str, tenant: Tenant) -> dict[str, bool]:
        return {"exists": await _allowed(records.exists(tenant, bodies.key(key)))}

    @router.get("/{key:path}")
    async def read(key: str, tenant: Tenant) -> Any:
        found = await _allowed(records.read(tenant, bodies.key(key)))
        if found is None:
            raise unknown(records.record)
        return found


def _add_writes(router: APIRouter, records: Records[Any], bodies: Bodies) -> None:
    record = records.record

    @router.post("", status_code=201)
    async def create(tenant: Tenant, body: Given) -> Any:
        made = await _allowed(records.create(tenant, [bodies.new(body)]))
        if not made:
            raise Problem(409, "record_exists", f"There is one with this {record.key} already.", param=record.key)
        return made[0]

    @router.patch("/{key:path}")
    async def update(key: str, tenant: Tenant, body: Given) -> Any:
        updated = await _allowed(records.update(tenant, [bodies.change(bodies.key(key), body)]))
        if not updated:
            raise unknown(record)
        return updated[0]

    @router.delete("/{key:path}", status_code=204)
    async def delete(key: str, tenant: Tenant) -> None:
        if not await _allowed(records.delete(tenant, bodies.key(key))):
            raise unknown(record)


async def _allowed(work: Awaitable[Result]) -> Result:
    """What it gives; a 422 problem where the store refuses what was sent."""
    try:
        return await work
    except Reject as error:
        raise Problem(422, "refused", f"This is refused: {error}.") from None


def _sorted_out(key: str, asked: Sequence[Given], done: Sequence[BaseModel]) -> tuple[list[str], list[str]]:
    """The keys that were asked for, in order: those for which something was done, and the others."""
    found = {str(getattr(row, key)) for row in done}
    keys = [str(item[key]) for item in asked]
    return [each for each in keys if each in found], [each for each in keys if each not in found]


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.url.query, keep_blank_values=True)
