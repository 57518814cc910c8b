"""What the profiles service's internal API takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from services.profiles.facts import CONTACT_FIELDS
from services.profiles.reading import Correction, Seen
from services.profiles.scoring import total_of
from services.profiles.store import Portrait
from shared.domains.person import InterestLevel, Profile, Scores, Stage
from shared.events.profiles import Temperature

ITEMS_OF_A_LEAD = 5

Words = Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=r"^[^\x00]+$")]


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class ProfileView(_View):
    """A person in one domain."""

    profile: Profile
    scores: Scores | None
    version: int
    complete: bool = Field(description="Whether the signals asked for are included.")
    as_of: datetime

    @classmethod
    def of(cls, seen: Seen) -> "ProfileView":
        """The view of what a read found."""
        portrait = seen.portrait
        return cls(
            profile=portrait.profile,
            scores=portrait.scores,
            version=portrait.version,
            complete=seen.complete,
            as_of=seen.as_of,
        )


class ProfileChange(_View):
    """Facts to set: null forgets one, an absent one stays."""

    name: Words | None = None
    phone: Words | None = None
    email: Words | None = None
    preferences: dict[Words, JsonValue] | None = None

    def correction(self) -> Correction:
        """The facts that were given."""
        given = {field: getattr(self, field) for field in CONTACT_FIELDS if field in self.model_fields_set}
        return Correction(contact=given, preferences=self.preferences or {})


class ItemView(_View):
    """An item a lead looked at."""

    id: str
    views: int
    interest: InterestLevel | None


class LeadView(_View):
    """A person with scores."""

    user_id: str
    name: str | None
    domain: str
    temperature: Temperature
    stage: Stage
    total: float
    engagement: float
    intent: float
    last_active: datetime | None
    items: list[ItemView] = Field(description="What the person looked at most.")

    @classmethod
    def of(cls, portrait: Portrait, scores: Scores) -> "LeadView":
        """The view of a person who has scores."""
        profile = portrait.profile
        return cls(
            user_id=profile.user_id,
            name=profile.name,
            domain=profile.domain,
            temperature=scores.temperature,
            stage=scores.stage,
            total=total_of(scores),
            engagement=scores.engagement.value,
            intent=scores.intent.value,
            last_active=profile.last_active,
            items=_items(profile),
        )


class LeadsView(_View):
    """A page of leads, the highest total first."""

    items: list[LeadView]
    next_cursor: str | None


def _items(profile: Profile) -> list[ItemView]:
    ranked = sorted(profile.views.items(), key=lambda item: (-item[1].count, item[0]))
    return [
        ItemView(id=name, views=view.count, interest=profile.interests.get(name))
        for name, view in ranked[:ITEMS_OF_A_LEAD]
    ]
