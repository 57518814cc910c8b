"""The invoice on paper, and money and days in words."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from shared.domains.orders.catalogue import Order, tax_on
from shared.domains.orders.documents import invoice_pdf
from shared.domains.orders.words import day, listed, money
from tests.support.orders import DeskInMemory, talk


async def ordered(words: str, user: str = "luigi") -> Order:
    session = talk(user)
    await session.say(words)
    return latest(session.tools)


def latest(tools: DeskInMemory) -> Order:
    return list(tools.kept.values())[-1]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_the_invoice_names_the_order_its_lines_and_what_is_to_be_paid() -> None:
    order = await ordered("400 pizza boxes 10 inch and 200 paper cups 12 oz")

    text = text_of(invoice_pdf(order))

    for said in (
        f"Invoice {order.invoice.number}",
        f"Order {order.number}, delivery order {order.delivery.number}",
        "Issued 25 November 2026, due 25 December 2026",
        "181 Orchard Road #03-12",
        "Pizza box 10 inch",
        "Paper cup 12 oz",
        "$158.00",
        "$14.22",
        "$172.22",
    ):
        assert said in text


async def test_chinese_names_and_addresses_are_on_the_invoice() -> None:
    session = talk("nobody")
    await session.say("我们要300个12寸披萨盒")
    await session.say("牛车水登婆街32号 058581")

    text = text_of(invoice_pdf(latest(session.tools)))

    assert "披萨盒12寸" in text
    assert "牛车水登婆街32号" in text


async def test_markup_in_a_name_or_an_address_is_only_text() -> None:
    order = await ordered("400 pizza boxes 10 inch")
    line = order.lines[0].model_copy(update={"name": "<b>Box</b> & <para>"})
    delivery = order.delivery.model_copy(update={"address": "1 <font size='90'>Road</font> & Co"})

    text = text_of(invoice_pdf(order.model_copy(update={"lines": (line,), "delivery": delivery})))

    assert "<b>Box</b> & <para>" in text
    assert "1 <font size='90'>Road</font> & Co" in text


async def test_a_hundred_lines_run_over_several_pages_and_none_is_lost() -> None:
    order = await ordered("400 pizza boxes 10 inch")
    lines = tuple(order.lines[0].model_copy(update={"name": f"Box number {number}"}) for number in range(100))

    pdf = invoice_pdf(order.model_copy(update={"lines": lines}))

    text = text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 2
    assert [number for number in range(100) if f"Box number {number}" not in text] == []


async def test_the_invoice_of_a_cancelled_order_says_that_it_is_void() -> None:
    order = await ordered("400 pizza boxes 10 inch")

    cancelled: dict[str, Any] = {"status": "cancelled"}

    assert "(void)" not in text_of(invoice_pdf(order))
    assert f"Invoice {order.invoice.number} (void)" in text_of(invoice_pdf(order.model_copy(update=cancelled)))


@pytest.mark.parametrize(("cents", "tax"), [(0, 0), (5, 0), (6, 1), (50, 5), (13_600, 1224), (10**12, 9 * 10**10)])
def test_tax_is_rounded_half_up_to_a_cent(cents: int, tax: int) -> None:
    assert tax_on(cents) == tax


@pytest.mark.parametrize(("cents", "said"), [(0, "$0.00"), (5, "$0.05"), (123_450, "$1,234.50")])
def test_money_has_two_places_and_thousands(cents: int, said: str) -> None:
    assert money(cents) == said


def test_days_and_lists_are_said_in_each_language() -> None:
    moment = date(2026, 11, 23)

    assert [day(moment, language) for language in ("en", "zh", "ms")] == [
        "Monday 23 November",
        "11月23日（周一）",
        "Isnin 23 November",
    ]
    assert listed(("a", "b", "c"), "en") == "a, b and c"
    assert listed(("a", "b"), "zh", either=True) == "a或b"
    assert listed(("a",), "ms") == "a"
