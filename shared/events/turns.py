"""What is asked of a session. Owned by the gateway."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field, JsonValue

from shared.events.base import Fact, SessionEvent, TurnEvent
from shared.events.topics import TURNS, Topic

_SOURCE = "/parley/gateway"


class Text(Fact):
    """What a person wrote."""

    type: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=8000, description="The words, at most 8,000 characters.")


class Command(Fact):
    """An action of the domain or of the platform that takes the same road as words, such as `feedback` or `apply`."""

    type: Literal["command"] = "command"
    name: str = Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


TurnInput = Annotated[Text | Command, Field(discriminator="type")]


class SessionOpened(SessionEvent):
    """A session was created without a turn. The agent owns it from here on."""

    type: ClassVar[str] = "parley.session.opened.v1"
    source: ClassVar[str] = _SOURCE
    topic: ClassVar[Topic] = TURNS

    domain: str = Field(description="The pack that answers this session; it never changes.")


class TurnSubmitted(TurnEvent):
    """A turn was accepted: it will have exactly one terminal event on parley.replies."""

    type: ClassVar[str] = "parley.turn.submitted.v1"
    source: ClassVar[str] = _SOURCE
    topic: ClassVar[Topic] = TURNS

    domain: str = Field(description="The pack that answers this session.")
    input: TurnInput
    body_hash: str = Field(
        description="SHA-256 of the request body, hexadecimal: another body under one turn_id is dropped."
    )
    expires_at: AwareDatetime = Field(description="Past this the turn fails as `expired` instead of being answered.")
    opens: bool = Field(default=False, description="Whether this turn opens the session when there is none.")
    inbox: str | None = Field(
        default=None,
        description="The gateway that streams this turn, if any: frames go to its Redis stream too.",
    )
    language: str | None = Field(default=None, description="The language the client asked for, BCP 47, if it did.")


class TurnCancelRequested(TurnEvent):
    """Somebody asked to stop a turn. It ends as `TurnCancelled` unless it had ended before."""

    type: ClassVar[str] = "parley.turn.cancel-requested.v1"
    source: ClassVar[str] = _SOURCE
    topic: ClassVar[Topic] = TURNS


class SessionDeleted(SessionEvent):
    """The session is deleted: what runs is cancelled, what waits fails, what was said is removed."""

    type: ClassVar[str] = "parley.session.deleted.v1"
    source: ClassVar[str] = _SOURCE
    topic: ClassVar[Topic] = TURNS

    by_erasure: bool = Field(
        default=False,
        description="Its owner is erased: whoever keeps what was said removes it by parley.privacy, which counts it.",
    )
