"""How scores fade while nobody is there. Pure.

By whole days: the same scores all day long, so that nothing is written of somebody whose day has not passed.
"""

from collections.abc import Callable
from datetime import timedelta

from shared.domains.person import Scores
from shared.events.profiles import Score, Temperature

_DAY = timedelta(days=1)


def faded(scores: Scores, idle: timedelta, half_life: timedelta, temperature: Callable[[float], Temperature]) -> Scores:
    """The scores after so much time without an interaction: both halve in every half-life, and the temperature follows.

    The stage stays: what somebody did is done.
    """
    days = idle // _DAY
    if days < 1:
        return scores
    share = 0.5 ** (days * _DAY / half_life)
    engagement, intent = _part(scores.engagement, share, days), _part(scores.intent, share, days)
    warmth = temperature(engagement.value + intent.value)
    return scores.model_copy(update={"engagement": engagement, "intent": intent, "temperature": warmth})


def _part(score: Score, share: float, days: int) -> Score:
    factors = tuple(
        factor.model_copy(
            update={"value": factor.value * share, "because": f"{factor.because}; × {share:.2f} after {days} idle days"}
        )
        for factor in score.factors
    )
    return Score(value=sum(factor.value for factor in factors), factors=factors)
