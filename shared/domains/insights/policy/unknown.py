"""What a question names that there are no figures of: to be told so beats the figures of something else."""

import re
from typing import Final

from shared.domains.insights.figures import Coverage
from shared.domains.insights.policy.reading import Named
from shared.domains.insights.words import CHANNELS, NAMES, listed

_OTHER_METRIC: Final = re.compile(
    r"\b(?P<metric>(?!(?:the|an?|our|your|my|its?|their|that|this|what|which|same|any|best|good|bad|of|at|and|average|"
    r"overall|total|high|low|click|open|conversion)\b)[a-z-]+ rate|bounces?|unsubscribe[sd]?|unsubscriptions?|"
    r"impressions|page ?views|visitors|subscribers|complaints|roi|roas|cp[acm])\b",
    re.IGNORECASE,
)
_OTHER_PART: Final = re.compile(
    r"^\W*(?:(?:and|what about|how about|same) )*(?:in|on|for|from|via) (?:the )?(?P<part>[^\W\d][\w' -]{1,30}?)\W*$",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"\b(?:all|every\w*|each|total|general|overall|whole|that|this|these|those|it|them|us|me|now|example|instance|"
    r"comparison|contrast|detail|percent\w*|numbers?|last|previous|past|year|month|week|day|today|yesterday)\b",
    re.IGNORECASE,
)


def unknown(text: str, words: Named, coverage: Coverage) -> str | None:
    """What is said of a metric, a market or a channel that is none; None when nothing of the kind is named."""
    metric = _OTHER_METRIC.search(text)
    if metric is not None and not words.metrics:
        return f"I have no figures of {metric['metric'].lower()}. I have {listed(NAMES.values())}."
    part = _OTHER_PART.search(text)
    if part is None or words.anything or words.contrasts or words.before or _WHOLE.search(part["part"]):
        return None
    channels = listed(CHANNELS.get(channel, channel) for channel in coverage.channels)
    return (
        f"I have no figures of {part['part']}. "
        f"The markets I know are {listed(coverage.markets)}, the channels {channels}."
    )
