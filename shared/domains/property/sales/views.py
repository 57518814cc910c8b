"""What the sales view answers."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.domains.person import InterestLevel, Stage
from shared.events.profiles import Temperature


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class Contact(_View):
    """Who somebody is and how to reach them."""

    user_id: str
    name: str | None
    phone: str | None
    email: str | None


class LookedAt(_View):
    """A project somebody looked at."""

    id: str
    project: str
    locality: str
    views: int
    interest: InterestLevel | None
    last_viewed_at: AwareDatetime | None


class Concern(_View):
    """An objection, and whether it was answered."""

    kind: str
    count: int
    answered: bool


class Summary(_View):
    """A lead on one card."""

    who: Contact
    temperature: Temperature
    stage: Stage
    total: float
    reasons: tuple[str, ...] = Field(description="What the scores are made of, the weightiest first.")
    formula: str | None
    looking_for: str | None
    projects: tuple[LookedAt, ...] = Field(description="The ones looked at most.")
    objections: tuple[Concern, ...]
    next_visit_at: AwareDatetime | None
    last_active: datetime | None
    progressed_at: datetime | None
    next_step: str


class Summaries(_View):
    """Some leads."""

    items: tuple[Summary, ...]
    next_cursor: str | None


class HeatRow(_View):
    """Interest in one project: how often it was looked at in each week, and by how many people."""

    id: str
    project: str
    locality: str
    views: tuple[int, ...]
    people: tuple[int, ...]
    total: int


class HeatMap(_View):
    """Projects by weeks, the hottest first. Weeks begin on Monday in India; the last one is still running."""

    weeks: tuple[date, ...]
    rows: tuple[HeatRow, ...]


class Suggestion(_View):
    """A project somebody keeps looking at without having visited it, and what to say to them."""

    who: Contact
    project: LookedAt
    words: str


class Suggestions(_View):
    """Suggestions, the most views first."""

    items: tuple[Suggestion, ...]


FollowUpKind = Literal["call_back", "confirm_visit", "after_visit", "objection", "stuck"]


class FollowUp(_View):
    """Something to do about somebody."""

    kind: FollowUpKind
    due_at: AwareDatetime
    who: Contact
    about: str
    call_id: UUID | None = Field(default=None, description="Of a call-back: POST to /v1/sales/calls/{call_id}/done.")


class FollowUps(_View):
    """What is due, the longest overdue first."""

    items: tuple[FollowUp, ...]


class CallDone(_View):
    """A call-back that was made."""

    id: UUID
    user_id: str
    done_at: AwareDatetime
    done_by: str


class PlannedVisit(_View):
    """A visit to a site."""

    id: UUID
    who: Contact
    project: str
    locality: str
    starts_at: AwareDatetime
    cancelled: bool


class VisitList(_View):
    """Visits in their order."""

    items: tuple[PlannedVisit, ...]
