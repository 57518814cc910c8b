"""What the profiles service concluded about people. Owned by profiles."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.base import Fact, UserEvent
from shared.events.topics import PROFILES, Topic

Temperature = Literal["cold", "warm", "hot"]


class Factor(Fact):
    """One term of a score, so that the score explains itself."""

    name: str
    value: float
    maximum: float
    because: str = Field(description="The numbers it was computed from, for a person to read.")


class Score(Fact):
    """A score and the factors it is the sum of."""

    value: float
    factors: tuple[Factor, ...]


class ProfileScored(UserEvent):
    """A person's scores were computed again after an interaction."""

    type: ClassVar[str] = "parley.profile.scored.v1"
    source: ClassVar[str] = "/parley/profiles"
    topic: ClassVar[Topic] = PROFILES

    domain: str
    version: int = Field(ge=1, description="Counts the changes of this profile.")
    engagement: Score
    intent: Score
    temperature: Temperature
    formula: str | None = Field(default=None, description="Name and version of the formula that made the scores.")


class LeadBecameHot(UserEvent):
    """A person's temperature rose to hot."""

    type: ClassVar[str] = "parley.lead.became-hot.v1"
    source: ClassVar[str] = "/parley/profiles"
    topic: ClassVar[Topic] = PROFILES

    domain: str
    version: int = Field(ge=1)
    total: float = Field(description="Engagement and intent together.")
