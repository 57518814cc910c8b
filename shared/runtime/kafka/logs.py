"""Keeps aiokafka's log readable: while a broker is down it says the same things a hundred times a second."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

REPEATING = (
    "aiokafka",
    "aiokafka.conn",
    "aiokafka.consumer.fetcher",
    "aiokafka.consumer.group_coordinator",
    "aiokafka.producer.sender",
)
EVERY = timedelta(seconds=10)


class OnceInAWhile(logging.Filter):
    """Lets each kind of message through once in a while, with how many were held back in between as `repeated`."""

    def __init__(self, every: timedelta = EVERY, *, clock: Callable[[], float] = time.monotonic) -> None:
        """A kind of message is its text before values are put in."""
        super().__init__()
        self._every = every.total_seconds()
        self._clock = clock
        self._passed: dict[tuple[str, str], float] = {}
        self._held_back: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this one may pass."""
        kind, now = (record.name, str(record.msg)), self._clock()
        if kind in self._passed and now - self._passed[kind] < self._every:
            self._held_back[kind] = self._held_back.get(kind, 0) + 1
            return False
        self._passed[kind] = now
        if repeated := self._held_back.pop(kind, 0):
            record.repeated = repeated
        return True


@contextmanager
def fewer_repetitions() -> Iterator[None]:
    """Hold aiokafka's repetitions back for as long as the context lasts."""
    once = OnceInAWhile()
    loggers = [logging.getLogger(name) for name in REPEATING]
    for logger in loggers:
        logger.addFilter(once)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(once)
