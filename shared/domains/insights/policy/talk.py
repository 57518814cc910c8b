"""What is said where no figure is asked for, or none can be given."""

from collections.abc import Mapping
from typing import Final

from shared.domains.insights.figures import Coverage
from shared.domains.insights.policy.periods import named_period
from shared.domains.insights.state import Question
from shared.domains.insights.words import CHANNELS, NAMES, listed

GREETING: Final = 'Hello! Ask me about campaign figures, such as "What was click rate last month?"'
DEFINITIONS: Final = (
    "Open rate is opens by sends, click rate clicks by sends, click-to-open rate clicks by opens, "
    "conversion rate conversions by clicks."
)
NO_REASONS: Final = "The figures show what happened, not why."
NO_FIGURES: Final = "There are no figures yet: an operator can load them with `parley seed`."
WHICH_METRIC: Final = (
    "Which figure do you mean: click rate, open rate, conversion rate, sends, opens, clicks or conversions?"
)

SMALL_TALK: Final[Mapping[str, str]] = {
    "greeting": GREETING,
    "thanks": "You are welcome. Shall I look at another figure?",
    "goodbye": "Goodbye!",
}


def can_answer(coverage: Coverage) -> str:
    """What there are figures of."""
    if coverage.days is None:
        return NO_FIGURES
    channels = listed(CHANNELS.get(channel, channel) for channel in coverage.channels)
    return (
        f"I can answer questions about {listed(NAMES.values())} "
        f"from {_spoken(coverage)}, by market ({listed(coverage.markets)}) and channel ({channels}): "
        f"figures, comparisons, trends and rankings."
    )


def outside(question: Question, coverage: Coverage) -> str | None:
    """Why a question lies outside the figures; None when it does not."""
    if coverage.days is None:
        return NO_FIGURES
    unknown = [market for market in question.markets if market not in coverage.markets]
    if unknown:
        return f"I have no figures of {listed(unknown)}. The markets I know are {listed(coverage.markets)}."
    missing = [channel for channel in question.channels if channel not in coverage.channels]
    if missing:
        known = listed(CHANNELS.get(channel, channel) for channel in coverage.channels)
        return f"I have no figures of {listed(missing)}. The channels I know are {known}."
    for period in question.periods:
        if period.days.last < coverage.days.first or period.days.first > coverage.days.last:
            return f"I have no figures of {period.name}: they go from {_spoken(coverage)}."
    return None


def _spoken(coverage: Coverage) -> str:
    """The days there are figures of, by the months they are in."""
    if coverage.days is None:
        return ""
    first, last = coverage.days.first, coverage.days.last
    return (
        f"{first:%B %Y} to {last:%B %Y}"
        if (first.year, first.month) != (last.year, last.month)
        else (named_period(coverage.days).name)
    )
