"""What is said when no campaign is planned or changed."""

from collections.abc import Mapping
from typing import Final

from shared.domains.luxury.customers import BEHAVIOUR_NAMES
from shared.domains.luxury.state import LuxuryState
from shared.domains.luxury.words import CATEGORY_NAMES, KPI_NAMES, listed, yuan

GREETING: Final = "您好！请描述您的营销活动，例如：「我要为春季新款手袋上市做一次推广，目标是提升转化率」。"
HELP: Final = (
    f"我可以为您圈选客户并预测效果。活动类型有{listed(CATEGORY_NAMES.values())}；客户等级有VVIP、VIP和Member；"
    f"还可以按评分、预算、人数，以及{listed(BEHAVIOUR_NAMES.values())}来筛选。"
)
NOT_HERE: Final = "这个问题我帮不上忙。我可以为您策划营销活动、圈选客户并预测效果。"
NOT_UNDERSTOOD: Final = "抱歉，我没有理解。请告诉我活动的主题、目标、客户等级、人数或预算。"
HOW_MUCH: Final = "请告诉我具体的人数或预算，例如「减少到10人」或「预算控制在20万以内」。"
RESTARTED: Final = "好的，我们重新开始。请描述您的营销活动。"
NO_CAMPAIGN: Final = "目前还没有活动方案。" + GREETING.removeprefix("您好！")
SMALL_TALK: Final[Mapping[str, str]] = {
    "greeting": GREETING,
    "thanks": "不客气！还需要调整方案吗？",
    "goodbye": "再见，期待为您策划下一次活动。",
    "help": HELP,
    "out_of_scope": NOT_HERE,
}


def explained(state: LuxuryState) -> str:
    """The campaign that stands, and how its figures come about."""
    if state.intent is None or state.metrics is None:
        return NO_CAMPAIGN
    intent, metrics = state.intent, state.metrics
    tiers = listed(state.tiers) if state.tiers else "无"
    budget = f"预算{yuan(intent.budget)}，" if intent.budget else ""
    return (
        f"当前方案：{intent.product or ''}{CATEGORY_NAMES[intent.category]}，目标{KPI_NAMES[intent.kpi]}，"
        f"{tiers}共{metrics.audience_size}人，{budget}投入{yuan(metrics.cost)}，预计转化率{metrics.conversion_rate:.1%}，"
        f"预计收入{yuan(metrics.estimated_revenue)}，投资回报率{metrics.roi:.2f}。"
        f"转化率由每位客户的等级基准和评分，按目标与活动类型加权得出；收入为转化率乘以各等级客单价"
        f"（VVIP 4.5万元、VIP 2.2万元、Member 1.2万元）。"
    )
