"""People and what they want."""

import json
from collections import Counter
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue, computed_field

from services.gateway.schemas.common import Public, Words, example, storable
from shared.domains.person import InterestLevel, Profile, Scores
from shared.events.profiles import Temperature

_LONGEST_PREFERENCE: Final = 2_000


def _short(value: JsonValue) -> JsonValue:
    if len(json.dumps(storable(value), ensure_ascii=False)) > _LONGEST_PREFERENCE:
        raise ValueError(f"must not be longer than {_LONGEST_PREFERENCE} characters")
    return value


FactName = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(storable)]
Preference = Annotated[JsonValue, AfterValidator(_short)]


class Totals(Public):
    """A profile in numbers."""

    sessions: int
    turns: int
    views: int
    objections: int
    actions: dict[str, int] = Field(description="What the person did or asked for, such as `site_visit`.")
    sentiment: float = Field(description="Mean of the remembered turns, -1 to 1.")
    frustration: float = Field(description="In the latest remembered turn, 0 to 1.")


class ProfileView(Public):
    """What is known of a person in one domain, and the scores with what they are made of."""

    profile: Profile
    scores: Scores | None = None
    version: int
    progressed_at: AwareDatetime | None = Field(default=None, description="When the stage last rose.")
    complete: bool = True
    as_of: AwareDatetime

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def totals(self) -> Totals:
        """The profile in numbers."""
        profile = self.profile
        return Totals(
            sessions=profile.sessions,
            turns=profile.turns,
            views=profile.total_views,
            objections=sum(each.count for each in profile.objections.values()),
            actions=Counter(action.name for action in profile.actions),
            sentiment=round(profile.sentiment, 3),
            frustration=profile.moods[-1].frustration if profile.moods else 0.0,
        )


class ProfileChange(Public):
    """Facts to set; null forgets one, an absent one stays."""

    name: Words | None = Field(default=None, max_length=200)
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ().\-]{5,32}$")] | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")] | None = None
    preferences: Annotated[dict[FactName, Preference], Field(max_length=50)] | None = None
    interests: Annotated[dict[FactName, InterestLevel], Field(max_length=50)] | None = None
    answered: tuple[Annotated[Words, Field(max_length=200)], ...] = Field(
        default=(), max_length=100, description="Objections that were answered elsewhere."
    )

    model_config = example(name="Asha Rao", phone="+91 98450 12345")


class LeadItem(Public):
    """An item a lead looked at."""

    id: str
    views: int
    interest: str | None = None


class LeadView(Public):
    """A person who may buy."""

    user_id: str
    name: str | None = None
    domain: str
    temperature: Temperature
    stage: str
    total: float
    engagement: float
    intent: float
    last_active: datetime | None = None
    progressed_at: datetime | None = None
    items: tuple[LeadItem, ...] = ()


class LeadPage(Public):
    """Some leads, in the order asked for."""

    items: tuple[LeadView, ...]
    next_cursor: str | None = None


class ScoredView(Public):
    """The scores after one change of a profile, and what they are made of."""

    version: int
    scored_at: AwareDatetime
    total: float
    scores: Scores


class ScorePage(Public):
    """Some of a person's scores, the latest first."""

    items: tuple[ScoredView, ...]
    next_cursor: str | None = None
