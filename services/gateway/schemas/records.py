"""Rows of records. What a row holds is the record's business; see docs/records.md."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from services.gateway.schemas.common import Public, example, storable
from shared.domains.moments import Moment
from shared.events.ids import UserId

Row = Annotated[dict[str, JsonValue], AfterValidator(storable)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]


class RecordNames(Public):
    """Which records there are."""

    items: list[str]


class RecordPage(Public):
    """Some rows, in order."""

    items: list[Row]
    next_cursor: str | None = None


class RecordCount(Public):
    """How many rows pass the filters."""

    count: int


class RecordExists(Public):
    """Whether there is such a row."""

    exists: bool


class RowItems(Public):
    """Several rows, or what is to change of them."""

    items: Annotated[list[Row], Field(min_length=1, max_length=1000)]

    model_config = example(items=[{"session_id": "…", "role": "user", "content": "400 boxes", "timestamp": "…"}])


class RowsCreated(Public):
    """Keys of the rows that were made, and of those that were there already and are as they were."""

    created: list[str]
    skipped: list[str]


class RowsUpdated(Public):
    """Keys of the rows that were changed, and of those that are not there."""

    updated: list[str]
    missing: list[str]


class Cohort(Public):
    """Users whose summaries are put together: all, but for what is named here."""

    user_ids: Annotated[list[UserId], Field(min_length=1, max_length=10_000)] | None = None
    outlet_id: Name | None = None
    preferred_language: Name | None = None
    active_since: Moment | None = None


class InteractionTotals(Public):
    """The summaries of many users in one."""

    users: int
    total_conversations: int
    total_messages: int
    avg_satisfaction: float | None
    rating_count: int
    first_interaction: AwareDatetime | None
    last_interaction: AwareDatetime | None
    common_intents: dict[str, int] = Field(description="Intent -> in how many conversations.")
    languages: dict[str, int] = Field(description="Language -> how many users prefer it.")
