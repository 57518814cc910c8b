"""What the profiles service's internal API takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from services.profiles.facts import CONTACT_FIELDS
from services.profiles.reading import Correction, Seen
from services.profiles.scoring import total_of
from services.profiles.store import Portrait, Scored
from shared.domains.leads import Person as PersonView
from shared.domains.leads import Tally
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
    progressed_at: datetime | None = Field(description="When the stage last rose.")
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
            progressed_at=portrait.progressed_at,
            complete=seen.complete,
            as_of=seen.as_of,
        )


class ProfileChange(_View):
    """Facts to set: null forgets one, an absent one stays."""

    name: Words | None = None
    phone: Words | None = None
    email: Words | None = None
    preferences: dict[Words, JsonValue] | None = None
    interests: dict[Words, InterestLevel] | None = None
    answered: tuple[Words, ...] = Field(default=(), description="Objections that were answered elsewhere.")

    def correction(self) -> Correction:
        """The facts that were given."""
        given = {field: getattr(self, field) for field in CONTACT_FIELDS if field in self.model_fields_set}
        return Correction(given, self.preferences or {}, self.interests or {}, self.answered)


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
    progressed_at: datetime | None
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
            progressed_at=portrait.progressed_at,
            items=_items(profile),
        )


class LeadsView(_View):
    """A page of leads, in the order asked for."""

    items: list[LeadView]
    next_cursor: str | None


class ScoredView(_View):
    """The scores after one change of a profile."""

    version: int
    scored_at: datetime
    total: float
    scores: Scores

    @classmethod
    def of(cls, scored: Scored) -> "ScoredView":
        """The view of an entry of the history."""
        return cls(
            version=scored.version, scored_at=scored.scored_at, total=total_of(scored.scores), scores=scored.scores
        )


class ScoresView(_View):
    """A page of a person's scores, the latest first."""

    items: list[ScoredView]
    next_cursor: str | None


class PeopleWanted(_View):
    """Whom to read in a domain."""

    domain: str
    user_ids: Annotated[list[str], Field(max_length=5_000)]


class PeopleView(_View):
    """Those of them who are known."""

    items: list[PersonView]

    @classmethod
    def of(cls, portraits: list[Portrait]) -> "PeopleView":
        """The view of these people."""
        return cls(
            items=[
                PersonView(profile=each.profile, scores=each.scores, progressed_at=each.progressed_at)
                for each in portraits
            ]
        )


class TalliesView(_View):
    """Counts by week and name."""

    items: list[Tally]


def _items(profile: Profile) -> list[ItemView]:
    ranked = sorted(profile.views.items(), key=lambda item: (-item[1].count, item[0]))
    return [
        ItemView(id=name, views=view.count, interest=profile.interests.get(name))
        for name, view in ranked[:ITEMS_OF_A_LEAD]
    ]
