"""Which people operators ask for, and what is counted of what everybody does: the same words in every API."""

from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.domains.moments import Moment
from shared.domains.person import Profile, Scores, Stage
from shared.events.profiles import Temperature
from shared.events.signals import SignalKind

Order = Literal["total", "intent", "last_active"]
"""The highest first, or the latest."""


class LeadQuery(BaseModel):
    """Which leads: all that is given must hold."""

    model_config = ConfigDict(frozen=True)

    domain: str | None = Field(default=None, min_length=1, max_length=64, pattern=r"^[^\x00]+$")
    temperature: Temperature | None = None
    stage: Stage | None = None
    min_intent: float | None = Field(default=None, ge=0, le=10, description="Intent to buy is at least this.")
    preference: str | None = Field(
        default=None,
        max_length=64,
        pattern=r"^[^\x00]+$",
        description="They want something in this respect, such as `budget`.",
    )
    at_least: float | None = Field(default=None, ge=0, description="Their range of that preference reaches this.")
    at_most: float | None = Field(default=None, ge=0, description="Their range of that preference begins below this.")
    active_since: Moment | None = None
    active_before: Moment | None = None
    stuck_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="Warm or hot, not at a decision, and at no later stage for so many days.",
    )
    order: Order = "total"

    @model_validator(mode="after")
    def _ranges_are_of_a_preference(self) -> Self:
        if self.preference is None and (self.at_least, self.at_most) != (None, None):
            raise ValueError("at_least and at_most need a preference, such as preference=budget")
        return self


class TallyQuery(BaseModel):
    """What to count of the signals of a domain, week by week."""

    model_config = ConfigDict(frozen=True)

    domain: str = Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$")
    kind: SignalKind
    since: AwareDatetime
    zone: str = Field(default="UTC", pattern=r"^[A-Za-z]+(/[A-Za-z_]+)*$", description="Whose weeks: an IANA zone.")


class Tally(BaseModel):
    """How often something was signalled in one week, and by how many people."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    week: str = Field(description="The Monday it began, ISO 8601.")
    name: str
    count: int
    people: int


class Person(BaseModel):
    """Somebody in one domain, with the scores as of now."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    profile: Profile
    scores: Scores | None
    progressed_at: AwareDatetime | None = None
