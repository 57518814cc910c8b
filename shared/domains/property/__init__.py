"""Sells homes: finds, explains and compares projects, works out loans, books visits, and remembers who is looking."""

from pathlib import Path

from shared.domains.base import Domain, Example, Operation, Seed
from shared.domains.property.abilities import ABILITIES
from shared.domains.property.api import routes
from shared.domains.property.gazetteer import gazetteer
from shared.domains.property.language import language
from shared.domains.property.loading import load_listings
from shared.domains.property.outcomes import (
    BrochureRequested,
    CallbackRequested,
    VisitBooked,
    VisitCancelled,
    VisitMoved,
)
from shared.domains.property.personal_data import PERSONAL
from shared.domains.property.policy import decide
from shared.domains.property.policy.talk import GREETING
from shared.domains.property.profile import score, score_by_deeds, temperature
from shared.domains.property.sales import desk
from shared.domains.property.state import PropertyState
from shared.domains.property.tools import PropertyTools

_FOLDER = Path(__file__).parent

DOMAIN: Domain[PropertyState, PropertyTools] = Domain(
    name="property",
    title="Property sales",
    greeting=GREETING,
    example=Example(
        (
            (
                "Hi, I am looking for a flat",
                "Show me 2BHK in Whitefield under 1.2 Cr",
                "Tell me about the second one",
                "What would the loan cost me a month?",
                "Can I visit it on Saturday at 11 am?",
            ),
            ("Hi", "Please call me back tomorrow at 6 pm on 98450 12345"),
        )
    ),
    language=language(),
    state=PropertyState,
    decide=decide,
    tools=PropertyTools,
    gazetteer=gazetteer,
    outcomes=(VisitBooked, VisitMoved, VisitCancelled, CallbackRequested, BrochureRequested),
    seeds=(Seed("listings", _FOLDER / "data" / "listings.csv", load_listings),),
    formulas={"standard.1": score, "deeds.1": score_by_deeds},
    temperature=temperature,
    api=routes,
    operations={
        "sales_visits": Operation(desk.VisitsOf, desk.visits),
        "sales_calls": Operation(desk.Nothing, desk.calls),
        "sales_call_made": Operation(desk.CallMade, desk.settle_call),
        "sales_projects": Operation(desk.ProjectsNamed, desk.projects),
    },
    prompts=_FOLDER / "prompts",
    abilities=ABILITIES,
    migrations=_FOLDER / "migrations",
    personal=PERSONAL,
)
