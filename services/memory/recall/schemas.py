"""The models of recall's internal API."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.ids import SessionId, UserId


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


Storable = Annotated[str, AfterValidator(lambda text: text.replace("\x00", " "))]
"""Text that Postgres takes."""


class RecallRequest(BaseModel):
    """What to find of what one person said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_id: UserId
    text: Storable | None = Field(default=None, max_length=2000, description="None: the last session's messages.")
    domain: str | None = Field(default=None, max_length=64)
    excluding: SessionId | None = Field(default=None, description="The session that asks, for what was said earlier.")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="Not included.")
    limit: int = Field(default=5, ge=1, le=50)


class FoundView(_View):
    """Something the person said, and what was answered."""

    message_id: UUID
    session_id: UUID
    turn_no: int
    domain: str | None
    said: str
    said_at: AwareDatetime
    language: str
    answered: str | None
    score: float = Field(description="The sum of reciprocal ranks; 0 where nothing was searched for.")
    found_by: tuple[Literal["words", "meaning"], ...]


class QuestionView(_View):
    """A question as it is usually asked, and how often it is."""

    text: str
    count: int
    people: int
    last_asked: AwareDatetime
    examples: tuple[str, ...]
    domains: tuple[str, ...]


class FaqView(_View):
    """Questions, the most frequent first, or the likest to what was searched for."""

    items: tuple[QuestionView, ...]
    embedder: str


class RecallView(_View):
    """What was found, the best first; without a text in the order it was said."""

    items: tuple[FoundView, ...]
    embedder: str = Field(description="What made the vectors; `lexical-1` knows letters only.")
