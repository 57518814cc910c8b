"""Publishing: acknowledged by all in-sync replicas, or `Unavailable`."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
)
from aiokafka.partitioner import murmur2

from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.runtime.kafka.metrics import Metrics
from shared.runtime.kafka.policy import Backoff
from shared.runtime.kafka.settings import (
    MAX_BATCH_BYTES,
    MAX_RECORD_BYTES,
    PUBLISH_WITHIN,
    REQUEST_WITHIN,
    START_WITHIN,
    milliseconds,
)
from shared.runtime.kafka.stopping import stopped

log = structlog.get_logger(__name__)

HEAL_AFTER = timedelta(seconds=5)
"""A producer that failed for so long without one success is replaced once Kafka answers: its sender may be dead."""


class UnpublishableError(Exception):
    """Kafka will never take this record: it is too large, or its topic's name is not valid."""


class Publisher:
    """One producer for a process.

    Idempotence is off on purpose: with it aiokafka hangs when the broker dies. What is published may therefore
    be in the log more than once, always with the same event id. After `Unavailable` it is unknown whether the
    record was written.
    """

    def __init__(self, servers: str, *, client_id: str, metrics: Metrics) -> None:
        """`servers` are the bootstrap servers, separated by commas."""
        self._servers = servers
        self._client_id = client_id
        self._published = metrics.published.labels("acknowledged")
        self._refused = metrics.published.labels("unavailable")
        self._producer: AIOKafkaProducer | None = None
        self._failing_since: float | None = None
        self._backoff = Backoff(timedelta(milliseconds=50), timedelta(seconds=1))

    @property
    def healthy(self) -> bool:
        """False after a failed publish, until one succeeds."""
        return self._producer is not None and self._failing_since is None

    async def start(self) -> None:
        """Connect; raises Unavailable if no broker answers."""
        self._producer = await self._connect()

    async def stop(self) -> None:
        """Send what is under way and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stopped("producer", producer.stop())

    async def publish(self, envelope: Envelope, *, within: timedelta = PUBLISH_WITHIN, insist: bool = False) -> None:
        """Return when the record is acknowledged, else raise Unavailable; UnpublishableError if it never can be.

        With `insist` failures are retried until `within` has passed: a broker that restarts refuses at once.
        """
        await self.publish_all((envelope,), within=within, insist=insist)

    async def publish_all(
        self, envelopes: Iterable[Envelope], *, within: timedelta = PUBLISH_WITHIN, insist: bool = False
    ) -> None:
        """Publish together, in order per topic and key; raise Unavailable unless all are acknowledged.

        With `insist` all are sent again after a failure, so some may be in the log twice.
        """
        waiting = tuple(envelopes)
        failures = 0
        try:
            async with asyncio.timeout(within.total_seconds()):
                while not await self._attempt(waiting, insist=insist):
                    failures += 1
                    await asyncio.sleep(self._backoff.seconds(failures))
        except TimeoutError:
            self._failed()
            raise Unavailable(f"Kafka did not acknowledge within {within.total_seconds():g} s") from None
        self._failing_since = None
        self._published.inc(len(waiting))

    async def _attempt(self, envelopes: tuple[Envelope, ...], *, insist: bool) -> bool:
        """True if all were acknowledged; False if it is worth trying again."""
        acknowledgements: list[asyncio.Future[object]] = []
        try:
            for envelope in envelopes:
                acknowledgements.append(await self._send(envelope))  # noqa: PERF401 -- keeps those before a failure
            for acknowledgement in acknowledgements:
                await acknowledgement
        except (MessageSizeTooLargeError, InvalidTopicError) as error:
            raise UnpublishableError(repr(error)) from error
        except KafkaError as error:
            self._failed()
            if not insist:
                raise Unavailable(f"Kafka refused: {error!r}") from error
            return False
        finally:
            _let_go(acknowledgements)
        return True

    async def _send(self, envelope: Envelope) -> "asyncio.Future[object]":
        if self._producer is None:
            raise Unavailable("the publisher is not running")
        acknowledgement: asyncio.Future[object] = await self._producer.send(
            envelope.topic, envelope.value, envelope.key, headers=list(envelope.headers)
        )
        return acknowledgement

    async def heal(self) -> None:
        """Replace a producer that only fails, if Kafka answers a new one. To be called every few seconds."""
        now = asyncio.get_running_loop().time()
        if self._failing_since is None or now - self._failing_since < HEAL_AFTER.total_seconds():
            return
        try:
            fresh = await self._connect()
        except Unavailable as error:
            log.warning("kafka_still_unavailable", error=str(error))
            return
        old, self._producer = self._producer, fresh
        self._failing_since = None
        log.warning("producer_replaced")
        if old is not None:
            await stopped("producer", old.stop())

    def _failed(self) -> None:
        self._refused.inc()
        if self._failing_since is None:
            self._failing_since = asyncio.get_running_loop().time()

    async def _connect(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=False,
            linger_ms=0,
            partitioner=_partition_of,
            max_batch_size=MAX_BATCH_BYTES,
            max_request_size=MAX_RECORD_BYTES,
            request_timeout_ms=milliseconds(REQUEST_WITHIN),
        )
        try:
            async with asyncio.timeout(START_WITHIN.total_seconds()):
                await producer.start()
        except (KafkaError, TimeoutError) as error:
            await stopped("producer", producer.stop())
            raise Unavailable(f"no Kafka at {self._servers}: {error!r}") from error
        return producer


def _let_go(acknowledgements: "Iterable[asyncio.Future[object]]") -> None:
    """Nobody waits for these any more, so nobody is to be told that they failed."""
    for acknowledgement in acknowledgements:
        if not acknowledgement.cancel() and not acknowledgement.cancelled():
            acknowledgement.exception()


@lru_cache(maxsize=65_536)
def _hashed(key: bytes) -> int:
    # In pure Python this costs as much as the rest of a publish, and a conversation has one key.
    hashed: int = murmur2(key)
    return hashed & 0x7FFFFFFF


def _partition_of(key: bytes | None, partitions: Sequence[int], available: Sequence[int]) -> int:
    """The partition that every Kafka client gives a key; any one for a record without."""
    if key is None:
        return random.choice(available or partitions)  # noqa: S311 - spreads load, protects nothing
    return partitions[_hashed(key) % len(partitions)]
