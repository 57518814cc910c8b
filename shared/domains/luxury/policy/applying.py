"""Applies the campaign that stands: kept with its audience, and told to other systems."""

from dataclasses import replace

from pydantic import JsonValue

from shared.domains.base import Decision, Turn
from shared.domains.luxury.outcomes import CampaignApplied
from shared.domains.luxury.policy.context import LuxuryDecision, Tools
from shared.domains.luxury.prediction import Metrics
from shared.domains.luxury.state import Intent, LuxuryState
from shared.domains.luxury.words import CATEGORY_NAMES, yuan
from shared.events.replies import DataPart
from shared.events.signals import Signal

NOTHING_TO_APPLY = "还没有可以应用的活动方案，请先描述您的活动。"


async def apply(turn: Turn[LuxuryState], tools: Tools) -> LuxuryDecision:
    """Apply the campaign; one that was applied as it stands is the same campaign again."""
    state, intent, metrics = turn.state, turn.state.intent, turn.state.metrics
    if intent is None or metrics is None or not state.audience_ids:
        return Decision(text=NOTHING_TO_APPLY, state=state)
    if state.campaign_id is not None:
        return _applied(state, intent, metrics)
    campaign_id = f"camp_{turn.row_id('campaign').hex[:12]}"
    state = state.model_copy(update={"campaign_id": campaign_id, "applied_at": turn.now})
    decision = _applied(state, intent, metrics)
    outcome = turn.outcome(
        CampaignApplied,
        campaign_id=campaign_id,
        category=intent.category,
        kpi=intent.kpi,
        tiers=state.tiers,
        audience_ids=state.audience_ids,
        budget=intent.budget,
        conversion_rate=metrics.conversion_rate,
        estimated_revenue=metrics.estimated_revenue,
        cost=metrics.cost,
        roi=metrics.roi,
    )
    effects = (
        tools.apply(campaign_id, turn.session_id, decision.facts, turn.now),
        tools.reach(campaign_id, state.audience_ids),
    )
    action = Signal(kind="action", name="apply_campaign", value={"item": campaign_id})
    return replace(decision, effects=effects, outcomes=(outcome,), signals=(action,))


def _applied(state: LuxuryState, intent: Intent, metrics: Metrics) -> LuxuryDecision:
    payload = _payload(state, intent, metrics)
    text = (
        f"活动{state.campaign_id}已应用：{CATEGORY_NAMES[intent.category]}，目标人群{len(state.audience_ids)}人，"
        f"预计收入{yuan(metrics.estimated_revenue)}。"
    )
    return Decision(text=text, state=state, facts=payload, data=(DataPart(kind="campaign", value=payload),))


def _payload(state: LuxuryState, intent: Intent, metrics: Metrics) -> dict[str, JsonValue]:
    return {
        "campaign_id": state.campaign_id,
        "category": intent.category,
        "product": intent.product,
        "kpi_target": intent.kpi,
        "target_tiers": list(state.tiers),
        "target_audience_ids": list(state.audience_ids),
        "predicted_metrics": metrics.model_dump(mode="json"),
        "constraints": {
            "budget": intent.budget,
            "min_score": intent.selection.min_score,
            "behaviours": list(intent.selection.behaviours),
            "relaxed": list(state.relaxed),
        },
        "created_at": state.turns[0].timestamp.isoformat() if state.turns else None,
        "applied_at": state.applied_at.isoformat() if state.applied_at else None,
    }
