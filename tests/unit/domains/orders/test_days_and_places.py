"""Days and places that are asked for, questions that order nothing, and what was shown before."""

import pytest

from shared.domains.orders.outcomes import DeliveryScheduled
from tests.support.orders import talk
from tests.support.talk import Talk

ORDER = "400 pizza boxes 10 inch"


async def hold(*words: str, user: str = "luigi") -> Talk:
    session = talk(user)
    for each in words:
        await session.say(each)
    return session


def ordered(session: Talk) -> list[tuple[str, int]]:
    return [(line.sku, line.quantity) for order in session.tools.kept.values() for line in order.lines]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        (f"{ORDER} by Saturday please", "2026-11-28"),
        (f"{ORDER} for 5 December", "2026-12-05"),
        (f"{ORDER} on Sunday", "2026-11-30"),
        (f"{ORDER} tomorrow", "2026-11-27"),
        ("周六送400个10寸披萨盒", "2026-11-28"),
        ("tolong hantar 100 kotak pizza 10 inci hari Sabtu", "2026-11-28"),
    ],
)
async def test_goods_come_on_the_day_that_is_asked_for_or_the_first_that_is_possible(words: str, day: str) -> None:
    [order] = (await hold(words)).tools.kept.values()
    assert order.delivery.deliver_on.isoformat() == day


async def test_a_day_that_is_not_possible_is_said() -> None:
    decision = await talk().say(f"{ORDER} on Sunday")
    assert decision.text.startswith("We cannot deliver on Sunday 29 November, so it comes on the first day that is")


async def test_the_day_is_remembered_while_something_else_is_asked() -> None:
    [order] = (await hold("400 pizza boxes for 5 December", "12 inch")).tools.kept.values()
    assert order.delivery.deliver_on.isoformat() == "2026-12-05"


@pytest.mark.parametrize(
    "words", ["deliver on Saturday instead", "can you move it to Saturday", "postpone it to Saturday"]
)
async def test_a_delivery_is_moved(words: str) -> None:
    session = await hold(ORDER)
    moved = await session.say(words)

    [order] = session.tools.kept.values()
    assert order.delivery.deliver_on.isoformat() == "2026-11-28"
    assert [type(each) for each in moved.outcomes] == [DeliveryScheduled]
    assert ordered(session) == [("PB-10", 400)]


@pytest.mark.parametrize(
    ("place", "outlet", "address"),
    [
        ("Luigi's Tampines", "OUT-02", "Luigi's Tampines, 10 Tampines Central 1 #01-40, Singapore 529536"),
        ("12 Temple Street", None, "12 Temple Street"),
    ],
)
async def test_goods_go_where_they_are_asked_to_go(place: str, outlet: str | None, address: str) -> None:
    [order] = (await hold(f"{ORDER}, deliver to {place}")).tools.kept.values()
    assert (order.delivery.outlet_id, order.delivery.address) == (outlet, address)


@pytest.mark.parametrize(
    "words",
    ["do you have 400 pizza boxes 10 inch?", "what do 400 pizza boxes 10 inch cost?", "400个10寸披萨盒多少钱"],
)
async def test_a_question_with_an_amount_orders_nothing_until_it_is_taken(words: str) -> None:
    session = talk()
    asked = await session.say(words)
    assert asked.effects == ()
    assert "$136.00" in asked.text

    await session.say("ok, send them")
    assert ordered(session) == [("PB-10", 400)]


async def test_what_was_asked_about_is_not_ordered_later() -> None:
    session = await hold("do you have 400 pizza boxes 10 inch?", "what do you sell?", "yes")
    assert ordered(session) == []


@pytest.mark.parametrize(
    ("question", "words", "goods"),
    [
        ("what sizes of pizza boxes do you have?", "400 of the 12 inch", [("PB-12", 400)]),
        ("what sizes of pizza boxes do you have?", "400 of the second one", [("PB-09", 400)]),
        ("do you have 14 inch pizza boxes in stock?", "ok 200 of those", [("PB-14", 200)]),
    ],
)
async def test_what_was_shown_is_ordered_without_its_name(
    question: str, words: str, goods: list[tuple[str, int]]
) -> None:
    assert ordered(await hold(question, words)) == goods


async def test_the_same_again_in_another_amount() -> None:
    session = await hold(ORDER, "same as last time but 500")
    assert ordered(session) == [("PB-10", 400), ("PB-10", 500)]


async def test_prices_while_something_is_asked_are_of_what_may_be_meant() -> None:
    session = await hold("200 12 oz cups")
    told = await session.say("how much is it")
    assert told.text == "Of paper cups and plastic cups we have: Paper cup 12 oz ($0.11) and PET cup 12 oz ($0.12)."
