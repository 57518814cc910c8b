"""A person as the profiles service knows them: what packs greet by and score."""

from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, JsonValue

from shared.events.profiles import Score, Temperature

InterestLevel = Literal["low", "medium", "high"]
Stage = Literal["awareness", "interest", "consideration", "intent", "decision"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""In the order in which somebody comes to a decision."""


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class View(_Known):
    """How often and when last a person looked at one item."""

    count: int
    last_at: datetime
    session_no: int


class Objection(_Known):
    """A concern the person voiced, and whether it was answered."""

    count: int
    answered: bool = False


class Preference(_Known):
    """What the person wants in one respect; the value with the highest sequence is in force."""

    value: JsonValue
    sequence: int


class Mood(_Known):
    """Sentiment of one turn: -1 to 1, with frustration 0 to 1."""

    sequence: int
    sentiment: float
    frustration: float = 0.0


class Action(_Known):
    """Something the person did or asked for beyond talking, such as `site_visit`, `callback`, `download`."""

    name: str
    item: str | None
    at: datetime
    sequence: int


class Profile(_Known):
    """Everything folded from a person's signals in one domain. Independent of the order the signals arrived in."""

    user_id: str
    domain: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    sessions: int = 0
    turns: int = 0
    views: dict[str, View] = {}
    interests: dict[str, InterestLevel] = {}
    preferences: dict[str, Preference] = {}
    objections: dict[str, Objection] = {}
    intents: dict[str, int] = {}
    actions: tuple[Action, ...] = ()
    moods: tuple[Mood, ...] = ()
    first_seen: datetime | None = None
    last_active: datetime | None = None
    sequence: int = 0

    @property
    def total_views(self) -> int:
        """Views of all items together."""
        return sum(view.count for view in self.views.values())

    @property
    def sentiment(self) -> float:
        """Mean sentiment of the remembered turns, 0 when there are none."""
        return sum(mood.sentiment for mood in self.moods) / len(self.moods) if self.moods else 0.0

    def done(self, action: str) -> int:
        """How often the person did `action`."""
        return sum(1 for each in self.actions if each.name == action)


class Scores(_Known):
    """What a pack's formula makes of a profile."""

    engagement: Score
    intent: Score
    temperature: Temperature
    stage: Stage
    formula: str | None = None
    """Name and version of the formula, as the platform has chosen it."""
