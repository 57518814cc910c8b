"""The order desk as its front ends have it: orders in three languages, their documents, records for other systems."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from tests.support.client import Client
from tests.support.stack import Stack

ORDER = "Hi, we need 400 boxes for 10 inch pizzas"


@pytest.fixture
async def desk(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.gateway.url, timeout=40, trust_env=False) as client:
        yield client


async def say(desk: httpx.AsyncClient, user: str, message: str, conversation: str | None = None) -> dict[str, Any]:
    body = {"message": message, "user_id": user} | ({"conversation_id": conversation} if conversation else {})
    response = await desk.post("/api/orders/chat", json=body)
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return reply


def part(reply: dict[str, Any], kind: str) -> dict[str, Any]:
    [value] = [each["value"] for each in reply["data"] if each["kind"] == kind]
    found: dict[str, Any] = value
    return found


async def test_a_sentence_becomes_an_order_a_delivery_order_and_an_invoice(desk: httpx.AsyncClient) -> None:
    placed = await say(desk, "luigi", ORDER)
    order, document = part(placed, "order"), part(placed, "document")

    for number in (order["number"], order["delivery"]["number"], order["invoice"]["number"]):
        assert number in placed["response"]
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("PB-10", 400)]
    listed = (await desk.get("/api/orders", params={"user_id": "luigi"})).json()["orders"]
    assert listed[0]["number"] == order["number"]
    assert (listed[0]["total_cents"], listed[0]["delivery"]["outlet_id"]) == (14824, "OUT-01")
    pdf = await desk.get(document["url"], params={"user_id": "luigi"})
    assert pdf.headers["content-type"] == "application/pdf"
    assert order["invoice"]["number"] in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()


async def test_an_order_is_changed_added_to_repeated_and_cancelled(desk: httpx.AsyncClient) -> None:
    first = await say(desk, "ben", ORDER)
    conversation = first["conversation_id"]
    more = part(await say(desk, "ben", "make it 500", conversation), "order")
    asked = await say(desk, "ben", "and 200 paper cups", conversation)
    assert asked["clarification_options"] == ["8 oz", "12 oz", "16 oz"]
    both = part(await say(desk, "ben", "12 oz", conversation), "order")
    cancelled = await say(desk, "ben", "cancel it", conversation)
    again = part(await say(desk, "ben", "300 dinner napkins"), "order")
    repeated = part(await say(desk, "ben", "same as last time"), "order")

    assert [line["quantity"] for line in more["lines"]] == [500]
    assert [(line["sku"], line["quantity"]) for line in both["lines"]] == [("PB-10", 500), ("PC-12", 200)]
    assert len({more["invoice"]["number"], both["invoice"]["number"]}) == 2
    assert both["number"] in cancelled["response"]
    status = (await desk.get(f"/api/orders/{both['number']}", params={"user_id": "ben"})).json()["status"]
    assert status == "cancelled"
    assert [line["quantity"] for line in repeated["lines"]] == [line["quantity"] for line in again["lines"]] == [300]


async def test_chinese_is_answered_in_chinese_also_on_the_invoice(desk: httpx.AsyncClient) -> None:
    greeted = await say(desk, "mei", "早上好")
    placed = await say(desk, "mei", "我们要300个12寸披萨盒", greeted["conversation_id"])
    pdf = await desk.get(part(placed, "document")["url"], params={"user_id": "mei"})

    assert greeted["response"].startswith("您好！")
    assert "披萨盒12寸" in placed["response"]
    assert placed["language"] == "zh"
    assert "披萨盒12寸" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()


async def test_malay_is_answered_in_malay(desk: httpx.AsyncClient) -> None:
    greeted = await say(desk, "siti", "Selamat pagi")
    placed = await say(desk, "siti", "nak 100 beg kertas besar", greeted["conversation_id"])

    assert greeted["response"].startswith("Hai!")
    assert "Terima kasih!" in placed["response"]


async def test_who_is_at_no_outlet_is_asked_where_it_goes(desk: httpx.AsyncClient) -> None:
    placed = await say(desk, "new-customer", ORDER)
    told = await say(desk, "new-customer", "Golden Wok Jurong", placed["conversation_id"])

    assert part(placed, "order")["delivery"]["address"] is None
    assert placed["response"].endswith("or an address.")
    assert part(told, "order")["delivery"]["outlet_id"] == "OUT-04"


async def test_orders_of_others_are_not_there(desk: httpx.AsyncClient) -> None:
    order = part(await say(desk, "hafiz", ORDER), "order")
    document = f"/api/orders/invoices/{order['invoice']['number']}.pdf"

    for path in (f"/api/orders/{order['number']}", document):
        assert (await desk.get(path, params={"user_id": "jia"})).status_code == 404
    assert order["number"] not in (await desk.get("/api/orders", params={"user_id": "jia"})).text


async def test_other_systems_work_with_the_desks_records(stack: Stack, desk: httpx.AsyncClient) -> None:
    order = part(await say(desk, "luca", ORDER), "order")
    async with Client(stack.gateway.url, "operator") as operator:
        path = "/v1/records"
        invoices = (await operator.get(f"{path}/invoices", order_id=order["order_id"]))["items"]
        deliveries = (await operator.get(f"{path}/delivery_orders", order_id=order["order_id"]))["items"]
        created = await operator.http.post(
            f"{path}/outlets", json={"outlet_id": "OUT-77", "name": "Corner", "address": "1 Road", "phone": None}
        )
        counted = await operator.get(f"{path}/orders/count", user_id="luca")
        changed = await operator.http.patch(f"{path}/products/PB-08", json={"stock": 6001})
        gone = await operator.http.delete(f"{path}/outlets/OUT-77")

    assert [each["number"] for each in invoices] == [order["invoice"]["number"]]
    assert [each["number"] for each in deliveries] == [order["delivery"]["number"]]
    assert (created.status_code, counted["count"], changed.json()["stock"], gone.status_code) == (201, 1, 6001, 204)


async def test_the_last_goods_are_sold_once_and_others_are_offered_what_is_left(
    stack: Stack, desk: httpx.AsyncClient
) -> None:
    users = ("jia", "wei", "hafiz", "luca")
    replies = await asyncio.gather(*(say(desk, user, "300 PET cups 22 oz") for user in users))

    [sold] = [reply for reply in replies if reply["data"]]
    assert [line["quantity"] for line in part(sold, "order")["lines"]] == [300]
    offers = [reply["response"] for reply in replies if reply is not sold]
    assert all(offer.startswith("We have 100 of PET cup 22 oz now") for offer in offers), offers
    async with Client(stack.gateway.url, "operator") as operator:
        assert (await operator.get("/v1/records/products/PT-22"))["stock"] == 100
