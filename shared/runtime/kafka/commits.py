"""Commits the low watermarks of partitions, and only what changed."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog
from aiokafka.errors import IllegalStateError, KafkaError

from shared.runtime.failpoints import failpoint
from shared.runtime.kafka.consumer import Consumer
from shared.runtime.kafka.offsets import UNKNOWN
from shared.runtime.kafka.work import Epoch

log = structlog.get_logger(__name__)

_PATIENCE = timedelta(seconds=5)


class Committer:
    """Sends offsets with the bitmap of what is finished above them."""

    __slots__ = ("_consumer",)

    def __init__(self, consumer: Callable[[], Consumer | None]) -> None:
        """The consumer appears once its subscription has started."""
        self._consumer = consumer

    async def commit(self, epochs: Iterable[Epoch]) -> bool:
        """Commit these partitions' progress; False if the group refused it.

        A refusal costs repeats at worst: the partition has moved on, or the next commit carries this one.
        """
        consumer = self._consumer()
        assigned = set() if consumer is None else set(consumer.assignment())
        due = {
            epoch: progress
            for epoch in epochs
            if epoch.partition in assigned and (progress := _progress(epoch)) is not None
        }
        if not due or consumer is None:
            return True
        offsets = {epoch.partition: progress for epoch, progress in due.items()}
        await failpoint("consumer.before_commit")
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                await consumer.commit(offsets)
        except (KafkaError, IllegalStateError, TimeoutError) as error:
            log.warning("commit_refused", error=repr(error), partitions=len(offsets))
            return False
        await failpoint("consumer.after_commit")
        for epoch, progress in due.items():
            epoch.committed = progress
        return True


def _progress(epoch: Epoch) -> tuple[int, str] | None:
    """What to commit for a partition, if it differs from what was."""
    tracker = epoch.tracker
    if tracker.low == UNKNOWN:
        return None
    progress = (tracker.low, tracker.metadata())
    return None if progress == epoch.committed else progress
