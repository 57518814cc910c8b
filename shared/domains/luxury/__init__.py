"""Plans campaigns of a luxury house: picks an audience, predicts the figures, refines both, applies the campaign."""

from pathlib import Path

from shared.domains.base import Domain, Example, Operation, Seed
from shared.domains.luxury.api import routes
from shared.domains.luxury.audiences import AudienceOf, audience_of
from shared.domains.luxury.context import told_to_models
from shared.domains.luxury.language import language
from shared.domains.luxury.loading import load_customers
from shared.domains.luxury.outcomes import CampaignApplied
from shared.domains.luxury.personal_data import PERSONAL
from shared.domains.luxury.policy import APPLY, decide
from shared.domains.luxury.policy.talk import GREETING
from shared.domains.luxury.state import LuxuryState
from shared.domains.luxury.tools import LuxuryTools
from shared.domains.luxury.views import Nothing

_FOLDER = Path(__file__).parent

DOMAIN: Domain[LuxuryState, LuxuryTools] = Domain(
    name="luxury",
    title="奢侈品营销",
    greeting=GREETING,
    example=Example(
        (
            (
                "我要为春季新款手袋上市做一次推广，目标是提升转化率",
                "只要VVIP客户，去掉VIP",
                "扩大到200人",
                "预算控制在50万以内",
                "应用这个方案",
            ),
        )
    ),
    language=language(),
    state=LuxuryState,
    decide=decide,
    tools=LuxuryTools,
    commands={APPLY: Nothing},
    outcomes=(CampaignApplied,),
    seeds=(Seed("customers", _FOLDER / "data" / "customers.csv", load_customers),),
    api=routes,
    operations={"audience": Operation(AudienceOf, audience_of)},
    prompts=_FOLDER / "prompts",
    reworded=LuxuryState.reworded,
    context=told_to_models,
    migrations=_FOLDER / "migrations",
    personal=PERSONAL,
)
