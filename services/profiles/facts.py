"""What is remembered of a person in one domain, in a form that does not depend on the order it was learned in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domains.person import Action, InterestLevel, Mood, Preference, View

ContactField = Literal["name", "phone", "email"]
CONTACT_FIELDS: tuple[ContactField, ...] = ("name", "phone", "email")

RANKS: Mapping[InterestLevel, int] = {"low": 1, "medium": 2, "high": 3}
"""Levels in their order; by itself one view of an item shows low interest in it, two medium, three or more high."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Wish(_Fact):
    """How much the person cares for an item, as last said."""

    level: InterestLevel
    sequence: int


class Concern(_Fact):
    """How often an objection was voiced, and when it was voiced and answered last."""

    count: int = 0
    voiced: int = 0
    answered: int = 0


class Told(_Fact):
    """A contact fact: the latest wins, and at the same moment what was put right by hand."""

    value: str | None
    at: datetime
    by_hand: bool = False


class Facts(_Fact):
    """What signals taught, and beside it what was told: contact facts and corrections by hand (from `contact` on)."""

    sessions: tuple[int, ...] = ()
    turns: int = 0
    views: dict[str, View] = Field(default_factory=dict)
    wishes: dict[str, Wish] = Field(default_factory=dict)
    preferences: dict[str, Preference] = Field(default_factory=dict)
    objections: dict[str, Concern] = Field(default_factory=dict)
    intents: dict[str, int] = Field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    moods: tuple[Mood, ...] = ()
    first_seen: datetime | None = None
    last_active: datetime | None = None
    sequence: int = 0
    contact: dict[ContactField, Told] = Field(default_factory=dict)
    corrections: dict[str, Preference] = Field(default_factory=dict)
    ratings: dict[str, Wish] = Field(default_factory=dict)
    """Interest in an item as somebody put it right."""
    settled: dict[str, int] = Field(default_factory=dict)
    """Objection -> up to which turn somebody answered it outside the conversation."""
    forgotten_until: datetime | None = None
    """The profile was deleted then: what happened up to that moment stays unknown."""

    def forgets(self, at: datetime) -> bool:
        """Whether what happened at this time was deleted."""
        return self.forgotten_until is not None and at <= self.forgotten_until

    def told(self) -> "Facts":
        """What no signal taught: the start when signals are folded again."""
        return Facts(
            contact=self.contact,
            corrections=self.corrections,
            ratings=self.ratings,
            settled=self.settled,
            forgotten_until=self.forgotten_until,
        )
