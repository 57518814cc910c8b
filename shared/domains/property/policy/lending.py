"""Answers about home loans: the instalment for a project or an amount, or the loan that an income carries."""

import re

from pydantic import JsonValue

from shared.domains.base import Decision
from shared.domains.property.listings import Home, Listing
from shared.domains.property.policy import loans, signals
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import ask_which, focused, offered, question
from shared.domains.property.policy.loans import Loan
from shared.domains.property.state import LoanWishes
from shared.domains.property.words import exact, home_line, listed, rupees, sentence
from shared.events.replies import DataPart

_LONGEST = 30
_YEARLY = re.compile(r"\bl\.?p\.?a\b|\bper (year|annum)\b|\ba year\b|\bannual|\bp\.?a\b|\byearly\b", re.IGNORECASE)


async def loan(ask: Ask) -> PropertyDecision:
    """What a loan costs a month; asks for which project when neither a project nor an amount is known."""
    figure = ask.reading.money.figure if ask.reading.money else None
    if figure and ask.reading.income:
        return _by_income(ask, figure)
    if figure and not ask.reading.down_payment and not ask.reading.picks:
        wishes = _wishes(ask, None, figure).model_copy(update={"down": 0})
        return _told(ask, wishes, _terms(wishes, figure))
    found = await offered(ask, "loan")
    if not found:
        return ask_which(ask, "loan", "A loan for which project? You can also name an amount.")
    await ask.progress.step("Working out the loan")
    listing, home = found[0], _home(ask, found[0])
    wishes = _wishes(ask, listing, home.price)
    terms = _terms(wishes, home.price)
    if terms.principal <= 0:
        text = f"That covers the whole price of {rupees(home.price)}: no loan is needed."
        return Decision(text=text, state=focused(ask.state, listing), facts={"price": home.price})
    return _told(ask, wishes, terms, (listing, home))


def example(home: Home) -> Loan:
    """A loan for a home with nothing but the usual assumptions."""
    down = round(home.price * loans.lowest_down(home.price) / 100)
    return Loan(price=home.price, down=down, rate=loans.RATE, years=loans.YEARS)


def _home(ask: Ask, listing: Listing) -> Home:
    named = [home for home in listing.homes if home.bedrooms in ask.reading.bedrooms]
    return (named or ask.state.wanted.homes(listing))[0]


def _wishes(ask: Ask, listing: Listing | None, price: int) -> LoanWishes:
    """What is wanted of the loan: as said now, else as said before about the same project."""
    said, before = ask.reading, ask.state.loan
    listing_id = listing.id if listing else None
    if before.listing_id != listing_id:
        before = LoanWishes(listing_id=listing_id)
    down = said.money.figure if said.money and said.down_payment else None
    if down is None and said.down_percent is not None:
        down = round(price * said.down_percent / 100)
    told = {"rate": said.rate, "years": said.years and min(said.years, _LONGEST), "down": down}
    return before.model_copy(update={name: value for name, value in told.items() if value is not None})


def _terms(wishes: LoanWishes, price: int) -> Loan:
    lowest = round(price * loans.lowest_down(price) / 100)
    return Loan(
        price=price,
        down=lowest if wishes.down is None else wishes.down,
        rate=loans.RATE if wishes.rate is None else wishes.rate,
        years=wishes.years or loans.YEARS,
    )


def _told(ask: Ask, wishes: LoanWishes, terms: Loan, subject: tuple[Listing, Home] | None = None) -> PropertyDecision:
    listing = subject[0] if subject else None
    value = _value(terms, listing)
    opening = ""
    if subject:
        opening = (
            f"For {subject[0].project} ({home_line(subject[1])}) with {rupees(terms.down)} down "
            f"({terms.down / terms.price:.0%}), "
        )
    lent = f"{opening}a loan of {rupees(terms.principal)} at {terms.rate:g} % over {terms.years} years"
    text = (
        f"{sentence(lent)} comes to about {exact(terms.emi)} a month (EMI), "
        f"{rupees(terms.interest)} interest in all. {_assumed(wishes)}"
    )
    state = ask.state.model_copy(update={"loan": wishes})
    return Decision(
        text=text,
        state=focused(state, listing) if listing else state,
        facts={"loan": value},
        data=(DataPart(kind="loan", value=value),),
        signals=(signals.interest(listing.id, "medium"),) if listing else (),
    )


def _value(terms: Loan, listing: Listing | None) -> dict[str, JsonValue]:
    return {
        "listing": listing.id if listing else None,
        "price": terms.price,
        "down_payment": terms.down,
        "principal": terms.principal,
        "rate_percent": terms.rate,
        "years": terms.years,
        "emi": terms.emi,
        "total_interest": terms.interest,
        "currency": "INR",
    }


def _assumed(wishes: LoanWishes) -> str:
    assumed = [
        f"{loans.RATE:g} % interest" if wishes.rate is None else "",
        f"{loans.YEARS} years" if wishes.years is None else "",
        "the lowest down payment that lenders accept" if wishes.down is None else "",
    ]
    given = [each for each in assumed if each]
    hint = "Tell me another rate, term or down payment and I will work it out again."
    return f"I assumed {listed(given)}. {hint}" if given else hint


def _by_income(ask: Ask, figure: int) -> PropertyDecision:
    income = round(figure / 12) if _YEARLY.search(ask.reading.text) else figure
    terms = _terms(_wishes(ask, None, income), income)
    most = loans.affordable(income, terms.rate, terms.years)
    value: dict[str, JsonValue] = {
        "income": income,
        "rate_percent": terms.rate,
        "years": terms.years,
        "most": most,
        "currency": "INR",
    }
    text = (
        f"With {exact(income)} a month, lenders usually let {loans.SHARE_OF_INCOME:.0%} go into instalments: a loan of "
        f"up to {rupees(most)} at {terms.rate:g} % over {terms.years} years, less what you already repay. "
        "What budget shall I look for?"
    )
    return Decision(
        text=text,
        state=ask.state,
        facts={"loan": value},
        data=(DataPart(kind="loan", value=value),),
        question=question(ask, "search:budget", "What budget shall I look for?"),
    )
