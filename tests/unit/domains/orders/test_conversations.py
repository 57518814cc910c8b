"""Customers' own words through the real understanding core, whole conversations of them."""

import pytest

from shared.domains.orders.outcomes import DeliveryScheduled, InvoiceIssued, OrderPlaced
from tests.unit.domains.orders.talking import TWO_LINES, hold, lines


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        ("Hi, we need 400 boxes for 10 inch pizzas", [("PB-10", 400)]),
        ("good morning, pls send 200 paper cups 12oz", [("PC-12", 200)]),
        ("can I get 50 rolls of cling film 30cm", [("CF-30", 50)]),
        ("1k paper straws", [("ST-PA", 1000)]),
        ("1.5k paper cups 8 oz please", [("PC-08", 1500)]),
        ("a dozen dinner napkins", [("NP-DN", 12)]),
        ("two hundred and fifty dinner napkins", [("NP-DN", 250)]),
        ("we are out of boba straws, 2,000 please", [("ST-BB", 2000)]),
        ("300 piza boxs 12 inch", [("PB-12", 300)]),
        ('pizza boxes 12" x 300', [("PB-12", 300)]),
        ("400 PB-10", [("PB-10", 400)]),
        ("restock: 20 packs wooden forks", [("CT-FK", 20)]),
        ("100 large kraft bags", [("KB-L", 100)]),
        ("3 boxes nitrile gloves medium", [("GL-M", 3)]),
        ("80 thermal rolls 80mm", [("TR-80", 80)]),
        ("1 litre lunch boxes, 250", [("LB-1000", 250)]),
        (TWO_LINES, [("PB-10", 400), ("PC-12", 200)]),
        ("400 boxes 10 inch,200 paper cups 12 oz", [("PB-10", 400), ("PC-12", 200)]),
        ("1) 400 pizza boxes 10 inch\n2) 200 paper cups 12 oz", [("PB-10", 400), ("PC-12", 200)]),
        ("pizza boxes: 400 of 10 inch and 200 of 12 inch", [("PB-10", 400), ("PB-12", 200)]),
        ("我们要400个10寸披萨盒", [("PB-10", 400)]),
        ("三百五十个12寸披萨盒", [("PB-12", 350)]),
        ("2千个粗吸管", [("ST-BB", 2000)]),
        ("请送100个大号纸袋和50卷30厘米保鲜膜", [("KB-L", 100), ("CF-30", 50)]),
        ("nak 400 kotak pizza 10 inci", [("PB-10", 400)]),
        ("tolong hantar dua ratus cawan kertas 12 oz", [("PC-12", 200)]),
        ("saya perlukan 100 beg kertas besar dan 50 beg kertas kecil", [("KB-L", 100), ("KB-S", 50)]),
        ("I need 400 pizza boxes 10 inch. Thank you!", [("PB-10", 400)]),
    ],
)
async def test_what_is_clear_is_ordered_at_once(words: str, ordered: list[tuple[str, int]]) -> None:
    session, decision = await hold(words)

    assert lines(session) == ordered, decision.text
    assert {type(each) for each in decision.outcomes} == {OrderPlaced, DeliveryScheduled, InvoiceIssued}


@pytest.mark.parametrize(
    ("words", "about", "language"),
    [
        ("400 pizza boxes", "size", "en"),
        ("I want to order cling film", "size", "en"),
        ("we need 100 cups", "product", "en"),
        ("need boxes", "product", "en"),
        ("pizza boxes 10 inch please", "quantity", "en"),
        ("0 pizza boxes 10 inch", "quantity", "en"),
        ("-50 pizza boxes 10 inch", "quantity", "en"),
        ("2.5 pizza boxes 10 inch", "quantity", "en"),
        ("400 pizza boxes 14 inch", "offer", "en"),
        ("100 pizza boxes 18 inch", "offer", "en"),
        ("400 pizza boxes 11 inch", "size", "en"),
        ("我要400个披萨盒", "size", "zh"),
        ("要10寸披萨盒", "quantity", "zh"),
        ("nak 300 kotak pizza", "size", "ms"),
    ],
)
async def test_what_is_not_clear_is_asked(words: str, about: str, language: str) -> None:
    _, decision = await hold(words)

    assert decision.question is not None, decision.text
    assert (decision.question.about, decision.language) == (about, language)
    assert decision.effects == ()


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("where is my order?", "order_status"),
        ("when is the delivery", "order_status"),
        ("the invoice again please", "invoice"),
        ("what sizes of pizza boxes do you have", "products"),
        ("how much are paper cups 8 oz", "price"),
        ("any gloves left?", "stock"),
        ("same as last time", "repeat"),
        ("hello there", "greeting"),
        ("thank you so much", "thanks"),
        ("let me talk to a real person", "human"),
        ("what can you do for me", "help"),
        ("what is the weather like", "out_of_scope"),
        ("早上好", "greeting"),
        ("纸杯多少钱", "price"),
        ("selamat pagi", "greeting"),
        ("berapa harga beg kertas", "price"),
    ],
)
async def test_what_else_customers_want_is_understood(words: str, intent: str) -> None:
    session, decision = await hold(words)

    assert session.last.intent == intent
    assert decision.effects == ()


@pytest.mark.parametrize(
    ("spoken", "ordered"),
    [
        (("400 pizza boxes", "10 inch"), [("PB-10", 400)]),
        (("400 pizza boxes", "the 12"), [("PB-12", 400)]),
        (("400 pizza boxes", "12 inch please, and 100 paper straws"), [("PB-12", 400), ("ST-PA", 100)]),
        (("pizza boxes 10 inch", "400"), [("PB-10", 400)]),
        (("pizza boxes 10 inch", "a dozen"), [("PB-10", 12)]),
        (("100 cups", "paper", "12 oz"), [("PC-12", 100)]),
        (("need boxes", "pizza boxes", "10 inch", "400"), [("PB-10", 400)]),
        (("我要披萨盒", "10寸", "四百个"), [("PB-10", 400)]),
        (("nak kotak pizza", "12 inci", "tiga ratus"), [("PB-12", 300)]),
        (("400 pizza boxes and 100 paper straws", "10 inch"), [("PB-10", 400), ("ST-PA", 100)]),
        (("400 pizza boxes and 100 paper straws", "no"), [("ST-PA", 100)]),
    ],
)
async def test_a_question_is_answered_until_the_order_is_clear(
    spoken: tuple[str, ...], ordered: list[tuple[str, int]]
) -> None:
    session, decision = await hold(*spoken)

    assert lines(session) == ordered, decision.text


@pytest.mark.parametrize(
    ("answer", "ordered"),
    [
        ("yes please", [("PB-14", 250)]),
        ("ok", [("PB-14", 250)]),
        ("no problem, send 250", [("PB-14", 250)]),
        ("just 100 then", [("PB-14", 100)]),
        ("要200个就好", [("PB-14", 200)]),
        ("好的", [("PB-14", 250)]),
        ("boleh", [("PB-14", 250)]),
        ("no, 12 inch instead", [("PB-12", 400)]),
        ("no", []),
        ("不要了", []),
        ("tak nak", []),
    ],
)
async def test_an_offer_of_fewer_is_taken_changed_or_left(answer: str, ordered: list[tuple[str, int]]) -> None:
    session, decision = await hold("400 pizza boxes 14 inch", answer)

    assert lines(session) == ordered, decision.text


async def test_what_is_out_of_stock_is_offered_in_the_nearest_size() -> None:
    session, offered = await hold("400 pizza boxes 18 inch")
    assert offered.text.startswith("Pizza box 18 inch is out of stock, and more arrives on Friday 4 December. Shall I")

    await session.say("yes")
    assert lines(session) == [("PB-16", 400)]


async def test_the_same_goods_named_twice_are_one_line_that_the_stock_has_to_bear() -> None:
    session, decision = await hold("4000 pizza boxes 8 inch and 3000 pizza boxes 8 inch")

    assert decision.question is not None
    assert decision.question.about == "offer"
    await session.say("yes")
    assert lines(session) == [("PB-08", 6000)]
