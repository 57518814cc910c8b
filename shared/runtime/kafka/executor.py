"""Runs the records of a subscription: many keys at once, each key in order, finished offsets committed.

The consumer's read loop hands records to `accept`; everything else happens in tasks of this executor. All of it
lives on one event loop, so a method without `await` is atomic.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiokafka.errors import IllegalStateError, KafkaError

from shared.runtime.failpoints import failpoint
from shared.runtime.kafka.batch import Batch
from shared.runtime.kafka.commits import Committer
from shared.runtime.kafka.consumer import Consumer
from shared.runtime.kafka.metrics import GroupMetrics
from shared.runtime.kafka.offsets import Tracker
from shared.runtime.kafka.outage import Outage
from shared.runtime.kafka.policy import Policy
from shared.runtime.kafka.quarantine import Quarantine
from shared.runtime.kafka.records import Partition, Record, describe
from shared.runtime.kafka.valve import Valve
from shared.runtime.kafka.work import BatchRoute, Epoch, Lane, Lanes, Route, Step, Work

log = structlog.get_logger(__name__)

_FENCING = timedelta(seconds=1)
"""How long a cancelled handler may take to end before its partition is given up regardless."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an executor does at once."""

    concurrency: int
    pending: int
    drain: timedelta


@dataclass(frozen=True, slots=True)
class Ports:
    """What an executor needs from around it."""

    consumer: Callable[[], Consumer | None]
    route: Callable[[Record], Route | None]
    """None for a record that needs nothing done."""
    deliver: Callable[[Work], Awaitable[Step]]
    deliver_together: Callable[[BatchRoute, Sequence[Work]], Awaitable[bool]]
    """False if each record has to be delivered by itself."""
    open_epochs: Callable[[Iterable[Partition]], Awaitable[Mapping[Partition, Epoch]]]
    """Starts an epoch for each partition from what is known of it; never raises."""
    lane: Callable[[Record], Hashable]
    fatal: Callable[[BaseException], None]
    clock: Callable[[], float]
    """Seconds that only grow."""


class KeyedExecutor:
    """Feeds records to `deliver`, at most one of each lane at a time."""

    def __init__(
        self, ports: Ports, *, limits: Limits, policy: Policy, quarantine: Quarantine, metrics: GroupMetrics
    ) -> None:
        """`quarantine` is shared by all executors of the process."""
        self._ports = ports
        self._limits = limits
        self._quarantine = quarantine
        self._metrics = metrics
        self._lanes = Lanes()
        self._outage = Outage(policy.outage, self._wake)
        self._valve = Valve(ports.consumer, limits.pending)
        self._committer = Committer(ports.consumer)
        self._epochs: dict[Partition, Epoch] = {}
        self._sleeping: dict[Lane, asyncio.TimerHandle] = {}
        self._running: set[Work] = set()
        self._together: asyncio.Task[None] | None = None
        self._reassigned = asyncio.Event()
        self._closing = False
        self.last_activity = 0.0
        """When a record was last started or settled, on our clock."""

    @property
    def pending(self) -> int:
        """Records read and not finished."""
        return self._lanes.pending

    @property
    def waiting_for_dependency(self) -> bool:
        """True while some record waits for a dependency that is down."""
        return bool(self._outage)

    def unfinished(self, partition: Partition) -> int:
        """Records of a partition that were read and are not below its watermark."""
        epoch = self._epochs.get(partition)
        return 0 if epoch is None else epoch.tracker.unfinished

    # What the read loop calls.

    async def accept(self, records: Sequence[Record]) -> None:
        """Queue records of one or more partitions, each partition's in rising order of offset."""
        if not records:
            return
        await failpoint("consumer.after_fetch")
        touched: list[Epoch] = []
        batch = Batch()
        first = 0
        for end in _partition_ends(records):
            run = records[first:end]
            first = end
            epoch = await self._epoch_for(run)
            if epoch is None:
                self._metrics.stale.inc(len(run))
                continue
            touched.append(epoch)
            for record in run:
                self._take(epoch, record, batch)
        if batch.groups:
            await self._handle_together(batch)
        for key, work in batch.rest():
            self._lanes.put(key, work)
        self._pump()
        self._valve.grown(self.pending, touched)
        # The read loop does not pause while records are at hand: without this the first handler of a burst waits
        # for the burst's end, and quick handlers look like a backlog.
        await asyncio.sleep(0)

    async def _epoch_for(self, run: Sequence[Record]) -> Epoch | None:
        """The epoch that these records of one partition belong to; None if it is over.

        Records may arrive before the assignment they belong to is complete, and then wait for it. Or they were
        read under an assignment that is gone, which the consumer's position tells: it has been reset.
        """
        partition = Partition(run[0].topic, run[0].partition)
        consumer = self._ports.consumer()
        if consumer is None:
            return None
        while partition not in self._epochs and not self._closing and partition in consumer.assignment():
            self._reassigned.clear()
            await self._reassigned.wait()
        try:
            position = await consumer.position(partition)
        except (IllegalStateError, KafkaError):
            return None
        epoch = self._epochs.get(partition)
        if epoch is None or epoch.closing or position <= run[-1].offset:
            return None
        if run[0].offset >= epoch.tracker.next:
            return epoch
        return self._reopen(epoch) if position < epoch.tracker.next else None

    def _reopen(self, epoch: Epoch) -> Epoch:
        """The log lost its end or began anew: offsets that we know come again with other records."""
        log.error("log_went_backwards", partition=epoch.partition, expected=epoch.tracker.next)
        fresh = Epoch(epoch.partition, Tracker(), replayed_below=epoch.replayed_below)
        self._epochs[epoch.partition] = fresh
        return fresh

    def _take(self, epoch: Epoch, record: Record, batch: Batch) -> None:
        offset = record.offset
        if not epoch.tracker.track(offset):
            self._metrics.skipped.inc()
            return
        route = self._ports.route(record)
        if route is None:
            epoch.tracker.finish(offset)
            self._metrics.ignored.inc()
            return
        prior = epoch.starts.pop(offset, 0) if epoch.starts else 0
        work = Work(record, epoch, route, prior, prior, counted=prior > 0 or offset < epoch.replayed_below)
        key = self._ports.lane(record)
        batch.add(key, work, None if prior or key in self._lanes else route.batch)

    # Records that share a call.

    async def _handle_together(self, batch: Batch) -> None:
        """Handle the groups of a batch, one after the other; those that fail stay in it.

        Suspects and an outage are dealt with record by record, so nothing is handled together meanwhile.
        """
        if self._outage or self._quarantine.suspects or not self._quarantine.enter(self, 0, self._pump):
            return
        self._together = asyncio.create_task(self._run_groups(batch))
        try:
            await asyncio.wait([self._together])
        finally:
            self._quarantine.leave(0)
        if not self._together.cancelled():
            self._together.result()
        self._together = None

    async def _run_groups(self, batch: Batch) -> None:
        for route, group in list(batch.groups.items()):
            works = [work for _, work in group if not work.epoch.closing]
            began = self.last_activity = self._ports.clock()
            if works and not await self._ports.deliver_together(route, works):
                continue
            for work in works:
                work.epoch.tracker.finish(work.record.offset)
            del batch.groups[route]
            self.last_activity = self._ports.clock()
            self._metrics.seconds.observe(self.last_activity - began)

    # Starting and settling records.

    def _pump(self) -> None:
        """Start what may start."""
        ready = self._lanes.ready
        while ready and len(self._running) < self._limits.concurrency:
            lane = ready[0]
            work = lane.head
            if work.epoch.closing:
                ready.popleft()
                self._lanes.advance(lane)
                continue
            if not self._quarantine.enter(self, work.prior, self._pump):
                return
            ready.popleft()
            self._start(lane, work)
        if not ready:
            self._quarantine.forgo(self)

    def _start(self, lane: Lane, work: Work) -> None:
        work.started_at = self.last_activity = self._ports.clock()
        work.overdue = False
        self._running.add(work)
        work.epoch.running.add(work)
        work.task = asyncio.get_running_loop().create_task(self._run(lane, work))

    async def _run(self, lane: Lane, work: Work) -> None:
        try:
            self._settle(lane, work, await self._attempt(work))
        except Exception as error:
            self._ports.fatal(error)
            raise

    async def _attempt(self, work: Work) -> Step | None:
        """One attempt; None if it was cut off because its partition moves."""
        try:
            return await self._ports.deliver(work)
        except asyncio.CancelledError:
            if not work.epoch.closing:
                raise
            return None
        finally:
            self._leave(work)

    def _leave(self, work: Work) -> None:
        now = self._ports.clock()
        self._metrics.seconds.observe(now - work.started_at)
        self.last_activity = now
        self._running.discard(work)
        work.epoch.running.discard(work)
        work.task = None
        self._quarantine.leave(work.prior)

    def _settle(self, lane: Lane, work: Work, step: Step | None) -> None:
        probing, work.probing = work.probing, False
        if step is Step.DONE:
            work.epoch.tracker.finish(work.record.offset)
            self._lanes.advance(lane)
        elif step is None or work.epoch.closing:
            self._lanes.advance(lane)
        elif step is Step.WAIT:
            self._outage.wait(lane)
        else:
            self._sleep(lane, work.delay_seconds)
        if probing and step is not Step.WAIT:
            self._outage.over()
        self._valve.shrunk(self.pending, self._epochs)
        self._pump()

    def _sleep(self, lane: Lane, seconds: float) -> None:
        self._sleeping[lane] = asyncio.get_running_loop().call_later(seconds, self._wake, lane)

    def _wake(self, lane: Lane) -> None:
        timer = self._sleeping.pop(lane, None)
        if timer is not None:
            timer.cancel()
        self._lanes.ready.append(lane)
        self._pump()

    # What happens every so often.

    async def tick(self) -> None:
        """Commit what has been finished since the last tick, and end attempts that take too long."""
        self._cancel_overdue()
        await self._committer.commit(list(self._epochs.values()))

    def _cancel_overdue(self) -> None:
        now = self._ports.clock()
        for work in self._running:
            late = now - work.started_at - work.route.timeout_seconds
            if late > work.route.timeout_seconds:
                self._ports.fatal(RuntimeError(f"the handler of {describe(work.record)} ignores its cancellation"))
            elif late > 0 and not work.overdue and work.task is not None:
                work.overdue = True
                work.task.cancel()

    # Partitions come and go.

    async def assigned(self, partitions: Iterable[Partition]) -> None:
        """Take over partitions; records of them that came early have waited for this."""
        opened = await self._ports.open_epochs(partitions)
        if not self._closing:
            self._epochs.update(opened)
        self.last_activity = self._ports.clock()
        self._valve.reassigned(self.pending)
        self._reassigned.set()

    async def revoked(self, partitions: Iterable[Partition]) -> None:
        """Give partitions up: let running handlers finish, commit, then cut off the rest."""
        await self._retire([self._epochs[partition] for partition in partitions if partition in self._epochs])
        self._reassigned.set()

    async def close(self) -> None:
        """Give everything up; call it while the consumer is still in its group."""
        self._closing = True
        self._reassigned.set()
        self._valve.shut()
        await self._retire(list(self._epochs.values()))

    async def _retire(self, epochs: Sequence[Epoch]) -> None:
        for epoch in epochs:
            epoch.closing = True
        for lane in [lane for lane in self._sleeping if lane.head.epoch.closing]:
            self._wake(lane)
        self._outage.release_closing()
        self._pump()
        await self._finish_running(epochs, self._limits.drain)
        await self._committer.commit(epochs)
        for task in self._tasks(epochs):
            task.cancel()
        await self._finish_running(epochs, _FENCING)
        for epoch in epochs:
            if self._epochs.get(epoch.partition) is epoch:
                del self._epochs[epoch.partition]

    async def _finish_running(self, epochs: Sequence[Epoch], within: timedelta) -> None:
        tasks = self._tasks(epochs)
        if tasks:
            await asyncio.wait(tasks, timeout=within.total_seconds())

    def _tasks(self, epochs: Iterable[Epoch]) -> "list[asyncio.Task[None]]":
        tasks = [work.task for epoch in epochs for work in epoch.running if work.task is not None]
        return tasks if self._together is None else [*tasks, self._together]


def _partition_ends(records: Sequence[Record]) -> list[int]:
    """Where each run of records of one partition ends."""
    if len(records) == 1:
        return [1]
    ends = [
        index
        for index in range(1, len(records))
        if records[index].partition != records[index - 1].partition or records[index].topic != records[index - 1].topic
    ]
    return [*ends, len(records)]
