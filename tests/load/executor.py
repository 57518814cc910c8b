"""What the executor and the dispatch cost a record, without Kafka: `python -m tests.load.executor`.

Prints microseconds of CPU a record for handlers that do nothing, with one record and with many at a time.
"""

import argparse
import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import uvloop
from prometheus_client import CollectorRegistry

from shared.events.envelope import Envelope
from shared.events.ids import EventId, SessionId, TenantId, TurnId
from shared.events.topics import TURNS
from shared.events.turns import Text, TurnSubmitted
from shared.runtime.kafka.attempts import NoAttempts
from shared.runtime.kafka.delivery import Delivery
from shared.runtime.kafka.dispatch import dispatcher
from shared.runtime.kafka.executor import KeyedExecutor, Limits, Ports
from shared.runtime.kafka.metrics import Metrics
from shared.runtime.kafka.offsets import Tracker
from shared.runtime.kafka.policy import Policy
from shared.runtime.kafka.quarantine import Quarantine
from shared.runtime.kafka.records import Partition, Record
from shared.runtime.kafka.subscription import Handler, Subscription, by_partition_and_key
from shared.runtime.kafka.work import Epoch

PARTITION = Partition(TURNS.name, 0)
SESSIONS = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """A consumed record that holds a turn."""

    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    topic: str = PARTITION.topic
    partition: int = PARTITION.partition
    timestamp: int = 0


class EndlessConsumer:
    """A consumer that has read everything and commits nowhere."""

    def assignment(self) -> list[Partition]:
        return [PARTITION]

    async def position(self, partition: Partition) -> int:
        return 1 << 60

    async def commit(self, offsets: Mapping[Partition, tuple[int, str]]) -> None: ...

    async def end_offsets(self, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        return {}

    def pause(self, *partitions: Partition) -> None: ...

    def resume(self, *partitions: Partition) -> None: ...


def turns(count: int) -> list[Record]:
    """Turns of many sessions, as they come from Kafka."""
    now = datetime.now(UTC)
    submitted = [
        TurnSubmitted(
            event_id=EventId(uuid4()),
            occurred_at=now,
            tenant_id=TenantId(UUID(int=1)),
            request_id="request",
            session_id=SessionId(UUID(int=number)),
            user_id="someone",
            turn_id=TurnId(uuid4()),
            domain="property",
            input=Text(text="Show me 2BHK in Whitefield under 1.2 Cr"),
            body_hash="0" * 64,
            expires_at=now + timedelta(minutes=1),
        ).envelope()
        for number in range(SESSIONS)
    ]
    return [
        Turn(offset, envelope.key, envelope.value, envelope.headers)
        for offset in range(count)
        for envelope in (submitted[offset % SESSIONS],)
    ]


async def handle(turn: TurnSubmitted) -> None:
    """Nothing: what is measured is everything around it."""


async def nowhere(envelope: Envelope) -> None:
    """Nothing dies here."""


def executor() -> KeyedExecutor:
    """An executor as a service has it."""
    subscription = Subscription((TURNS.name,), "load", (Handler(TurnSubmitted, handle),))
    metrics = Metrics(CollectorRegistry()).of("load")
    policy = Policy()
    delivery = Delivery(
        "load",
        publish=nowhere,
        attempts=NoAttempts(),
        policy=policy,
        metrics=metrics,
        now=lambda: datetime.now(UTC),
    )

    async def open_epochs(partitions: Iterable[Partition]) -> Mapping[Partition, Epoch]:
        return {partition: Epoch(partition, Tracker()) for partition in partitions}

    consumer = EndlessConsumer()
    return KeyedExecutor(
        Ports(
            lambda: consumer,
            dispatcher(subscription),
            delivery.run,
            delivery.run_together,
            open_epochs,
            by_partition_and_key,
            _raise,
            time.monotonic,
        ),
        limits=Limits(512, 1024, timedelta(seconds=10)),
        policy=policy,
        quarantine=Quarantine(),
        metrics=metrics,
    )


def _raise(error: BaseException) -> None:
    raise error


async def measure(records: list[Record], at_a_time: int) -> float:
    """Microseconds of CPU a record."""
    subject = executor()
    await subject.assigned([PARTITION])
    began = time.process_time()
    for first in range(0, len(records), at_a_time):
        await subject.accept(records[first : first + at_a_time])
        if subject.pending > SESSIONS:
            await _down_to(subject, 0)
    await _down_to(subject, 0)
    spent = time.process_time() - began
    await subject.close()
    return spent / len(records) * 1e6


async def _down_to(subject: KeyedExecutor, pending: int) -> None:
    while subject.pending > pending:  # noqa: ASYNC110 -- each round is what the handlers need to go on
        await asyncio.sleep(0)


def main() -> None:
    """Print the best of some rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    records = turns(options.records)
    for at_a_time in (1, 100):
        best = min(uvloop.run(measure(records, at_a_time)) for _ in range(options.rounds))
        print(f"{at_a_time:>4} at a time: {best:.1f} us of CPU a record")  # noqa: T201 -- this is what it is for


if __name__ == "__main__":
    main()
