"""FastStream's part: a subscriber that hands raw records to an executor and decides nothing itself."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, cast

import structlog
from aiokafka import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import (
    RangePartitionAssignor,
)
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from shared.runtime.kafka.consumer import Consumer, FetchingConsumer
from shared.runtime.kafka.records import Partition, Record
from shared.runtime.kafka.settings import (
    AT_HAND_RECORDS,
    BATCH_FETCH_BYTES,
    BATCH_LONG_POLL,
    BATCH_RECORDS,
    BATCH_WAIT,
    HEARTBEAT,
    LONG_POLL,
    MAX_RECORD_BYTES,
    REBALANCE,
    SESSION,
    milliseconds,
)
from shared.runtime.kafka.subscription import Subscription

log = structlog.get_logger(__name__)


class Member(Protocol):
    """What takes records and partitions: the executor."""

    async def accept(self, records: Sequence[Record]) -> None: ...

    async def assigned(self, partitions: Iterable[Partition]) -> None: ...

    async def revoked(self, partitions: Iterable[Partition]) -> None: ...


class Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # the base class is untyped
    """Passes partition changes on. aiokafka swallows what a listener raises, so that is reported here."""

    def __init__(self, member: Member, fatal: Callable[[BaseException], None]) -> None:
        """`fatal` ends the process."""
        self._member = member
        self._fatal = fatal

    async def on_partitions_revoked(self, revoked: Iterable[Partition]) -> None:
        await self._guard(self._member.revoked(_partitions(revoked)))

    async def on_partitions_assigned(self, assigned: Iterable[Partition]) -> None:
        await self._guard(self._member.assigned(_partitions(assigned)))

    async def _guard(self, change: Awaitable[None]) -> None:
        try:
            await change
        except Exception as error:
            self._fatal(error)
            raise


def attach(
    broker: KafkaBroker, subscription: Subscription, member: Member, fatal: Callable[[BaseException], None]
) -> Callable[[], Consumer | None]:
    """Subscribe `member` through `broker`; the result gives the consumer while the broker runs."""
    options: dict[str, Any] = {
        "group_id": subscription.group,
        "parser": _as_message,
        "decoder": _undecoded,
        "ack_policy": AckPolicy.MANUAL,
        "no_reply": True,
        "listener": Listener(member, fatal),
        "auto_offset_reset": "earliest",
        # Range gives one process the same partitions of every topic of a subscription.
        "partition_assignment_strategy": (RangePartitionAssignor,),
        "session_timeout_ms": milliseconds(SESSION),
        "heartbeat_interval_ms": milliseconds(HEARTBEAT),
        "rebalance_timeout_ms": milliseconds(REBALANCE),
        "fetch_min_bytes": BATCH_FETCH_BYTES if subscription.batch else 1,
        "fetch_max_wait_ms": milliseconds(BATCH_LONG_POLL if subscription.batch else LONG_POLL),
        "max_partition_fetch_bytes": MAX_RECORD_BYTES,
    }
    if subscription.batch:
        options |= {"batch": True, "max_records": BATCH_RECORDS, "batch_timeout_ms": milliseconds(BATCH_WAIT)}
    subscriber = broker.subscriber(*subscription.topics, **options)

    def consumer() -> FetchingConsumer | None:
        return cast("FetchingConsumer | None", subscriber.consumer)

    async def ingest(raw: Any) -> None:
        # FastStream drops a record whose handler raises; nothing may be lost that way.
        try:
            await member.accept(raw if isinstance(raw, tuple) else (raw,))
            await member.accept(await _at_hand(consumer()))
        except Exception as error:
            fatal(error)
            raise

    subscriber(ingest)
    return consumer


async def _at_hand(consumer: FetchingConsumer | None) -> list[Record]:
    """What has been fetched already: under load it spares most records their way through FastStream."""
    if consumer is None:
        return []
    try:
        fetched = await consumer.getmany(timeout_ms=0, max_records=AT_HAND_RECORDS)
    except (KafkaError, ConsumerStoppedError) as error:
        log.warning("read_failed", error=repr(error))
        return []
    return [record for records in fetched.values() for record in records]


async def _as_message(raw: Any) -> KafkaMessage:
    """Wrap without looking: FastStream's own parser fails on headers that are not text and drops the record."""
    return KafkaMessage(raw_message=raw, body=b"", consumer=cast("Any", None))


async def _undecoded(message: KafkaMessage) -> Any:
    return message.raw_message


def _partitions(partitions: Iterable[Partition]) -> list[Partition]:
    return [Partition(topic, partition) for topic, partition in partitions]
