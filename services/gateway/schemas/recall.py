"""What was said before, found again."""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.gateway.schemas.common import AT, SESSION, DomainName, Public, Words, example
from shared.domains.moments import Moment
from shared.events.ids import SessionId


class RecallQuery(Public):
    """What to find of what you said."""

    q: Words | None = Field(default=None, max_length=2000, description="The last session's messages when absent.")
    domain: DomainName | None = Field(default=None, description="All when absent.")
    since: Moment | None = None
    until: Moment | None = Field(default=None, description="Not included.")
    limit: int = Field(default=10, ge=1, le=50)


class FaqQuery(Public):
    """Which questions to list."""

    q: Words | None = Field(default=None, max_length=2000, description="Only questions like this, the likest first.")
    domain: DomainName | None = Field(default=None, description="All when absent.")
    limit: int = Field(default=20, ge=1, le=100)


class FoundMessage(Public):
    """A message of yours, and what was answered."""

    message_id: str
    session_id: SessionId
    turn_no: int
    domain: str | None = None
    said: str
    said_at: AwareDatetime
    language: str
    answered: str | None = None
    score: float = Field(description="For comparing results of one search; 0 without one.")
    found_by: tuple[Literal["words", "meaning"], ...] = ()

    model_config = example(
        message_id=SESSION,
        session_id=SESSION,
        turn_no=3,
        domain="property",
        said="Is there visitors' parking?",
        said_at=AT,
        language="en",
        answered="Yes, two levels.",
        score=0.0328,
        found_by=["words", "meaning"],
    )


class RecallList(Public):
    """What was found, the best first; without a query in the order it was said."""

    items: tuple[FoundMessage, ...]
    embedder: str = Field(description="What compares meanings; `lexical-1` compares letters only.")


class FrequentQuestion(Public):
    """A question as it is usually asked."""

    text: str
    count: int
    people: int
    last_asked: AwareDatetime
    examples: tuple[str, ...] = Field(description="Other ways it was put.")
    domains: tuple[str, ...]

    model_config = example(
        text="Is parking included?",
        count=41,
        people=37,
        last_asked=AT,
        examples=["Where can my car stay?"],
        domains=["property"],
    )


class FaqList(Public):
    """Questions, the most frequent first, or the likest to what was searched for."""

    items: tuple[FrequentQuestion, ...]
    embedder: str
