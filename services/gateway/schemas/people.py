"""People and what they want."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from services.gateway.schemas.common import Public, Words, example, storable
from shared.domains.person import Profile, Scores
from shared.events.profiles import Temperature


class ProfileView(Public):
    """What is known of a person in one domain, and the scores with what they are made of."""

    profile: Profile
    scores: Scores | None = None
    version: int
    complete: bool = True
    as_of: AwareDatetime


class ProfileChange(Public):
    """Facts to set; null forgets one, an absent one stays."""

    name: Words | None = Field(default=None, max_length=200)
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ().\-]{5,32}$")] | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")] | None = None
    preferences: Annotated[dict[str, JsonValue], AfterValidator(storable)] | None = None

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
    items: tuple[LeadItem, ...] = ()


class LeadPage(Public):
    """Some leads, the highest score first."""

    items: tuple[LeadView, ...]
    next_cursor: str | None = None
