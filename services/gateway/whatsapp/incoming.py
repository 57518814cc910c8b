"""What a webhook says: messages of people, and news of messages to them. Pure, and forgiving about all it needs not."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

_LONGEST: Final = 8000
_WORDLESS: Final = frozenset({"audio", "contacts", "document", "image", "location", "sticker", "video"})
"""What people send without words, expecting an answer."""
_STATES: Final[Mapping[str, Literal["sent", "delivered", "read", "dead"]]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "dead",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of a person to a business number."""

    number_id: str
    message_id: str
    phone: str
    sent_at: datetime
    words: str | None
    """None: they sent something that has none, such as a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a message to a person."""

    number_id: str
    message_id: str
    delivery_id: UUID | None
    """What we had sent along with it, if it was us who sent it."""
    state: Literal["sent", "delivered", "read", "dead"]
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Notification:
    """All that one webhook says; `ignored` counts what is of no concern here, by what it is."""

    heard: tuple[Heard, ...] = ()
    reports: tuple[Report, ...] = ()
    ignored: Counter[str] = field(default_factory=Counter)


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Metadata(_Wire):
    phone_number_id: str


class _Value(_Wire):
    metadata: _Metadata
    messages: tuple[JsonValue, ...] = ()
    statuses: tuple[JsonValue, ...] = ()


class _Change(_Wire):
    field: str = ""
    value: JsonValue = None


class _Entry(_Wire):
    changes: tuple[_Change, ...] = ()


class _Body(_Wire):
    entry: tuple[_Entry, ...]


class _Message(_Wire):
    id: str = Field(min_length=1, max_length=256)
    sender: Annotated[str, StringConstraints(pattern=r"^[0-9]{5,20}$")] = Field(alias="from")
    timestamp: AwareDatetime
    type: str


class _Text(_Wire):
    body: str


class _Title(_Wire):
    title: str


class _Interactive(_Wire):
    button_reply: _Title | None = None
    list_reply: _Title | None = None


class _Button(_Wire):
    text: str


class _Media(_Wire):
    caption: str = ""


class _Location(_Wire):
    name: str = ""
    address: str = ""


class _Contents(_Wire):
    """Of these a message has the one that its type names."""

    text: _Text | None = None
    interactive: _Interactive | None = None
    button: _Button | None = None
    image: _Media | None = None
    video: _Media | None = None
    document: _Media | None = None
    location: _Location | None = None


class _Error(_Wire):
    code: int
    title: str = ""


class _Status(_Wire):
    id: str = Field(min_length=1, max_length=256)
    status: str
    timestamp: AwareDatetime
    biz_opaque_callback_data: str | None = None
    errors: tuple[_Error, ...] = ()


def read(body: bytes) -> Notification:
    """What a webhook's body says; what cannot be read is ignored, and the rest is not."""
    heard, reports, ignored = list[Heard](), list[Report](), Counter[str]()
    for value in _values(body, ignored):
        number_id = value.metadata.phone_number_id
        for raw in value.messages:
            message = _heard(number_id, raw, ignored)
            if message is not None:
                heard.append(message)
        for raw in value.statuses:
            report = _report(number_id, raw, ignored)
            if report is not None:
                reports.append(report)
    return Notification(tuple(heard), tuple(reports), ignored)


def _values(body: bytes, ignored: Counter[str]) -> Iterator[_Value]:
    try:
        # The standard library takes halves of characters: they spoil their message, not the whole webhook.
        entries = _Body.model_validate(json.loads(body)).entry
    except (ValueError, RecursionError):
        ignored["unreadable"] += 1
        return
    for change in (change for entry in entries for change in entry.changes):
        if change.field != "messages":
            ignored["another_field"] += 1
            continue
        try:
            yield _Value.model_validate(change.value)
        except ValidationError:
            ignored["unreadable"] += 1


def _heard(number_id: str, raw: JsonValue, ignored: Counter[str]) -> Heard | None:
    try:
        message, contents = _Message.model_validate(raw), _Contents.model_validate(raw)
    except ValidationError:
        ignored["unreadable"] += 1
        return None
    words = _words(message.type, contents)
    if words is None and message.type not in _WORDLESS:
        ignored["another_type"] += 1
        return None
    return Heard(
        number_id=number_id,
        message_id=message.id,
        phone=message.sender,
        sent_at=message.timestamp,
        words=words,
    )


def _words(kind: str, contents: _Contents) -> str | None:
    """The words of a message, cut to what a turn may have; None if it has none."""
    match getattr(contents, kind, None):
        case _Text(body=words) | _Button(text=words) | _Media(caption=words):
            pass
        case _Interactive() as chosen:
            words = (chosen.button_reply or chosen.list_reply or _Title(title="")).title
        case _Location() as place:
            words = ", ".join(part for part in (place.name, place.address) if part)
        case _:
            return None
    kept = words.replace("\x00", "")[:_LONGEST]
    return kept if kept.strip() else None


def _report(number_id: str, raw: JsonValue, ignored: Counter[str]) -> Report | None:
    try:
        status = _Status.model_validate(raw)
    except ValidationError:
        ignored["unreadable"] += 1
        return None
    state = _STATES.get(status.status)
    if state is None:
        ignored["another_status"] += 1
        return None
    return Report(
        number_id=number_id,
        message_id=status.id,
        delivery_id=_uuid(status.biz_opaque_callback_data),
        state=state,
        reason="; ".join(f"{error.code} {error.title}".strip() for error in status.errors)[:200] or None,
        at=status.timestamp,
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
