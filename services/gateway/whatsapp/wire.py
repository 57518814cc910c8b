"""Webhooks on the wire, as far as they are of concern here: what else is in them is ignored."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints


def _storable(text: str) -> str:
    """Without what no store keeps: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


_Words = Annotated[str, AfterValidator(_storable)]
_Id = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,256}$")]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Metadata(_Wire):
    """Which business number a change is about."""

    phone_number_id: str


class Value(_Wire):
    """What a change brings; each part is read on its own, so that none spoils another."""

    metadata: Metadata
    messages: tuple[JsonValue, ...] = ()
    statuses: tuple[JsonValue, ...] = ()


class Change(_Wire):
    """One change of the field that its webhook subscribes to."""

    field: str = ""
    value: JsonValue = None


class Entry(_Wire):
    """What happened to one business account."""

    changes: tuple[Change, ...] = ()


class Body(_Wire):
    """A whole webhook."""

    entry: tuple[Entry, ...]


class Message(_Wire):
    """What every message of a person has."""

    id: _Id
    sender: Annotated[str, StringConstraints(pattern=r"^[0-9]{5,20}$")] = Field(alias="from")
    timestamp: AwareDatetime
    type: str


class Text(_Wire):
    """What somebody wrote."""

    body: _Words


class Title(_Wire):
    """The visible words of a choice."""

    title: _Words


class Interactive(_Wire):
    """A tapped button, or a row picked from a list."""

    button_reply: Title | None = None
    list_reply: Title | None = None


class Button(_Wire):
    """A tapped button of a template."""

    text: _Words


class Media(_Wire):
    """A file, perhaps with words beside it."""

    caption: _Words = ""


class Location(_Wire):
    """A place, perhaps with a name."""

    name: _Words = ""
    address: _Words = ""


class Contents(_Wire):
    """Of these a message has the one that its type names."""

    text: Text | None = None
    interactive: Interactive | None = None
    button: Button | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None
    location: Location | None = None


class Error(_Wire):
    """Why a message was not delivered."""

    code: int
    title: _Words = ""


class Status(_Wire):
    """News of a message to a person."""

    id: _Id
    status: str
    timestamp: AwareDatetime
    biz_opaque_callback_data: str | None = None
    errors: tuple[Error, ...] = ()
