"""What a webhook says: messages of people, and news of messages to them. Pure, and forgiving about all it needs not."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import JsonValue, ValidationError

from services.gateway.whatsapp import wire

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


def _values(body: bytes, ignored: Counter[str]) -> Iterator[wire.Value]:
    try:
        # Pydantic's own reader refuses a whole body for half a character in it.
        entries = wire.Body.model_validate(json.loads(body)).entry
    except (ValueError, RecursionError):
        ignored["unreadable"] += 1
        return
    for change in (change for entry in entries for change in entry.changes):
        if change.field != "messages":
            ignored["another_field"] += 1
            continue
        try:
            yield wire.Value.model_validate(change.value)
        except ValidationError:
            ignored["unreadable"] += 1


def _heard(number_id: str, raw: JsonValue, ignored: Counter[str]) -> Heard | None:
    try:
        message, contents = wire.Message.model_validate(raw), wire.Contents.model_validate(raw)
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


def _words(kind: str, contents: wire.Contents) -> str | None:
    """The words of a message, cut to what a turn may have; None if it has none."""
    match getattr(contents, kind, None):
        case wire.Text(body=words) | wire.Button(text=words) | wire.Media(caption=words):
            pass
        case wire.Interactive() as chosen:
            words = (chosen.button_reply or chosen.list_reply or wire.Title(title="")).title
        case wire.Location() as place:
            words = ", ".join(part for part in (place.name, place.address) if part)
        case _:
            return None
    return words[:_LONGEST] if words.strip() else None


def _report(number_id: str, raw: JsonValue, ignored: Counter[str]) -> Report | None:
    try:
        status = wire.Status.model_validate(raw)
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
