"""Answers questions about campaign figures, by parameterised statements, with the figures and the period named."""

from pathlib import Path

from shared.domains.base import Domain, Example, Seed
from shared.domains.insights.abilities import ABILITIES
from shared.domains.insights.api import routes
from shared.domains.insights.language import gazetteer, language
from shared.domains.insights.loading import load_metrics
from shared.domains.insights.personal_data import PERSONAL
from shared.domains.insights.policy import decide
from shared.domains.insights.policy.talk import GREETING
from shared.domains.insights.state import InsightsState
from shared.domains.insights.tools import InsightsTools

_FOLDER = Path(__file__).parent

DOMAIN: Domain[InsightsState, InsightsTools] = Domain(
    name="insights",
    title="Analytics questions",
    greeting=GREETING,
    example=Example(
        (
            (
                "What was click rate last month?",
                "How does that compare to ES market?",
                "And the top 3 markets by conversions?",
                "What will it be next year?",
            ),
        )
    ),
    language=language(),
    state=InsightsState,
    decide=decide,
    tools=InsightsTools,
    gazetteer=gazetteer,
    seeds=(Seed("metrics", _FOLDER / "data" / "metrics.csv", load_metrics),),
    api=routes,
    prompts=_FOLDER / "prompts",
    abilities=ABILITIES,
    migrations=_FOLDER / "migrations",
    personal=PERSONAL,
)
