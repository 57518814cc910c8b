"""FastStream's part, a member of a consumer group, and the loop that hands its records to an executor."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol, cast

import structlog
from aiokafka import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import (
    RangePartitionAssignor,
)
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.runtime.kafka.consumer import FetchingConsumer
from shared.runtime.kafka.records import Partition, Record
from shared.runtime.kafka.settings import (
    BATCH_FETCH_BYTES,
    BATCH_LONG_POLL,
    HEARTBEAT,
    LONG_POLL,
    MAX_RECORD_BYTES,
    READ_PAUSE,
    READ_WAIT,
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
) -> Callable[[], FetchingConsumer | None]:
    """Make `member` part of the group through `broker`; the result gives the consumer while the broker runs.

    The subscriber has no handler, so that FastStream starts no loop of its own: wrapping each record as a message
    costs as much as the executor does.
    """
    subscriber = broker.subscriber(
        *subscription.topics,
        group_id=subscription.group,
        ack_policy=AckPolicy.MANUAL,
        listener=Listener(member, fatal),
        auto_offset_reset="earliest",
        # Range gives one process the same partitions of every topic of a subscription.
        partition_assignment_strategy=(RangePartitionAssignor,),
        session_timeout_ms=milliseconds(SESSION),
        heartbeat_interval_ms=milliseconds(HEARTBEAT),
        rebalance_timeout_ms=milliseconds(REBALANCE),
        fetch_min_bytes=BATCH_FETCH_BYTES if subscription.batch else 1,
        fetch_max_wait_ms=milliseconds(BATCH_LONG_POLL if subscription.batch else LONG_POLL),
        max_partition_fetch_bytes=MAX_RECORD_BYTES,
    )
    return lambda: cast("FetchingConsumer | None", subscriber.consumer)


async def read(consumer: FetchingConsumer, member: Member, *, at_once: int) -> None:
    """Hand on what has been fetched, at most `at_once` records at a time, until the consumer is stopped."""
    while True:
        try:
            fetched = await consumer.getmany(timeout_ms=milliseconds(READ_WAIT), max_records=at_once)
        except ConsumerStoppedError:
            return
        except KafkaError as error:
            log.warning("read_failed", error=repr(error))
            await asyncio.sleep(READ_PAUSE.total_seconds())
            continue
        await member.accept([record for records in fetched.values() for record in records])


def _partitions(partitions: Iterable[Partition]) -> list[Partition]:
    return [Partition(topic, partition) for topic, partition in partitions]
