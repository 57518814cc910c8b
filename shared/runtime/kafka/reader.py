"""Reading a whole topic from now on, in every process, without a group: how gateways hear of replies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from inspect import isawaitable

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    KafkaError,
    for_code,
)

from shared.errors import Unavailable
from shared.runtime.kafka.policy import Backoff
from shared.runtime.kafka.records import Record, describe
from shared.runtime.kafka.settings import (
    LONG_POLL,
    MAX_RECORD_BYTES,
    START_WITHIN,
    milliseconds,
)
from shared.runtime.kafka.stopping import stopped

log = structlog.get_logger(__name__)

Callback = Callable[[Record], Awaitable[None] | None]


class TopicReader:
    """Calls back with every record published to a topic after `start` returned, one at a time.

    It remembers its own positions, so a broker that restarts, or a consumer that has to be replaced, makes it
    skip nothing. The callback filters by header before it parses; what it raises is logged and costs that one
    record, because one broken record must not end everybody's streams.
    """

    def __init__(
        self, servers: str, topic: str, callback: Callback, *, client_id: str, fatal: Callable[[BaseException], None]
    ) -> None:
        """`callback` may be a function or a coroutine function."""
        self._servers = servers
        self._topic = topic
        self._callback = callback
        self._client_id = client_id
        self._fatal = fatal
        self._positions: dict[TopicPartition, int] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._backoff = Backoff(timedelta(milliseconds=100), timedelta(seconds=2))

    @property
    def topic(self) -> str:
        """What is read."""
        return self._topic

    @property
    def ready(self) -> bool:
        """True while connected, with all positions known."""
        return self._consumer is not None

    async def start(self) -> None:
        """Return once the position in every partition is fixed; raises Unavailable if Kafka does not answer."""
        try:
            async with asyncio.timeout(START_WITHIN.total_seconds()):
                self._consumer = await self._connect()
        except (KafkaError, TimeoutError) as error:
            raise Unavailable(f"cannot read {self._topic} at {self._servers}: {error!r}") from error
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(self._report)

    async def stop(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._disconnect()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                if self._consumer is None:
                    self._consumer = await self._connect()
                await self._read(self._consumer)
            except KafkaError as error:
                failures += 1
                log.warning("reader_reconnects", topic=self._topic, error=repr(error))
                await self._disconnect()
                await asyncio.sleep(self._backoff.seconds(failures))
            else:
                failures = 0

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        record: Record = await consumer.getone()
        self._positions[TopicPartition(record.topic, record.partition)] = record.offset + 1
        try:
            outcome = self._callback(record)
            if isawaitable(outcome):
                await outcome
        except Exception:
            log.exception("callback_failed", record=describe(record))

    async def _connect(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=milliseconds(LONG_POLL),
            max_partition_fetch_bytes=MAX_RECORD_BYTES,
        )
        try:
            await consumer.start()
            await self._assign(consumer)
        except BaseException:
            await stopped("reader", consumer.stop())
            raise
        return consumer

    async def _assign(self, consumer: AIOKafkaConsumer) -> None:
        partitions = await self._partitions()
        starts, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        consumer.assign(partitions)
        for partition in partitions:
            wanted = self._positions.get(partition, ends[partition])
            # What retention removed, or a log that began anew lost, cannot be read.
            position = min(max(wanted, starts[partition]), ends[partition])
            if position != wanted:
                log.error("reader_position_lost", partition=partition, wanted=wanted, position=position)
            self._positions[partition] = position
            consumer.seek(partition, position)

    async def _partitions(self) -> list[TopicPartition]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._servers, client_id=self._client_id)
        try:
            await admin.start()
            (described,) = await admin.describe_topics([self._topic])
        finally:
            await admin.close()
        if described["error_code"]:
            raise for_code(described["error_code"])(self._topic)
        return [TopicPartition(self._topic, partition["partition"]) for partition in described["partitions"]]

    async def _disconnect(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stopped("reader", consumer.stop())

    def _report(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fatal(error)
