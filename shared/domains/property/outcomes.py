"""What conversations about property lead to, for other systems."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.events.outcomes import Outcome


class VisitBooked(Outcome):
    """A visit to a site was agreed."""

    type: ClassVar[str] = "parley.property.visit-booked.v1"

    visit_id: UUID
    listing_id: str
    starts_at: AwareDatetime


class VisitMoved(Outcome):
    """A visit was given another time."""

    type: ClassVar[str] = "parley.property.visit-moved.v1"

    visit_id: UUID
    listing_id: str
    starts_at: AwareDatetime


class VisitCancelled(Outcome):
    """A visit was called off."""

    type: ClassVar[str] = "parley.property.visit-cancelled.v1"

    visit_id: UUID
    listing_id: str


class CallbackRequested(Outcome):
    """Somebody wants to be called; the number is in their profile."""

    type: ClassVar[str] = "parley.property.callback-requested.v1"

    callback_id: UUID
    listing_id: str | None
    preferred_at: AwareDatetime | None


class BrochureRequested(Outcome):
    """Somebody wants a project's brochure."""

    type: ClassVar[str] = "parley.property.brochure-requested.v1"

    listing_id: str
    brochure: str = Field(description="The brochure's code.")
