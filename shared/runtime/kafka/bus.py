"""A process's connection to Kafka: one producer, its subscriptions, its readers, and the watch over them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from prometheus_client import REGISTRY, CollectorRegistry

from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.runtime.kafka.attempts import Attempts, NoAttempts
from shared.runtime.kafka.consumer import Consumer, FetchingConsumer
from shared.runtime.kafka.delivery import Delivery
from shared.runtime.kafka.dispatch import dispatcher
from shared.runtime.kafka.epochs import EpochOpener
from shared.runtime.kafka.executor import KeyedExecutor, Limits, Ports
from shared.runtime.kafka.health import Health
from shared.runtime.kafka.logs import fewer_repetitions
from shared.runtime.kafka.metrics import Metrics
from shared.runtime.kafka.policy import Policy
from shared.runtime.kafka.publisher import Publisher
from shared.runtime.kafka.quarantine import Quarantine
from shared.runtime.kafka.reader import Callback, TopicReader
from shared.runtime.kafka.settings import BATCH_RECORDS, LIVE_RECORDS, PUBLISH_WITHIN, START_WITHIN, STOP_WITHIN
from shared.runtime.kafka.stopping import stopped
from shared.runtime.kafka.subscriber import attach, read
from shared.runtime.kafka.subscription import Subscription
from shared.runtime.kafka.watchdog import CHECK_EVERY, STALL, Watchdog
from shared.runtime.process import exit_process, utc_now

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Group:
    """A subscription at work."""

    subscription: Subscription
    executor: KeyedExecutor
    watchdog: Watchdog
    consumer: Callable[[], FetchingConsumer | None]

    async def read(self) -> None:
        """Read until the group is left."""
        consumer = self.consumer()
        if consumer is not None:
            await read(consumer, self.executor, at_once=BATCH_RECORDS if self.subscription.batch else LIVE_RECORDS)


@dataclass(frozen=True, slots=True)
class Options:
    """What a process may set; the defaults are the delivery policy."""

    attempts: Attempts = field(default_factory=NoAttempts)
    """Where starts are counted across processes: `RedisAttempts` in services."""
    policy: Policy = field(default_factory=Policy)
    registry: CollectorRegistry = REGISTRY
    on_fatal: Callable[[str], None] = exit_process
    now: Callable[[], datetime] = utc_now


class Bus:
    """Declare subscriptions and readers, then `start`; everything lives on the event loop that starts it."""

    def __init__(self, servers: str, *, client_id: str, options: Options | None = None) -> None:
        """`servers` are the bootstrap servers, separated by commas; `client_id` names the service."""
        self._servers = servers
        self._client_id = client_id
        self._options = options or Options()
        self._metrics = Metrics(self._options.registry)
        self._publisher = Publisher(servers, client_id=client_id, metrics=self._metrics)
        self._quarantine = Quarantine()
        self._broker = KafkaBroker(
            servers.split(","),
            client_id=client_id,
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            logger=None,
            graceful_timeout=STOP_WITHIN.total_seconds(),
        )
        self._groups: list[_Group] = []
        self._readers: list[TopicReader] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._logs = ExitStack()
        self._started = False
        self._failed = False

    def subscribe(self, subscription: Subscription) -> None:
        """Consume topics as a member of a group; call it before `start`, during which handlers may run already."""
        metrics = self._metrics.of(subscription.group)
        current: list[Callable[[], FetchingConsumer | None]] = []

        def consumer() -> Consumer | None:
            return current[0]() if current else None

        delivery = Delivery(
            subscription.group,
            publish=self._publisher.publish,
            attempts=self._options.attempts,
            policy=self._options.policy,
            metrics=metrics,
            now=self._options.now,
        )
        opener = EpochOpener(
            self._servers, group=subscription.group, consumer=consumer, attempts=self._options.attempts
        )
        executor = KeyedExecutor(
            Ports(
                consumer,
                dispatcher(subscription),
                delivery.run,
                delivery.run_together,
                opener,
                subscription.lane,
                self._fail,
                monotonic,
            ),
            limits=Limits(subscription.concurrency, subscription.pending, subscription.drain),
            policy=self._options.policy,
            quarantine=self._quarantine,
            metrics=metrics,
        )
        current.append(attach(self._broker, subscription, executor, self._fail))
        watchdog = self._watch(subscription, executor, consumer)
        self._groups.append(_Group(subscription, executor, watchdog, current[0]))

    def read_all(self, topic: str, callback: Callback) -> None:
        """Call back with every record of a topic that is published after `start` returned."""
        reader = TopicReader(self._servers, topic, callback, client_id=self._client_id, fatal=self._fail)
        self._readers.append(reader)

    async def start(self) -> None:
        """Connect, join the groups, fix the readers' positions; raises Unavailable if Kafka does not answer."""
        self._logs.enter_context(fewer_repetitions())
        try:
            await self._connect()
        except BaseException:
            await self.stop()
            raise
        for group in self._groups:
            self._spawn(group.read())
            self._spawn(self._repeat(self._options.policy.commit_every, group.executor.tick))
        self._spawn(self._repeat(CHECK_EVERY, self._check))
        self._started = True

    async def _connect(self) -> None:
        await self._publisher.start()
        for reader in self._readers:
            await reader.start()
        if self._groups:
            await self._join()

    async def stop(self) -> None:
        """Let running handlers finish, commit, leave; ends in bounded time whatever Kafka does."""
        self._started = False
        await asyncio.gather(*(group.executor.close() for group in self._groups))
        for task in self._tasks:
            task.cancel()
        if self._groups:
            await stopped("subscriptions", self._broker.stop())
        for reader in self._readers:
            await reader.stop()
        await self._options.attempts.flush()
        await self._publisher.stop()
        self._logs.close()

    async def publish(self, envelope: Envelope, *, within: timedelta = PUBLISH_WITHIN, insist: bool = False) -> None:
        """Publish one event; see `Publisher.publish`."""
        await self._publisher.publish(envelope, within=within, insist=insist)

    async def publish_all(
        self, envelopes: Iterable[Envelope], *, within: timedelta = PUBLISH_WITHIN, insist: bool = False
    ) -> None:
        """Publish events together; see `Publisher.publish_all`."""
        await self._publisher.publish_all(envelopes, within=within, insist=insist)

    def health(self) -> Health:
        """What /healthz and /readyz answer from."""
        groups = tuple(group.watchdog.progress() for group in self._groups)
        readers = {reader.topic: reader.ready for reader in self._readers}
        return Health(
            alive=not self._failed and not any(group.stalled for group in groups),
            ready=self._started and self._publisher.healthy and all(readers.values()),
            producer=self._publisher.healthy,
            groups=groups,
            readers=readers,
        )

    def _watch(
        self, subscription: Subscription, executor: KeyedExecutor, consumer: Callable[[], Consumer | None]
    ) -> Watchdog:
        longest = max((handler.timeout for handler in subscription.handlers), default=timedelta())
        watchdog = Watchdog(
            subscription.group,
            executor,
            consumer=consumer,
            patience=max(STALL, longest + CHECK_EVERY),
            clock=monotonic,
        )
        self._metrics.observe(subscription.group, pending=lambda: executor.pending, lag=lambda: watchdog.lag)
        return watchdog

    async def _join(self) -> None:
        try:
            async with asyncio.timeout(START_WITHIN.total_seconds()):
                await self._broker.start()
        except (KafkaError, TimeoutError) as error:
            topics = sorted({topic for group in self._groups for topic in group.subscription.topics})
            raise Unavailable(f"cannot consume {', '.join(topics)} from {self._servers}: {error!r}") from error

    async def _check(self) -> None:
        await self._publisher.heal()
        for group in self._groups:
            progress = await group.watchdog.check()
            if progress.stalled:
                self._fail(RuntimeError(f"{progress.group} does not move: {progress}"))

    async def _repeat(self, every: timedelta, action: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(every.total_seconds())
            await action()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(self._guarded(coroutine)))

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except Exception as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._failed = True
        log.error("kafka_runtime_failed", exc_info=error)
        self._options.on_fatal(f"{type(error).__name__}: {error}")
