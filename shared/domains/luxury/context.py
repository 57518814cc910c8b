"""What the next turn is understood by: the last turns in a few words, and the campaign that stands."""

from typing import Final

from pydantic import BaseModel, JsonValue

from shared.domains.luxury.prediction import Metrics
from shared.domains.luxury.state import Intent, LuxuryState
from shared.domains.luxury.words import KPI_NAMES

_SUMMARISED: Final = 3


class TurnSummary(BaseModel):
    """An earlier turn in a few words."""

    user_request: str
    kpi_goal: str | None
    audience_size: int


class Strategy(BaseModel):
    """The campaign that stands."""

    intent: Intent
    kpi_goal: str
    target_tiers: tuple[str, ...]
    audience_size: int
    audience_ids: tuple[str, ...]
    metrics: Metrics
    campaign_id: str | None


class Context(BaseModel):
    """What the next turn is understood by: the last turns, and the campaign that stands."""

    history_summary: tuple[TurnSummary, ...]
    current_strategy: Strategy | None


def context_of(state: LuxuryState) -> Context:
    """The last three turns about a campaign, and the campaign."""
    campaign_turns = [turn for turn in state.turns if turn.intent is not None]
    summary = tuple(
        TurnSummary(
            user_request=turn.user_input,
            kpi_goal=KPI_NAMES[turn.intent.kpi] if turn.intent else None,
            audience_size=turn.audience_size,
        )
        for turn in campaign_turns[-_SUMMARISED:]
    )
    return Context(history_summary=summary, current_strategy=_strategy(state))


def _strategy(state: LuxuryState) -> Strategy | None:
    if state.intent is None or state.metrics is None:
        return None
    return Strategy(
        intent=state.intent,
        kpi_goal=KPI_NAMES[state.intent.kpi],
        target_tiers=state.tiers,
        audience_size=len(state.audience_ids),
        audience_ids=state.audience_ids,
        metrics=state.metrics,
        campaign_id=state.campaign_id,
    )


def told_to_models(state: LuxuryState) -> JsonValue:
    """The context without the ids of those who are reached."""
    context: JsonValue = context_of(state).model_dump(mode="json", exclude={"current_strategy": {"audience_ids"}})
    return context
