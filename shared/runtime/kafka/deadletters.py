"""Dead letters: a record that was given up, kept whole, with headers that say why; and its way back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from shared.events.envelope import Envelope
from shared.events.topics import dead_topic
from shared.runtime.kafka.records import Record, describe, header

REASON: Final = "x-dead-reason"
"""One of the reasons below."""
ERROR: Final = "x-dead-error"
"""The exception's type and message."""
SOURCE_TOPIC: Final = "x-dead-source-topic"
SOURCE_PARTITION: Final = "x-dead-source-partition"
SOURCE_OFFSET: Final = "x-dead-source-offset"
GROUP: Final = "x-dead-group"
"""The consumer group that gave it up; other groups may have handled it."""
ATTEMPTS: Final = "x-dead-attempts"
AT: Final = "x-dead-at"
"""When, in ISO 8601, UTC."""
PREFIX: Final = "x-dead-"

REJECTED: Final = "rejected"
EXHAUSTED: Final = "exhausted"
KILLED: Final = "killed-its-process"

_ERROR_CHARACTERS: Final = 1000


def bury(record: Record, *, group: str, reason: str, error: Exception, attempts: int, at: datetime) -> Envelope:
    """The dead letter of a record: its bytes as they were, its headers and ours behind them."""
    ours = {
        REASON: reason,
        ERROR: f"{type(error).__name__}: {error}"[:_ERROR_CHARACTERS],
        SOURCE_TOPIC: record.topic,
        SOURCE_PARTITION: str(record.partition),
        SOURCE_OFFSET: str(record.offset),
        GROUP: group,
        ATTEMPTS: str(attempts),
        AT: at.astimezone(UTC).isoformat(),
    }
    headers = (*_without_ours(record.headers), *((name, text.encode(errors="replace")) for name, text in ours.items()))
    return Envelope(topic=dead_topic(record.topic), key=record.key or b"", value=record.value or b"", headers=headers)


def revive(record: Record) -> Envelope:
    """The original of a dead letter, ready to be published to the topic it came from.

    Raises ValueError if the record is no dead letter.
    """
    topic = header(record, SOURCE_TOPIC)
    if topic is None:
        raise ValueError(f"{describe(record)} has no {SOURCE_TOPIC} header: it is no dead letter")
    headers = tuple(_without_ours(record.headers))
    return Envelope(topic=topic, key=record.key or b"", value=record.value or b"", headers=headers)


def _without_ours(headers: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes]]:
    # A dead letter that was revived and died again names its latest end only.
    return [(name, value or b"") for name, value in headers if not name.startswith(PREFIX)]
