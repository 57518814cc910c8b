"""What is done to records because of their age."""

from datetime import timedelta

from pydantic import AwareDatetime, Field

from services.gateway.schemas.common import Public, example


class UpkeepView(Public):
    """One task of one service on one class of records."""

    service: str
    task: str = Field(description="What is done to which records: scrubbed_messages, deleted_messages …")
    after: timedelta = Field(description="How old a record may become before it is done, ISO 8601.")
    due: int = Field(description="Records that are older and still there.")
    oldest: AwareDatetime | None = Field(description="Of the records that it will be done to; null: there are none.")
    done: int = Field(description="Records it was done to since the beginning.")
    last_at: AwareDatetime | None = Field(description="When it was last done to any.")
    archived: int | None = Field(description="Those of them that lie in cold storage; null: none can.")


class RetentionReport(Public):
    """What is due and what was done, in every service."""

    as_of: AwareDatetime
    items: tuple[UpkeepView, ...]

    model_config = example(
        as_of="2026-03-01T09:30:00Z",
        items=[
            {
                "service": "memory",
                "task": "deleted_messages",
                "after": "P90D",
                "due": 0,
                "oldest": "2025-12-02T10:15:00Z",
                "done": 18204,
                "last_at": "2026-03-01T09:00:00Z",
                "archived": 18204,
            }
        ],
    )
