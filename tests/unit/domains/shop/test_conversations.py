"""Customers' own words through the real understanding core."""

from typing import Any

import pytest

from shared.domains.base import Decision
from shared.domains.shop.outcomes import OrderCancelled, ReturnRequested
from tests.support.shop import talk


async def hold(*words: str, user: str = "ana") -> Decision[Any]:
    """Say all of it in one session; the last decision."""
    session = talk(user)
    for each in words[:-1]:
        await session.say(each)
    return await session.say(words[-1])


def effects(decision: Decision[Any]) -> list[str]:
    return [effect.statement for effect in decision.effects if effect.statement != "reopen"]


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("search", "do u have any running shoes under $100"),
        ("search", "我想买耳机"),
        ("details", "tell me about the TrailRunner 2"),
        ("details", "trailruner 2 price"),
        ("stock", "is SKU-88 available"),
        ("stock", "is the QuietMax sold out"),
        ("compare", "what is the difference between the QuietBuds and the QuietMax"),
        ("order_status", "wheres my parcel"),
        ("order_status", "order #1234"),
        ("order_history", "what have I ordered so far"),
        ("return", "the headphones I got are broken, I want my money back"),
        ("return", "return order 1041"),
        ("cancel_order", "pls cancel order #1240"),
        ("policy", "how long does shipping take"),
        ("human", "let me talk to a real person"),
        ("greeting", "hello there"),
        ("thanks", "thank you so much"),
        ("goodbye", "bye bye"),
        ("help", "what can you do for me"),
        ("out_of_scope", "it is raining"),
    ],
)
async def test_what_customers_want_is_understood(intent: str, words: str) -> None:
    session = talk()
    await session.say(words)

    assert session.last.intent == intent


@pytest.mark.parametrize(
    "words", ["this is fucking ridiculous, i want a human", "where is my order, give me a real person", "转人工"]
)
async def test_who_asks_for_a_person_is_not_told_of_orders(words: str) -> None:
    assert (await hold("#1234", words)).text.startswith("I am sorry for the trouble.")


@pytest.mark.parametrize(
    "words",
    ["I need a tent for two people", "give me the cheapest smartwatch", "a gift for a person who runs, under $50"],
)
async def test_who_shops_for_people_is_not_handed_over(words: str) -> None:
    assert (await hold(words)).text.startswith("Here is what I have")


@pytest.mark.parametrize("words", ["ok i'll take it", "add it to my cart", "i want to buy it"])
async def test_who_wants_to_buy_is_told_where(words: str) -> None:
    decision = await hold("tell me about the RoadFlyer", words)

    assert decision.text == "I cannot take orders here: put RoadFlyer (SKU-15, $149) in the basket on its page."


@pytest.mark.parametrize(
    ("words", "answer"), [("in red?", "No, there is none in red. "), ("does it come in grey", "Yes, there is grey. ")]
)
async def test_a_colour_that_is_asked_about_is_answered(words: str, answer: str) -> None:
    assert (await hold("tell me about the RoadFlyer", words)).text.startswith(answer)


async def test_a_bare_limit_is_a_price() -> None:
    decision = await hold("show me tents under 300")

    assert decision.text == "Here is what I have in tents up to $300: 1. Dome 2 by Northfell, $229, rated 4.6."


async def test_a_parcel_that_never_came_is_looked_up() -> None:
    assert (await hold("#1188", "i never got it!!")).text.startswith("Order #1188 (QuietMax) was delivered")


async def test_the_cheapest_is_asked_for_in_chinese() -> None:
    assert "1. Nimbus Kids by Corvo, $49" in (await hold("有没有跑鞋", "最便宜的")).text


async def test_a_price_asked_in_chinese_is_found() -> None:
    assert (await hold("耳机多少钱")).text.startswith("Here is what I have in headphones")


async def test_the_cheapest_is_that_of_the_list() -> None:
    headphones = ("do you have any headphones?", "how much is the second one")
    for talked in (headphones, headphones[:1]):
        assert (await hold(*talked, "whats teh price of the cheapest one")).text.startswith("Wired One by Sonara")


async def test_what_is_on_sale_is_no_comparison() -> None:
    decision = await hold("which products are on sale", "under 50 dollars")

    assert decision.text.startswith("Here is what I have in products up to $50:")


async def test_the_other_one_of_two_orders_is_told() -> None:
    decision = await hold("Where is my order?", "#1234", "and the other one?")

    assert decision.text.startswith("Order #1240 (Day Pack 20)")


async def test_a_question_without_options_is_asked_again() -> None:
    decision = await hold("I need something new", "¿Dónde está?")

    assert decision.text.startswith("I did not get that. What are you looking for")


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("how long does shipping take", ["Standard delivery"]),
        ("what is your return policy", ["You may return"]),
        ("what payment methods do you accept", ["We take cards"]),
        ("can i pay with paypal", ["We take cards"]),
        ("do you offer gift wrapping", ["Standard delivery", "You may return", "We take cards", "Everything has"]),
    ],
)
async def test_the_terms_that_are_asked_about_are_told(words: str, terms: list[str]) -> None:
    told = (await hold(words)).text

    every = ("Standard delivery", "You may return", "We take cards", "Everything has")
    assert [each for each in every if each in told] == terms


async def test_trail_shoes_in_a_size_are_found_and_no_others() -> None:
    decision = await hold("Do you have trail running shoes in 42?")

    assert decision.text.startswith("Here is what I have in trail running shoes in size 42: 1. TrailRunner 2 by Veloma")
    assert "2." not in decision.text.removeprefix("Here").replace("TrailRunner 2", "")


async def test_a_time_is_no_size() -> None:
    assert "size" not in (await hold("can you deliver running shoes in 30 days?")).text


@pytest.mark.parametrize(
    "words",
    ["Can I still cancel #1240?", "is it too late to cancel order #1240?", "can order #1240 be cancelled?"],
)
async def test_asking_whether_an_order_can_be_cancelled_does_not_cancel_it(words: str) -> None:
    session = talk()
    asked = await session.say(words)
    assert asked.text == "Order #1240 (Day Pack 20) can still be cancelled. Shall I cancel it?"
    assert effects(asked) == []

    done = await session.say("yes please")
    assert done.text == "Order #1240 (Day Pack 20) is cancelled. Nothing is charged."
    assert [type(outcome) for outcome in done.outcomes] == [OrderCancelled]


async def test_a_no_leaves_the_order_as_it_is() -> None:
    refused = await hold("Can I still cancel #1240?", "no, keep it")

    assert effects(refused) == []
    assert refused.outcomes == ()


async def test_which_order_is_asked_with_the_orders_it_may_be_and_the_answer_is_taken() -> None:
    session = talk()

    asked = await session.say("where is my order?")
    assert asked.text == "Which order, #1240 or #1234?"
    assert asked.question is not None
    assert asked.question.clarification.options == ("#1240", "#1234")

    answered = await session.say("#1234")
    assert "Order #1234 (TrailRunner 2 and 2 x Dry Tee) is on its way, tracking number TRK-900134." in answered.text
    assert answered.question is None


@pytest.mark.parametrize(
    "words",
    [
        ("where is order #1234",),
        ("where are my running shoes, I ordered them days ago",),
        ("where is my order?", "#1234", "when will it arrive?"),
    ],
)
async def test_which_order_is_never_asked_when_it_is_known(words: tuple[str, ...]) -> None:
    decision = await hold(*words)

    assert decision.question is None
    assert "#1234" in decision.text


async def test_a_customer_with_one_open_order_is_not_asked() -> None:
    assert (await hold("where is my order", user="ben")).text.startswith("Order #1251 (Ridge Boot) is on its way")


async def test_a_question_is_not_asked_twice_and_its_answer_is_still_taken() -> None:
    session = talk()
    await session.say("where is my order?")

    unclear = await session.say("hmm blah")
    assert unclear.text == "I did not get that. You can say #1240 or #1234, or ask for something else."
    assert (await session.say("#1234")).text.startswith("Order #1234")


async def test_the_subject_may_change_instead_of_answering() -> None:
    decision = await hold("where is my order?", "show me headphones")

    assert decision.text.startswith("Here is what I have in headphones: 1. QuietMax")


@pytest.mark.parametrize("order", ["1234", "9999"])
async def test_somebody_elses_order_and_an_absent_one_look_the_same(order: str) -> None:
    for words in (f"where is order #{order}", f"cancel order #{order}", f"I want to return #{order}"):
        decision = await hold(words, user="ben")
        assert decision.text == f"I find no order #{order} of yours. Your orders are #1251."
        assert effects(decision) == []


async def test_a_return_is_confirmed_before_it_is_registered_and_told_to_other_systems() -> None:
    session = talk("chen")

    asked = await session.say("my watch arrived damaged")
    assert asked.text == "Shall I start a return of order #1199 (Pace X and Steel Flask, $378)?"
    assert effects(asked) == []

    done = await session.say("yes please")
    assert effects(done) == ["send back"]
    (outcome,) = done.outcomes
    assert isinstance(outcome, ReturnRequested)
    assert outcome.order_id == "1199"


async def test_a_return_that_is_declined_is_left() -> None:
    decision = await hold("I want to return #1188", "no", "yes")

    assert effects(decision) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("return order 1041", "That is over, I am sorry."),
        ("I want to return #1240", "I can cancel it instead."),
        ("return #1234 please", "it can be returned once it is delivered."),
    ],
)
async def test_what_cannot_be_returned_is_told_why(words: str, reason: str) -> None:
    decision = await hold(words)

    assert reason in decision.text
    assert effects(decision) == []


async def test_an_order_that_was_not_sent_is_cancelled() -> None:
    decision = await hold("cancel my order")

    assert decision.text == "Order #1240 (Day Pack 20) is cancelled. Nothing is charged."
    assert effects(decision) == ["cancel"]
    assert isinstance(decision.outcomes[0], OrderCancelled)


async def test_an_order_on_its_way_is_not_cancelled() -> None:
    decision = await hold("cancel #1234")

    assert "is shipped and cannot be cancelled" in decision.text
    assert effects(decision) == []


async def test_searches_are_narrowed_step_by_step() -> None:
    session = talk()
    await session.say("do you have jackets")
    decision = await session.say("under $120")
    assert [item["name"] for item in decision.facts["products"]] == ["Rain Parka", "Denim Trucker"]  # type: ignore[union-attr,index,call-overload]
    decision = await session.say("only Northfell")
    assert "no Northfell jackets up to $120" in decision.text


async def test_it_and_the_second_one_are_what_was_shown() -> None:
    session = talk()
    await session.say("show me headphones")
    assert (await session.say("tell me about the second one")).text.startswith("QuietBuds by Sonara (SKU-88)")
    assert (await session.say("is it in stock")).text == "Yes, QuietBuds is in stock: 4 in the east warehouse."


async def test_what_is_sold_out_says_when_more_comes() -> None:
    assert "RoadFlyer is sold out. More arrive on" in (await hold("is the RoadFlyer in stock")).text


async def test_closing_is_a_command() -> None:
    decision = await talk().command("close")

    assert [effect.statement for effect in decision.effects] == ["close"]
