"""What a service declares to consume a topic: which events it handles, and how."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from shared.events.base import Event
from shared.runtime.kafka.records import Record

EventT = TypeVar("EventT", bound=Event)


def by_partition_and_key(record: Record) -> Hashable:
    """Records of one key of one topic run in order; a record without a key is in order with nothing."""
    return (record.topic, record.partition, record.offset if record.key is None else record.key)


def by_key(record: Record) -> Hashable:
    """Records of one key run one at a time across all topics of a subscription.

    The topics must have equal partition counts, so that one process gets a key's partitions of all of them.
    """
    return (record.topic, record.partition, record.offset) if record.key is None else record.key


@dataclass(frozen=True, slots=True)
class Handler(Generic[EventT]):
    """One event type and the function that handles it."""

    model: type[EventT]
    handle: Callable[[EventT], Awaitable[None]]
    exhausted: Callable[[EventT, Exception], Awaitable[None]] | None = None
    """Runs after the last failed attempt and before the dead letter; its own failures are retried."""
    on_read: Callable[[EventT], None] | None = None
    """Sees the event when it is read, before it is queued; possibly again after a hand-over."""
    timeout: timedelta = timedelta(seconds=60)
    """An attempt that takes longer is cancelled and counts as failed."""


@dataclass(frozen=True, slots=True)
class BatchHandler(Generic[EventT]):
    """One event type and the function that handles whatever has arrived of it, in one call.

    An error concerns the whole call, so its events are then handled again one by one, each in a call of its own: what
    a call did before it failed must bear to be repeated.
    """

    model: type[EventT]
    handle: Callable[[Sequence[EventT]], Awaitable[None]]
    timeout: timedelta = timedelta(seconds=60)
    """A call that takes longer is cancelled."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consumer group's reading of one or more topics.

    An event type in neither `handlers` nor `ignores`, or a body its model refuses, goes to the dead letters.
    """

    topics: tuple[str, ...]
    group: str
    handlers: tuple[Handler[Any] | BatchHandler[Any], ...]
    ignores: tuple[type[Event], ...] = ()
    batch: bool = False
    """True where nobody waits: fewer wake-ups for up to 75 ms of delay."""
    concurrency: int = 64
    """Records handled at once in this process, at most one of each lane."""
    pending: int = 1024
    """Records read and not finished at which reading pauses until half of them are."""
    drain: timedelta = timedelta(seconds=10)
    """How long running handlers may finish when partitions move or the process stops."""
    lane: Callable[[Record], Hashable] = by_partition_and_key
    """Records with the same value run one at a time, in the order they were read."""
