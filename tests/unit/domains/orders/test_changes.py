"""What becomes of orders that were placed, in people's own words: changed, cancelled, repeated, sent somewhere."""

import pytest

from shared.domains.orders.outcomes import DeliveryScheduled, InvoiceIssued, OrderAmended, OrderCancelled
from tests.support.orders import talk
from tests.unit.domains.orders.talking import ORDER, TWO_LINES, effects, hold, lines


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
