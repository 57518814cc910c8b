"""The few attributes of a consumed Kafka record that Parley uses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from aiokafka import TopicPartition


class Record(Protocol):
    """A consumed record; aiokafka's `ConsumerRecord` is one."""

    @property
    def topic(self) -> str: ...

    @property
    def partition(self) -> int: ...

    @property
    def offset(self) -> int: ...

    @property
    def timestamp(self) -> int: ...

    @property
    def key(self) -> bytes | None: ...

    @property
    def value(self) -> bytes | None: ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


if TYPE_CHECKING:
    # aiokafka ships no types; this is what its class is.
    class Partition(NamedTuple):
        """A partition of a topic."""

        topic: str
        partition: int
else:
    Partition = TopicPartition


def header(record: Record, name: str) -> str | None:
    """The text of a header, or None if it is absent or not UTF-8."""
    for key, value in record.headers:
        if key == name:
            return decoded(value)
    return None


def decoded(value: bytes | None) -> str | None:
    """Header bytes as text, or None where there is none."""
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None


def describe(record: Record) -> str:
    """`topic-partition@offset`, the name of a record in logs and metrics."""
    return f"{record.topic}-{record.partition}@{record.offset}"
