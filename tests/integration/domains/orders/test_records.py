"""The order desk's five records over HTTP, beside what conversations write: nine operations each."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.domains.orders.records import RECORDS
from shared.events.ids import TenantId
from shared.runtime.http import create_app
from shared.runtime.postgres import Database
from shared.runtime.records import RecordTable, record_routes
from tests.support.talk import NOON

PRODUCT: dict[str, Any] = {
    "sku": "XB-01",
    "name": "Cake box",
    "name_zh": "蛋糕盒",
    "name_ms": "Kotak kek",
    "category": "cake boxes",
    "size": None,
    "unit": "box",
    "price_cents": 45,
    "stock": 10,
    "restock_on": None,
    "description": "",
    "keywords": ["gateau box"],
}
OUTLET: dict[str, Any] = {"outlet_id": "OUT-77", "name": "Corner", "address": "1 Road", "phone": None}


@pytest.fixture
async def records(database: Database, loaded: TenantId) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(alive=lambda: None, ready={})
    app.include_router(record_routes(*(RecordTable(database, record) for record in RECORDS)))
    headers = {"x-parley-tenant": str(loaded)}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://records", headers=headers) as client:
        yield client


def order(number: str, **facts: Any) -> dict[str, Any]:
    at = NOON.isoformat()
    amounts = {"subtotal_cents": 1000, "tax_cents": 90, "total_cents": 1090}
    ids = {"number": number, "user_id": "ana", "session_id": None, "outlet_id": "OUT-01"}
    return {**ids, "status": "placed", **amounts, "placed_at": at, "updated_at": at, **facts}


def delivery(order_id: str, number: str) -> dict[str, Any]:
    place = {"outlet_id": None, "address": "1 Road", "deliver_on": "2026-11-26"}
    return {"number": number, "order_id": order_id, **place, "status": "scheduled"}


def invoice(order_id: str, number: str) -> dict[str, Any]:
    dates = {"issued_on": "2026-11-25", "due_on": "2026-12-25"}
    amounts = {"subtotal_cents": 1000, "tax_cents": 90, "total_cents": 1090}
    return {"number": number, "order_id": order_id, **dates, **amounts, "status": "issued"}


async def created(records: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    response = await records.post(path, json=body)
    assert response.status_code == 201, response.text
    row: dict[str, Any] = response.json()
    return row


async def body_of(records: httpx.AsyncClient, path: str, number: str) -> dict[str, Any]:
    """A row of this record that can be created; its order is there."""
    match path:
        case "/products":
            return PRODUCT | {"sku": f"X-{number}"}
        case "/outlets":
            return OUTLET | {"outlet_id": f"X-{number}"}
        case "/orders":
            return order(f"S-{number}")
        case "/delivery_orders":
            return delivery((await created(records, "/orders", order(f"S-{number}")))["order_id"], f"D-{number}")
        case _:
            return invoice((await created(records, "/orders", order(f"S-{number}")))["order_id"], f"I-{number}")


CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/products": ("sku", {"stock": 7}),
    "/outlets": ("outlet_id", {"phone": "+65 6000 0000"}),
    "/orders": ("order_id", {"status": "cancelled"}),
    "/delivery_orders": ("delivery_order_id", {"address": "2 Road"}),
    "/invoices": ("invoice_id", {"status": "void"}),
}


@pytest.mark.parametrize("path", CHANGES)
async def test_the_nine_operations_work_on_each_record(records: httpx.AsyncClient, path: str) -> None:
    key, change = CHANGES[path]
    before = (await records.get(f"{path}/count")).json()["count"]

    row = await created(records, path, await body_of(records, path, "1"))
    place = f"{path}/{row[key]}"
    assert (await records.get(place)).json() == row
    assert (await records.get(f"{place}/exists")).json() == {"exists": True}
    changed = (await records.patch(place, json=change)).json()
    assert changed == row | change

    more = [await body_of(records, path, number) for number in ("2", "3")]
    made = (await records.post(f"{path}/bulk", json={"items": more})).json()
    assert (len(made["created"]), made["skipped"]) == (2, [])
    assert (await records.get(f"{path}/count")).json()["count"] == before + 3
    name = "number" if "number" in row else key
    listed = (await records.get(path, params={name: row[name]})).json()["items"]
    assert listed == [changed]
    updated = await records.patch(f"{path}/bulk", json={"items": [{key: each, **change} for each in made["created"]]})
    assert updated.json() == {"updated": made["created"], "missing": []}

    assert (await records.delete(place)).status_code == 204
    assert (await records.get(f"{place}/exists")).json() == {"exists": False}


async def test_an_order_that_goes_takes_its_documents_along(records: httpx.AsyncClient) -> None:
    row = await created(records, "/orders", order("S-1"))
    await created(records, "/invoices", invoice(row["order_id"], "I-1"))
    await created(records, "/delivery_orders", delivery(row["order_id"], "D-1"))

    await records.delete(f"/orders/{row['order_id']}")

    for path in ("/invoices", "/delivery_orders"):
        assert (await records.get(f"{path}/count", params={"order_id": row["order_id"]})).json() == {"count": 0}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/products", PRODUCT | {"sku": "lower"}, 422),
        ("/products", PRODUCT | {"stock": -1}, 422),
        ("/products", PRODUCT | {"stock": 3_000_000_000}, 422),
        ("/products", PRODUCT | {"price_cents": 0}, 422),
        ("/outlets", OUTLET | {"address": ""}, 422),
        ("/orders", order("S-1", status="lost"), 422),
        ("/invoices", invoice(str(uuid4()), "I-1"), 422),
    ],
)
async def test_a_row_that_cannot_be_is_refused(
    records: httpx.AsyncClient, path: str, body: dict[str, Any], status: int
) -> None:
    response = await records.post(path, json=body)

    assert response.status_code == status, response.text


async def test_a_second_invoice_that_stands_is_refused(records: httpx.AsyncClient) -> None:
    row = await created(records, "/orders", order("S-1"))
    await created(records, "/invoices", invoice(row["order_id"], "I-1"))

    second = await records.post("/invoices", json=invoice(row["order_id"], "I-2"))

    assert second.status_code == 409, second.text


async def test_orders_are_found_by_customer_amount_and_day(records: httpx.AsyncClient) -> None:
    for number, total in enumerate((1000, 2000, 3000), start=1):
        await created(records, "/orders", order(f"S-{number}", total_cents=total))
    await created(records, "/orders", order("S-4", user_id="ben", total_cents=3000))

    query: dict[str, str | int] = {"user_id": "ana", "total_cents.gte": 2000, "order": "-total_cents"}
    found = (await records.get("/orders", params=query)).json()

    assert [each["number"] for each in found["items"]] == ["S-3", "S-2"], found
