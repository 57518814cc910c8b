"""Conversations and the domains they are held in."""

from typing import Any

from pydantic import AwareDatetime, Field

from services.gateway.schemas.common import AT, SESSION, Public, example
from shared.events.ids import SessionId


class SessionRequest(Public):
    """Opens a conversation."""

    domain: str = Field(max_length=64, description="The pack that answers, as GET /v1/domains names it.")

    model_config = example(domain="property")


class SessionView(Public):
    """A conversation."""

    session_id: SessionId
    domain: str
    title: str | None = None
    created_at: AwareDatetime
    last_active_at: AwareDatetime
    message_count: int = 0
    turn_no: int = Field(default=0, description="How many turns have ended.")

    model_config = example(
        session_id=SESSION,
        domain="property",
        title="2BHK in Whitefield",
        created_at=AT,
        last_active_at=AT,
        message_count=2,
        turn_no=1,
    )


class ExperienceView(Public):
    """How a conversation went."""

    sentiment: float | None = Field(description="The mean of what was said, -1 to 1; null: nothing was.")
    trend: float | None = Field(description="How far sentiment rose from the first turn to the last, in a line.")
    satisfaction: float | None = Field(description="1 to 5: the mean rating, or as predicted; null: neither.")
    is_predicted: bool = Field(description="Whether nobody rated anything, so that satisfaction is a guess.")
    escalation: str | None = Field(description="Why a person should take over; null: no reason yet.")
    escalated_at: AwareDatetime | None = None


class SessionDetails(SessionView):
    """A conversation and how it went."""

    experience: ExperienceView | None = Field(default=None, description="Null: nothing was heard of it yet.")


class SessionPage(Public):
    """Some of a user's sessions, the last active first."""

    items: tuple[SessionView, ...]
    next_cursor: str | None = Field(default=None, description="Pass it as `cursor` for the next page.")
    as_of: AwareDatetime = Field(description="Nothing older than this is missing.")


class CommandView(Public):
    """A command of a domain and the JSON Schema of its arguments."""

    name: str
    arguments: dict[str, Any]


class ExampleView(Public):
    """A conversation that shows what a pack does: what one person says, visit by visit."""

    user: str | None = Field(description="Who speaks, where the pack's made-up data is somebody's; null: anybody.")
    visits: tuple[tuple[str, ...], ...]


class DomainView(Public):
    """A pack that sessions can be opened with."""

    name: str
    title: str
    greeting: str = Field(description="What a client may show before the first turn.")
    example: ExampleView | None = None
    commands: tuple[CommandView, ...] = ()


class DomainList(Public):
    """The packs of this installation."""

    items: tuple[DomainView, ...]
