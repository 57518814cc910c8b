"""The arithmetic of home loans. Amounts in rupees, rates in percent a year."""

from dataclasses import dataclass

RATE = 8.5
YEARS = 20
SHARE_OF_INCOME = 0.45
"""How much of a month's income lenders let go into instalments."""

_LOWEST_DOWN = ((3_000_000, 10.0), (7_500_000, 20.0))
"""Up to this loan, at least this part of the price is the buyer's own: the Reserve Bank's loan-to-value limits."""
_LOWEST_DOWN_ABOVE = 25.0


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan for a price, and what it costs a month."""

    price: int
    down: int
    rate: float
    years: int

    @property
    def principal(self) -> int:
        return self.price - self.down

    @property
    def emi(self) -> int:
        """The equated monthly instalment."""
        return round(instalment(self.principal, self.rate, self.years))

    @property
    def interest(self) -> int:
        """All interest over the whole term."""
        return self.emi * self.years * 12 - self.principal


def instalment(principal: float, rate: float, years: int) -> float:
    """EMI = P r (1 + r)^n / ((1 + r)^n - 1), with r a month and n months."""
    monthly, months = rate / 1200, years * 12
    if monthly == 0:
        return principal / months
    growth = (1 + monthly) ** months
    return principal * monthly * growth / (growth - 1)


def affordable(income: int, rate: float, years: int) -> int:
    """The largest loan that a month's income carries."""
    return round(income * SHARE_OF_INCOME / instalment(1, rate, years))


def lowest_down(price: int) -> float:
    """The smallest down payment that the limits allow, in percent of the price."""
    for largest, percent in _LOWEST_DOWN:
        if price * (1 - percent / 100) <= largest:
            return percent
    return _LOWEST_DOWN_ABOVE
