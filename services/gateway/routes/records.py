"""Rows of records, for operators: what the services behind store, one by one and many at once."""

from typing import Annotated, Any, Final

import httpx
from fastapi import APIRouter, Path, Request, Response

from services.gateway.gateway import TheGateway
from services.gateway.records import SUMMARIES
from services.gateway.routes.common import OPERATORS, Operator, problems
from services.gateway.schemas.records import (
    Cohort,
    InteractionTotals,
    RecordCount,
    RecordExists,
    RecordNames,
    RecordPage,
    Row,
    RowItems,
    RowsCreated,
    RowsUpdated,
)

router = APIRouter(prefix="/records", tags=["records"], responses=OPERATORS)

RecordPath = Annotated[str, Path(max_length=64, description="Such as `conversation_messages`.")]
KeyPath = Annotated[str, Path(max_length=512)]

_FILTERS: Final = """
Filters are query parameters named for fields: `intent=order`, `confidence.gte=0.8`, `role.in=user&role.in=assistant`,
`end_time.lte=2026-03-01T00:00:00Z`. One that a record does not have is a 422 that names those it has."""


def _query(*names: str) -> dict[str, Any]:
    """Parameters that the service behind reads, for the documentation."""
    texts = {
        "limit": ("1 to 1000.", {"type": "integer", "default": 50, "minimum": 1, "maximum": 1000}),
        "order": ("A field; with `-` before it, descending.", {"type": "string"}),
        "cursor": ("`next_cursor` of the page before, under the same order.", {"type": "string"}),
    }
    parameters = [
        {"name": name, "in": "query", "required": False, "description": texts[name][0], "schema": texts[name][1]}
        for name in names
    ]
    return {"parameters": parameters}


@router.get("", summary="List the records")
async def list_records(_: Operator, gateway: TheGateway) -> RecordNames:
    """Names of the records that there are."""
    return RecordNames(items=gateway.records.names)


@router.post(f"/{SUMMARIES}/aggregate", summary="Put summaries together", response_model=InteractionTotals)
async def aggregate_summaries(cohort: Cohort, caller: Operator, gateway: TheGateway) -> Response:
    """Conversations, messages, satisfaction, intents and languages of many users at once."""
    body = cohort.model_dump(mode="json")
    return _told(await gateway.records.ask(caller, "POST", SUMMARIES, "aggregate", json=body))


@router.get(
    "/{record}",
    summary="List rows",
    description=f"Rows that pass the filters, in order. {_FILTERS}",
    response_model=RecordPage,
    openapi_extra=_query("limit", "order", "cursor"),
)
async def list_rows(record: RecordPath, caller: Operator, gateway: TheGateway, request: Request) -> Response:
    return _told(await gateway.records.ask(caller, "GET", record, params=request.url.query))


@router.get(
    "/{record}/count",
    summary="Count rows",
    description=f"How many rows pass the filters. {_FILTERS}",
    response_model=RecordCount,
)
async def count_rows(record: RecordPath, caller: Operator, gateway: TheGateway, request: Request) -> Response:
    return _told(await gateway.records.ask(caller, "GET", record, "count", params=request.url.query))


@router.post("/{record}/bulk", summary="Create rows", response_model=RowsCreated)
async def create_rows(record: RecordPath, rows: RowItems, caller: Operator, gateway: TheGateway) -> Response:
    """All in one statement, or none. Those whose key is taken are left alone, so repeating the request is safe."""
    return _told(await gateway.records.ask(caller, "POST", record, "bulk", json=rows.model_dump()))


@router.patch("/{record}/bulk", summary="Change rows", response_model=RowsUpdated)
async def change_rows(record: RecordPath, changes: RowItems, caller: Operator, gateway: TheGateway) -> Response:
    """Each item names its row by the key and says what is to change; all in one statement."""
    return _told(await gateway.records.ask(caller, "PATCH", record, "bulk", json=changes.model_dump()))


@router.post(
    "/{record}",
    summary="Create a row",
    status_code=201,
    response_model=Row,
    responses=problems(_409="There is one with this key."),
)
async def create_row(record: RecordPath, row: Row, caller: Operator, gateway: TheGateway) -> Response:
    """A row from the fields that this record lets you set; a missing one that it needs is named."""
    return _told(await gateway.records.ask(caller, "POST", record, json=row))


@router.get("/{record}/{key:path}/exists", summary="Ask for a row", response_model=RecordExists)
async def row_exists(record: RecordPath, key: KeyPath, caller: Operator, gateway: TheGateway) -> Response:
    """Whether there is a row of this key."""
    return _told(await gateway.records.ask(caller, "GET", record, key, "exists"))


@router.get("/{record}/{key:path}", summary="Get a row", response_model=Row)
async def get_row(record: RecordPath, key: KeyPath, caller: Operator, gateway: TheGateway) -> Response:
    """One row, with all its fields."""
    return _told(await gateway.records.ask(caller, "GET", record, key))


@router.patch("/{record}/{key:path}", summary="Change a row", response_model=Row)
async def change_row(record: RecordPath, key: KeyPath, change: Row, caller: Operator, gateway: TheGateway) -> Response:
    """Sets the fields that are given; null empties one that may be empty."""
    return _told(await gateway.records.ask(caller, "PATCH", record, key, json=change))


@router.delete("/{record}/{key:path}", summary="Delete a row", status_code=204, response_class=Response)
async def delete_row(record: RecordPath, key: KeyPath, caller: Operator, gateway: TheGateway) -> Response:
    """Deletes one row. A session goes with all that was said in it, and what runs in it is cancelled."""
    return _told(await gateway.records.delete(caller, record, key))


def _told(answer: httpx.Response) -> Response:
    return Response(answer.content, answer.status_code, media_type="application/json")
