"""Makes and changes the campaign: who is reached, what it is expected to bring, how it is told."""

from typing import Final

from pydantic import JsonValue

from shared.domains.base import Decision, Progress, Turn
from shared.domains.luxury.customers import BEHAVIOUR_NAMES, Audience, Customer
from shared.domains.luxury.policy.context import LuxuryDecision, Tools
from shared.domains.luxury.policy.limits import takes_back
from shared.domains.luxury.policy.picking import pick
from shared.domains.luxury.policy.reading import Words, changed, planned
from shared.domains.luxury.prediction import Metrics, affordable, predict
from shared.domains.luxury.state import Intent, LuxuryState
from shared.domains.luxury.words import CATEGORY_NAMES, KPI_NAMES, listed, yuan
from shared.events.replies import DataPart
from shared.events.signals import Signal

UNCHANGED: Final = (
    "方案没有变化，因为要求与现在相同，或者我没有听懂要改哪一项"
    "（等级、人数、评分、预算、目标、活动类型或行为）。当前方案"
)
_NAMED: Final = 3


async def plan(turn: Turn[LuxuryState], words: Words, tools: Tools, progress: Progress) -> LuxuryDecision:
    """A fresh campaign."""
    await progress.step("正在理解活动目标")
    return await _analysed(turn, planned(words), None, tools, progress)


async def modify(turn: Turn[LuxuryState], words: Words, tools: Tools, progress: Progress) -> LuxuryDecision:
    """The campaign that stands, changed in what the words say."""
    before = turn.state.intent or Intent()
    await progress.step("正在理解要调整的内容")
    intent = _before(turn) if takes_back(words.text) else changed(words, before, len(turn.state.audience_ids))
    return await _analysed(turn, intent, before, tools, progress)


def _before(turn: Turn[LuxuryState]) -> Intent:
    """The intent before the last change; the one that stands when nothing was changed yet."""
    stands = turn.state.intent or Intent()
    earlier = (each.previous_intent for each in reversed(turn.state.turns) if each.intent == stands)
    return next((each for each in earlier if each is not None and each != stands), stands)


async def _analysed(
    turn: Turn[LuxuryState], intent: Intent, before: Intent | None, tools: Tools, progress: Progress
) -> LuxuryDecision:
    await progress.step("正在筛选目标客户")
    audience = await pick(intent.selection, tools)
    customers = affordable(audience.customers, intent.category, intent.budget)
    await progress.step("正在预测活动效果")
    metrics = predict(customers, intent.category, intent.kpi, intent.budget)
    left_out = len(audience.customers) - len(customers)
    audience = audience.model_copy(update={"customers": customers})
    text = _told(intent, before, audience, metrics) + (f"为控制预算，减少了{left_out}人。" if left_out else "")
    state = turn.state.model_copy(
        update={
            "intent": intent,
            "audience_ids": tuple(customer.id for customer in customers),
            "tiers": audience.tiers,
            "metrics": metrics,
            "relaxed": audience.relaxed,
        }
    )
    if before is None or (intent, state.audience_ids) != (before, turn.state.audience_ids):
        state = state.model_copy(update={"campaign_id": None, "applied_at": None})
    value = _analysis(intent, before, audience, metrics)
    return Decision(
        text=text,
        state=state,
        facts=value,
        data=(DataPart(kind="analysis", value=value),),
        signals=(
            Signal(kind="preference", name="kpi", value=intent.kpi),
            Signal(kind="preference", name="category", value=intent.category),
        ),
    )


def _told(intent: Intent, before: Intent | None, audience: Audience, metrics: Metrics) -> str:
    what = f"{intent.product or ''}{CATEGORY_NAMES[intent.category]}"
    opening = f"已为{what}活动制定方案" if before is None else "已按您的要求调整方案"
    if intent == before:
        opening = UNCHANGED
    if not audience.customers:
        return f"{opening}，但没有符合条件的客户，请放宽等级、评分或预算。"
    tiers = listed(f"{tier} {audience.of_tier(tier)}人" for tier in audience.tiers)
    names = "、".join(customer.name for customer in audience.customers[:_NAMED])
    budget = f"，不超过预算{yuan(intent.budget)}" if intent.budget else ""
    relaxed = f"为达到人数，{'；'.join(audience.relaxed)}。" if audience.relaxed else ""
    return (
        f"{opening}：目标{KPI_NAMES[intent.kpi]}，共{metrics.audience_size}人（{tiers}），包括{names}等。"
        f"{_behaviours(intent)}预计转化率{metrics.conversion_rate:.1%}，预计收入{yuan(metrics.estimated_revenue)}，"
        f"投入{yuan(metrics.cost)}{budget}，投资回报率{metrics.roi:.2f}。{relaxed}"
    )


def _behaviours(intent: Intent) -> str:
    names = [BEHAVIOUR_NAMES[behaviour] for behaviour in intent.selection.behaviours]
    return f"筛选条件：{'、'.join(names)}。" if names else ""


def _analysis(intent: Intent, before: Intent | None, audience: Audience, metrics: Metrics) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = {
        "is_modification": before is not None,
        "previous_intent": None if before is None else before.model_dump(mode="json"),
        "intent": intent.model_dump(mode="json"),
        "audience": [_card(customer) for customer in audience.customers],
        "metrics": metrics.model_dump(mode="json"),
        "relaxed": list(audience.relaxed),
    }
    return value


def _card(customer: Customer) -> JsonValue:
    reasons: list[JsonValue] = [BEHAVIOUR_NAMES[behaviour] for behaviour in customer.behaviours]
    if customer.note:
        reasons.append(customer.note)
    return {
        "id": customer.id,
        "name": customer.name,
        "tier": customer.tier,
        "score": customer.score,
        "reasons": reasons,
    }
