"""Customers' own words through the real understanding core, whole conversations of them."""

from typing import Any

import pytest

from shared.domains.base import Decision
from shared.domains.orders.outcomes import DeliveryScheduled, InvoiceIssued, OrderAmended, OrderCancelled, OrderPlaced
from tests.support.orders import talk
from tests.support.talk import Talk

ORDER = "400 pizza boxes 10 inch"
TWO_LINES = "400 pizza boxes 10 inch and 200 paper cups 12 oz"


async def hold(*words: str, user: str = "luigi") -> tuple[Talk, Decision[Any]]:
    """Say all of it in one session; the session and its last decision."""
    session = talk(user)
    for each in words:
        decision = await session.say(each)
    return session, decision


def lines(session: Talk) -> list[tuple[str, int]]:
    """The lines of the order that was made or changed last, if it stands."""
    kept = list(session.tools.kept.values())
    return [(line.sku, line.quantity) for line in kept[-1].lines] if kept and kept[-1].status == "placed" else []


def effects(decision: Decision[Any]) -> list[str]:
    return [effect.statement for effect in decision.effects]


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


@pytest.mark.parametrize(
    ("change", "ordered"),
    [
        ("make the boxes 500", [("PB-10", 500), ("PC-12", 200)]),
        ("100 more pizza boxes", [("PB-10", 500), ("PC-12", 200)]),
        ("100 fewer cups", [("PB-10", 400), ("PC-12", 100)]),
        ("remove the cups", [("PB-10", 400)]),
        ("remove 50 cups", [("PB-10", 400), ("PC-12", 150)]),
        ("cancel the cups", [("PB-10", 400)]),
        ("cancel 50 of the cups", [("PB-10", 400), ("PC-12", 150)]),
        ("取消纸杯", [("PB-10", 400)]),
        ("change the 10 inch to 12 inch", [("PB-12", 400), ("PC-12", 200)]),
        ("and 300 paper straws", [("PB-10", 400), ("PC-12", 200), ("ST-PA", 300)]),
        ("再加300个纸吸管", [("PB-10", 400), ("PC-12", 200), ("ST-PA", 300)]),
        ("tambah 300 straw kertas", [("PB-10", 400), ("PC-12", 200), ("ST-PA", 300)]),
    ],
)
async def test_an_order_of_several_lines_is_changed_where_it_is_meant(
    change: str, ordered: list[tuple[str, int]]
) -> None:
    session, decision = await hold(TWO_LINES, change)

    assert lines(session) == ordered, decision.text
    assert effects(decision) == ["amend"]
    assert {type(each) for each in decision.outcomes} == {OrderAmended, InvoiceIssued}


@pytest.mark.parametrize(
    ("change", "ordered"),
    [
        ("make it 500", [("PB-10", 500)]),
        ("100 more", [("PB-10", 500)]),
        ("100 more boxes", [("PB-10", 500)]),
        ("改成500个", [("PB-10", 500)]),
        ("再加100个", [("PB-10", 500)]),
        ("tukar kepada 500", [("PB-10", 500)]),
        ("reduce it to 300", [("PB-10", 300)]),
        ("reduce it by 100", [("PB-10", 300)]),
        ("make it 12 inch", [("PB-12", 400)]),
    ],
)
async def test_it_is_the_only_line(change: str, ordered: list[tuple[str, int]]) -> None:
    session, decision = await hold(ORDER, change)

    assert lines(session) == ordered, decision.text


async def test_of_two_changes_at_once_the_first_is_made_and_the_other_asked_for_again() -> None:
    session, decision = await hold(ORDER, "actually make it 300 and add 100 paper cups 8 oz")
    assert lines(session) == [("PB-10", 300)]
    assert decision.text.endswith("One change at a time, please: tell me again what to add.")

    await session.say("add 100 paper cups 8 oz")
    assert lines(session) == [("PB-10", 300), ("PC-08", 100)]


async def test_which_line_is_asked_and_its_answer_is_taken() -> None:
    session, asked = await hold(TWO_LINES, "make it 500")
    assert asked.question is not None
    assert asked.question.clarification.options == ("Pizza box 10 inch", "Paper cup 12 oz")

    await session.say("the cups")
    assert lines(session) == [("PB-10", 400), ("PC-12", 500)]


async def test_more_than_there_is_is_refused_and_another_amount_is_taken() -> None:
    session, refused = await hold("100 pizza boxes 14 inch", "make it 400")
    assert refused.effects == ()
    assert "at most 250 of Pizza box 14 inch" in refused.text

    await session.say("200")
    assert lines(session) == [("PB-14", 200)]


@pytest.mark.parametrize(
    "words", ["remove the boxes", "remove everything", "cancel the boxes", "I don't want it any more"]
)
async def test_nothing_is_left_of_an_order_only_after_a_yes(words: str) -> None:
    session, asked = await hold(ORDER, words)
    assert asked.text.endswith("can still be cancelled. Shall I cancel it?")

    await session.say("no")
    assert lines(session) == [("PB-10", 400)]


async def test_a_size_that_is_in_the_order_already_makes_one_line() -> None:
    session, _ = await hold("400 pizza boxes 10 inch, 200 pizza boxes 12 inch", "change the 10 inch to 12 inch")

    assert lines(session) == [("PB-12", 600)]


@pytest.mark.parametrize("words", ["cancel my order", "取消订单", "batalkan pesanan", "please cancel order SO-000001"])
async def test_an_order_is_cancelled_with_its_documents(words: str) -> None:
    session, decision = await hold(ORDER, words)

    assert lines(session) == []
    assert [type(each) for each in decision.outcomes] == [OrderCancelled]
    assert all(number in decision.text for number in ("SO-000001", "DO-000001", "INV-000001"))


@pytest.mark.parametrize("answer", ["where is it going?", "how much are paper cups 8 oz", "what do you sell?"])
async def test_a_yes_to_something_else_cancels_nothing(answer: str) -> None:
    session, decision = await hold(ORDER, "can I still cancel?", answer, "ok thanks")

    assert lines(session) == [("PB-10", 400)]
    assert decision.effects == ()


@pytest.mark.parametrize("aside", ["how much are they", "what do you sell?", "thanks", "where is my last order"])
async def test_the_subject_may_change_while_a_question_is_open(aside: str) -> None:
    session, told = await hold("400 pizza boxes", aside)
    assert "I did not get that" not in told.text
    assert told.effects == ()

    await session.say("10 inch")
    assert lines(session) == [("PB-10", 400)]


@pytest.mark.parametrize(
    ("first", "second", "answers", "ordered"),
    [
        ("400 pizza boxes", "I need 200 paper cups 12 oz", ("10 inch",), [("PB-10", 400), ("PC-12", 200)]),
        ("pizza boxes 10 inch", "200 paper cups 12 oz", ("400",), [("PB-10", 400), ("PC-12", 200)]),
    ],
)
async def test_more_goods_instead_of_an_answer_join_the_order(
    first: str, second: str, answers: tuple[str, ...], ordered: list[tuple[str, int]]
) -> None:
    session, decision = await hold(first, second, *answers)

    assert sorted(lines(session)) == ordered, decision.text


async def test_what_is_not_understood_twice_says_what_would_be() -> None:
    session, _ = await hold("400 pizza boxes")

    unclear = await session.say("hmm blah")
    assert unclear.text.startswith("I did not get that. Please say 8 inch, 9 inch,")
    await session.say("10 inch")
    assert lines(session) == [("PB-10", 400)]


async def test_the_last_order_that_stands_is_repeated_at_todays_prices() -> None:
    session, repeated = await hold(TWO_LINES, "300 dinner napkins", "cancel it", "same as last time")

    assert lines(session) == [("PB-10", 400), ("PC-12", 200)]
    assert effects(repeated) == ["place"]
    _, none = await hold("the usual please", user="stranger")
    assert none.text == "You have no orders with us yet. What do you need?"


@pytest.mark.parametrize(
    ("place", "outlet", "address"),
    [
        ("Golden Wok Jurong", "OUT-04", "Golden Wok Jurong, 50 Jurong Gateway Road #02-18, Singapore 608549"),
        ("the Jurong one", "OUT-04", "Golden Wok Jurong, 50 Jurong Gateway Road #02-18, Singapore 608549"),
        ("out-5", "OUT-05", "Warung Siti, 742 Geylang Road, Singapore 389645"),
        ("742 Geylang Road, Singapore 389645", None, "742 Geylang Road, Singapore 389645"),
        ("blk 12 Toa Payoh #03-11", None, "blk 12 Toa Payoh #03-11"),
        ("牛车水登婆街32号", None, "牛车水登婆街32号"),
    ],
)
async def test_who_has_no_outlet_is_asked_where_it_goes(place: str, outlet: str | None, address: str) -> None:
    session, asked = await hold(ORDER, user="stranger")
    assert asked.question is not None
    assert asked.question.about == "place"

    told = await session.say(place)
    [order] = session.tools.kept.values()
    assert (order.delivery.outlet_id, order.delivery.address) == (outlet, address)
    assert [type(each) for each in told.outcomes] == [DeliveryScheduled]


@pytest.mark.parametrize(
    "words",
    [
        "cancel order SO-000001",
        "再加100个小号纸袋",
        "make it 500 by the way",
        "how much are the 12 inch boxes",
        "订单号是多少",
        "Golden Wok",
        "1 " + "Long Road " * 60,
    ],
)
async def test_what_is_no_address_is_not_taken_for_one(words: str) -> None:
    session, told = await hold(ORDER, words, user="stranger")

    assert "deliver" not in effects(told)
    assert all(order.delivery.address is None for order in session.tools.kept.values())


async def test_a_place_that_is_not_known_is_asked_for_again() -> None:
    session, asked = await hold(ORDER, "Golden Wok", user="stranger")
    assert asked.text == "Where shall we deliver it? Tell me your outlet's name or code, or an address."

    await session.say("Golden Wok Chinatown")
    [order] = session.tools.kept.values()
    assert order.delivery.outlet_id == "OUT-03"


async def test_a_yes_or_no_to_nothing_changes_nothing() -> None:
    for words in ("yes", "ok", "no", "好的", "tak nak"):
        _, decision = await hold(ORDER, words)
        assert decision.effects == ()
        assert "not sure" not in decision.text


@pytest.mark.parametrize("number", ["SO-000777", "DO-000777", "INV-000777"])
@pytest.mark.parametrize(
    "words", ["where is {}", "cancel {}", "the invoice for {} please", "add 100 paper straws to {}"]
)
async def test_somebody_elses_order_is_unknown(words: str, number: str) -> None:
    _, decision = await hold(words.format(number))

    assert decision.text == f"I find no order {number} of yours."
    assert decision.effects == ()


async def test_an_older_order_is_changed_by_its_number() -> None:
    session, _ = await hold(ORDER, "300 dinner napkins", "add 100 paper straws to SO-000001")

    first, second = session.tools.kept.values()
    assert [(line.sku, line.quantity) for line in first.lines] == [("PB-10", 400), ("ST-PA", 100)]
    assert [(line.sku, line.quantity) for line in second.lines] == [("NP-DN", 300)]


async def test_the_language_follows_the_words_and_stays_where_they_say_nothing_of_it() -> None:
    session = talk()

    spoken = ("hello", "我要400个披萨盒", "10", "make it 500", "berapa harga cawan kertas 8 oz", "400")
    languages = [(await session.say(words)).language for words in spoken]

    assert languages == ["en", "zh", "zh", "en", "ms", "ms"]


async def test_prices_are_told_in_the_units_of_the_language() -> None:
    assert "每个$0.34" in (await hold("披萨盒10寸多少钱"))[1].text
    assert "berharga $0.09 satu cawan" in (await hold("berapa harga cawan kertas 8 oz"))[1].text
    assert "costs $0.34 a box" in (await hold("how much are pizza boxes 10 inch"))[1].text


async def test_what_it_costs_is_of_what_is_spoken_of() -> None:
    _, told = await hold("pizza boxes 10 inch", "how much are they")

    assert told.text.startswith("Pizza box 10 inch costs $0.34 a box")
