"""Loans: the formula, the stated assumptions, and what a person may change."""

import pytest

from shared.domains.property.policy.loans import Loan, affordable, instalment, lowest_down
from tests.support.property import Conversation, entity

CITRINE = entity("project", "brigade-citrine", "Brigade Citrine")


@pytest.mark.parametrize(
    ("principal", "rate", "years", "emi"),
    [(5_000_000, 8.5, 20, 43_391), (10_000_000, 9.0, 15, 101_427), (1_200_000, 0.0, 10, 10_000)],
)
def test_instalment_is_the_annuity_formula(principal: int, rate: float, years: int, emi: int) -> None:
    assert round(instalment(principal, rate, years)) == emi


@pytest.mark.parametrize(("price", "percent"), [(3_000_000, 10), (3_400_000, 20), (9_000_000, 20), (9_900_000, 25)])
def test_lowest_down_payment_follows_the_size_of_the_loan(price: int, percent: int) -> None:
    assert lowest_down(price) == percent


def test_instalments_repay_the_loan_and_its_interest() -> None:
    loan = Loan(price=9_900_000, down=2_475_000, rate=8.5, years=20)
    assert loan.principal + loan.interest == loan.emi * 240


def test_affordable_loan_has_an_instalment_within_the_share_of_income() -> None:
    assert instalment(affordable(150_000, 8.5, 20), 8.5, 20) == pytest.approx(67_500, abs=1)


async def test_loan_for_a_project_states_its_assumptions() -> None:
    decision = await Conversation().say("emi for Brigade Citrine", "loan", CITRINE)
    assert (
        "₹24.75 L down (25%), a loan of ₹74.25 L at 8.5 % over 20 years comes to about ₹64,436 a month" in decision.text
    )
    assert "I assumed 8.5 % interest, 20 years and the lowest down payment that lenders accept" in decision.text
    assert decision.data[0].kind == "loan"


async def test_rate_term_and_down_payment_can_be_named() -> None:
    decision = await Conversation().say(
        "emi for Brigade Citrine at 9% for 15 years with 30% down",
        "loan",
        CITRINE,
        entity("percent", {"amount": 9, "unit": "%", "bound": "exact"}),
        entity("duration", {"amount": 15, "unit": "years", "bound": "exact"}),
        entity("percent", {"amount": 30, "unit": "%", "bound": "exact"}),
    )
    assert "₹29.7 L down (30%), a loan of ₹69.3 L at 9 % over 15 years" in decision.text
    assert "I assumed" not in decision.text


async def test_amount_alone_is_the_loan() -> None:
    money = entity("money", {"amount": 8_000_000, "bound": "exact", "currency": "INR"})
    decision = await Conversation().say("calculate emi for 80 lakh", "loan", money)
    assert decision.text.startswith("A loan of ₹80 L at 8.5 % over 20 years comes to about ₹69,426 a month")


async def test_amount_paid_at_once_is_taken_off_the_price() -> None:
    talk = Conversation()
    await talk.say("Tell me about Brigade Citrine", "details", CITRINE)
    money = entity("money", {"amount": 4_000_000, "bound": "exact", "currency": "INR"})
    decision = await talk.say("with a down payment of 40 lakh", "loan", money)
    assert "a loan of ₹59 L" in decision.text


@pytest.mark.parametrize("words", ["my salary is 1.5 lakh a month", "i earn 18 lakh per annum"])
async def test_income_says_how_much_can_be_borrowed(words: str) -> None:
    amount = 1_800_000 if "annum" in words else 150_000
    money = entity("money", {"amount": amount, "bound": "exact", "currency": "INR"})
    decision = await Conversation().say(f"{words}, how much loan can I get", "loan", money)
    assert "up to ₹77.78 L" in decision.text


async def test_loan_without_project_or_amount_asks_for_one() -> None:
    talk = Conversation()
    decision = await talk.say("what would be the emi", "loan")
    assert decision.question is not None
    answer = await talk.say("brigade citrine", "details", CITRINE, relation="answer")
    assert answer.data[0].kind == "loan"


async def test_what_was_said_of_the_loan_stands_for_the_next_question() -> None:
    talk = Conversation()
    money = entity("money", {"amount": 4_000_000, "bound": "exact", "currency": "INR"})
    await talk.say("emi for Brigade Citrine with a down payment of 40 lakh", "loan", CITRINE, money)
    years = entity("duration", {"amount": 15, "bound": "exact", "unit": "years"})
    decision = await talk.say("what about 15 years", "loan", years, relation="follow_up")
    assert "a loan of ₹59 L at 8.5 % over 15 years" in decision.text
    other = await talk.say("and for Sunvale Meadows", "loan", entity("project", "sunvale-meadows", "Sunvale Meadows"))
    assert "over 20 years" in other.text
