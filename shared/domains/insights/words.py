"""How figures are said."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from shared.domains.insights.figures import RATES, Dimension, Metric
from shared.domains.insights.state import Question

NAMES: Final[dict[Metric, str]] = {
    "sends": "sends",
    "opens": "opens",
    "clicks": "clicks",
    "conversions": "conversions",
    "open_rate": "open rate",
    "click_rate": "click rate",
    "click_to_open_rate": "click-to-open rate",
    "conversion_rate": "conversion rate",
}
CHANNELS: Final = {"email": "email", "sms": "SMS", "push": "push"}
_SMALL: Final = 1


def said(metric: Metric, value: float | None) -> str:
    """A figure as people write it: 2.5%, 12,345."""
    if value is None:
        return "none"
    if metric not in RATES:
        return f"{value:,.0f}"
    return f"{value:.2f}%" if value < _SMALL else f"{value:.1f}%"


def rounded(metric: Metric, value: float | None) -> float | int | None:
    """The figure as data: rates in percent with two decimals."""
    return round(value, 2) if value is not None and metric in RATES else value


def place(markets: Sequence[str], channels: Sequence[str]) -> str:
    """Which part it is: "ES", "email", "ES by email", "all markets"."""
    where = listed(markets) if markets else ""
    how = listed(CHANNELS.get(channel, channel) for channel in channels) if channels else ""
    return f"{where} by {how}" if where and how else where or how or "all markets"


def topic(question: Question) -> str:
    """What a question is about, in words."""
    return listed([NAMES[metric] for metric in question.metrics])


def key_name(by: Dimension, key: str | date | None) -> str:
    """A row's name."""
    if isinstance(key, date):
        return f"{key:%B %Y}" if by == "month" else f"week of {key.day} {key:%B %Y}"
    return CHANNELS.get(key or "", key or "")


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def capitalised(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
