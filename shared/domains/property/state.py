"""What the pack remembers of one session."""

from datetime import date, datetime, time
from typing import Literal

from pydantic import Field

from shared.domains.base import State
from shared.domains.person import Profile
from shared.domains.property.listings import Wanted

Step = Literal["search", "details", "visit", "callback", "brochure", "loan"]


class Offer(State):
    """What the agent proposed last: a plain "yes" takes it up."""

    step: Step
    listing_id: str | None = None


class VisitDraft(State):
    """A visit that is not complete yet."""

    listing_id: str | None = None
    day: date | None = None
    clock: time | None = None


class LoanWishes(State):
    """What the person wants of a loan for a project, as far as it was said; `down` in rupees."""

    listing_id: str | None = None
    rate: float | None = None
    years: int | None = None
    down: int | None = None


class PropertyState(State):
    """The search that stands, what it showed, the project in question, and what is half done."""

    wanted: Wanted = Wanted()
    seen: tuple[str, ...] = ()
    """Listings already shown for this search."""
    focus: str | None = None
    """The listing that "it" means."""
    table: tuple[str, ...] = ()
    """The listings that "both" or "which is better" mean, after several were talked about together."""
    offer: Offer | None = None
    visit: VisitDraft | None = None
    booked: str | None = None
    """The listing whose visit this session booked last: a change of day or time means that visit."""
    views: dict[str, int] = Field(default_factory=dict)
    """How often the person looked at each listing, in this session and before."""
    loan: LoanWishes = LoanWishes()
    answered: tuple[str, ...] = ()
    """Objections answered in this session or before."""
    open_objection: str | None = None
    """An objection that waits for a figure from the person."""
    call_at: datetime | None = None
    """When to call, of a call-back that still lacks a number."""
    called: bool = False
    """Whether this session asked for a call-back."""
    reachable: bool = False
    """Whether a phone number is known."""

    def acquainted(self, person: Profile) -> "PropertyState":
        """The state of a session whose person is known from before."""
        return self.model_copy(
            update={
                "views": {item: view.count for item, view in person.views.items()},
                "answered": tuple(name for name, each in person.objections.items() if each.answered),
                "reachable": person.phone is not None,
            }
        )
