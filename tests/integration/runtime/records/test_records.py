"""The nine operations on a record, over HTTP and a real table."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

CRATE: dict[str, Any] = {"label": "plums", "weight": "12.50", "packed": "2026-03-01"}


async def made(crates: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    response = await crates.post("/crates", json=CRATE | more)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def listed(crates: httpx.AsyncClient, **query: Any) -> list[str]:
    response = await crates.get("/crates", params=query)
    assert response.status_code == 200, response.text
    return [each["label"] for each in response.json()["items"]]


async def test_a_row_is_created_read_changed_and_deleted(crates: httpx.AsyncClient) -> None:
    crate = await made(crates, tags=["ripe", "red"], notes={"dents": 2})
    assert crate == CRATE | {
        "id": crate["id"],
        "kind": "box",
        "tags": ["ripe", "red"],
        "notes": {"dents": 2},
        "owner": None,
        "sealed": False,
    }
    place = f"/crates/{crate['id']}"
    assert (await crates.get(place)).json() == crate
    assert (await crates.get(f"{place}/exists")).json() == {"exists": True}

    changed = await crates.patch(place, json={"owner": "ada", "weight": 11})
    assert changed.json() == crate | {"owner": "ada", "weight": "11.00"}
    forgotten = await crates.patch(place, json={"owner": None})
    assert forgotten.json() == crate | {"weight": "11.00"}

    assert (await crates.delete(place)).status_code == 204
    assert (await crates.get(f"{place}/exists")).json() == {"exists": False}
    for response in (await crates.get(place), await crates.patch(place, json={}), await crates.delete(place)):
        assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_record")


async def test_the_same_key_twice_is_a_conflict(crates: httpx.AsyncClient) -> None:
    crate = await made(crates)

    again = await crates.post("/crates", json=CRATE | {"id": crate["id"]})

    assert (again.status_code, again.json()["error"]["code"]) == (409, "record_exists")


async def test_rows_are_filtered_ordered_and_counted(crates: httpx.AsyncClient) -> None:
    await made(crates, label="light", weight=1, packed="2026-01-01")
    await made(crates, label="middle", weight=5, packed="2026-01-02", kind="pallet", owner="ada")
    await made(crates, label="heavy", weight=9, packed="2026-01-03", owner="bo")

    assert await listed(crates) == ["heavy", "middle", "light"]
    assert await listed(crates, order="weight") == ["light", "middle", "heavy"]
    assert await listed(crates, **{"weight.gte": "5", "weight.lte": "8.5"}) == ["middle"]
    assert await listed(crates, **{"owner.in": ["ada", "bo", "cy"]}, limit=1) == ["heavy"]
    assert await listed(crates, kind="pallet") == ["middle"]
    assert (await crates.get("/crates/count")).json() == {"count": 3}
    assert (await crates.get("/crates/count", params={"packed.gte": "2026-01-02"})).json() == {"count": 2}


@pytest.mark.parametrize("order", ["packed", "-packed", "-weight"])
async def test_pages_hold_every_row_once_though_many_are_equal(crates: httpx.AsyncClient, order: str) -> None:
    items = [CRATE | {"label": f"n{number}", "weight": number % 2} for number in range(7)]
    await crates.post("/crates/bulk", json={"items": items})

    seen, query = [], {"order": order, "limit": "3"}
    while True:
        page = (await crates.get("/crates", params=query)).json()
        seen += [each["label"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert sorted(seen) == [f"n{number}" for number in range(7)]


async def test_a_cursor_of_another_order_is_refused(crates: httpx.AsyncClient) -> None:
    await made(crates)
    cursor = (await crates.get("/crates", params={"limit": 1})).json()["next_cursor"]

    response = await crates.get("/crates", params={"cursor": cursor, "order": "weight"})

    assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid_cursor")


async def test_many_are_created_at_once_and_a_repeated_request_makes_nothing_twice(crates: httpx.AsyncClient) -> None:
    items = [CRATE | {"id": str(uuid4())} for _ in range(3)]
    ids = [each["id"] for each in items]

    assert (await crates.post("/crates/bulk", json={"items": items[:2]})).json() == {"created": ids[:2], "skipped": []}
    assert (await crates.post("/crates/bulk", json={"items": items})).json() == {"created": ids[2:], "skipped": ids[:2]}
    assert (await crates.get("/crates/count")).json() == {"count": 3}


async def test_many_are_changed_at_once_each_in_fields_of_its_own(crates: httpx.AsyncClient) -> None:
    first, second, absent = await made(crates), await made(crates, owner="bo"), str(uuid4())
    items = [
        {"id": first["id"], "owner": "ada"},
        {"id": second["id"], "weight": 3, "tags": ["new"]},
        {"id": absent, "owner": "x"},
    ]

    response = await crates.patch("/crates/bulk", json={"items": items})

    assert response.json() == {"updated": [first["id"], second["id"]], "missing": [absent]}
    assert (await crates.get(f"/crates/{first['id']}")).json() == first | {"owner": "ada"}
    assert (await crates.get(f"/crates/{second['id']}")).json() == second | {"weight": "3.00", "tags": ["new"]}


async def test_another_tenant_sees_and_changes_nothing(crates: httpx.AsyncClient) -> None:
    crate = await made(crates)
    stranger = {"x-parley-tenant": str(uuid4())}

    assert (await crates.get("/crates", headers=stranger)).json()["items"] == []
    assert (await crates.patch(f"/crates/{crate['id']}", json={"owner": "x"}, headers=stranger)).status_code == 404
    assert (await crates.delete(f"/crates/{crate['id']}", headers=stranger)).status_code == 404
    assert (await crates.get(f"/crates/{crate['id']}")).json() == crate


@pytest.mark.parametrize(
    ("query", "code", "allowed"),
    [
        ("secret=s3cret", "unknown_filter", "kind, kind.in, weight, weight.gte"),
        ("kind.gte=s3cret", "unknown_filter", "kind.in"),
        ("order=s3cret", "unknown_order", "packed, weight, id"),
        ("kind=s3cret", "invalid_request", "'box' or 'pallet'"),
        ("weight.gte=s3cret", "invalid_request", "query.weight"),
        ("limit=s3cret", "invalid_request", "from 1 to 1000"),
        ("limit=1001", "invalid_request", "from 1 to 1000"),
        ("kind=box&kind=pallet", "repeated_filter", "`in`"),
        ("owner=s3cret%00", "refused", "This is refused: a number or time is out of range, or a text has"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused_with_what_there_is(
    crates: httpx.AsyncClient, query: str, code: str, allowed: str
) -> None:
    response = await crates.get(f"/crates?{query}")

    assert (response.status_code, response.json()["error"]["code"]) == (422, code)
    assert allowed in response.json()["detail"]
    assert "s3cret" not in response.text


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        (CRATE | {"s3cret": 1}, "unknown_field", "label, kind, weight"),
        (CRATE | {"sealed": True}, "unknown_field", "label, kind, weight"),
        (CRATE | {"kind": "s3cret"}, "invalid_request", "body.kind"),
        (CRATE | {"weight": -1}, "invalid_request", "body.weight"),
        (CRATE | {"label": "cursed"}, "refused", "crates_label_check"),
        (CRATE | {"label": "s3cret\x00"}, "refused", "cannot be stored"),
        ({"label": "plums"}, "invalid_request", "body.weight"),
    ],
)
async def test_a_row_that_may_not_be_is_refused_with_the_place(
    crates: httpx.AsyncClient, body: dict[str, Any], code: str, named: str
) -> None:
    for response, place in (
        (await crates.post("/crates", json=body), named),
        (await crates.post("/crates/bulk", json={"items": [CRATE, body]}), named.replace("body.", "body.items.1.")),
    ):
        assert (response.status_code, response.json()["error"]["code"]) == (422, code)
        assert place in response.json()["detail"]
        assert "s3cret" not in response.text
    assert (await crates.get("/crates/count")).json() == {"count": 0}


async def test_what_is_set_at_creation_only_is_not_changed(crates: httpx.AsyncClient) -> None:
    crate = await made(crates)

    response = await crates.patch(f"/crates/{crate['id']}", json={"packed": "2026-01-01"})

    assert (response.status_code, response.json()["error"]["code"]) == (422, "unknown_field")


async def test_a_key_that_cannot_be_one_is_unknown(crates: httpx.AsyncClient) -> None:
    assert (await crates.get("/crates/not-a-uuid")).status_code == 404
    assert UUID((await made(crates))["id"]).version == 7
