"""One consumed record on its way to being finished, and the queues it waits in."""

import asyncio
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from shared.runtime.kafka.offsets import Tracker
from shared.runtime.kafka.records import Partition, Record


class Route(Protocol):
    """Where a record goes: the part of a subscription that its event type selects."""

    @property
    def timeout_seconds(self) -> float:
        """How long one attempt may take."""

    @property
    def batch(self) -> "BatchRoute | None":
        """This route, if its records may share a call."""

    async def handle(self, record: Record) -> None:
        """Do the service's work; raises as `shared.errors` says."""

    async def exhausted(self, record: Record, error: Exception) -> None:
        """Tell the service that the record will not be tried again."""


class BatchRoute(Route, Protocol):
    """A route whose records may share a call."""

    async def handle_all(self, records: Sequence[Record]) -> None:
        """Do the service's work for all of them; what it raises concerns any of them."""


class Step(Enum):
    """What the scheduler does with a record after an attempt."""

    DONE = auto()
    AGAIN = auto()
    """Try again after `Work.delay_seconds`."""
    WAIT = auto()
    """A dependency is down: try again when it may be back."""


@dataclass(slots=True)
class Verdict:
    """Why a record ends as a dead letter."""

    reason: str
    error: Exception
    notify: bool
    """True while the service's `exhausted` hook has yet to run."""
    hook_failures: int = 0


@dataclass(slots=True, eq=False)
class Epoch:
    """One partition from one assignment of it to the end of that assignment."""

    partition: Partition
    tracker: Tracker
    replayed_below: float = 0
    """Another process may have started the records below this offset: the log's end when we were assigned."""
    starts: dict[int, int] = field(default_factory=dict)
    """How often earlier processes started an offset without finishing it."""
    running: "set[Work]" = field(default_factory=set)
    closing: bool = False
    committed: tuple[int, str] | None = None


@dataclass(slots=True, eq=False)
class Work:
    """A record and what has become of it so far."""

    record: Record
    epoch: Epoch
    route: Route
    prior: int = 0
    """Starts by earlier processes that neither finished nor failed, as far as is known."""
    starts: int = 0
    """All starts, `prior` included."""
    counted: bool = False
    """True if its starts are recorded outside this process."""
    verdict: Verdict | None = None
    delay_seconds: float = 0.0
    probing: bool = False
    """True for an attempt that finds out whether a dependency is back."""
    task: "asyncio.Task[None] | None" = None
    started_at: float = 0.0
    overdue: bool = False


class Lane:
    """The records of one key, oldest first; at most the first is being worked on."""

    __slots__ = ("key", "works")

    def __init__(self, key: Hashable) -> None:
        """An empty lane."""
        self.key = key
        self.works: deque[Work] = deque()

    @property
    def head(self) -> Work:
        """The only record of this lane that may run."""
        return self.works[0]


class Lanes:
    """All lanes with unfinished records, and the queue of those whose first record may start."""

    __slots__ = ("_by_key", "pending", "ready")

    def __init__(self) -> None:
        """No lanes."""
        self._by_key: dict[Hashable, Lane] = {}
        self.ready: deque[Lane] = deque()
        self.pending = 0

    def __contains__(self, key: Hashable) -> bool:
        """True while a record of this key is unfinished."""
        return key in self._by_key

    def __iter__(self) -> Iterator[Lane]:
        """Every lane, in the order in which they became busy."""
        return iter(self._by_key.values())

    def put(self, key: Hashable, work: Work) -> None:
        """Queue a record behind those of its key."""
        lane = self._by_key.get(key)
        if lane is None:
            self._by_key[key] = lane = Lane(key)
            self.ready.append(lane)
        lane.works.append(work)
        self.pending += 1

    def advance(self, lane: Lane) -> None:
        """Drop the lane's first record; the next one queues behind other lanes, which keeps them all moving."""
        lane.works.popleft()
        self.pending -= 1
        if lane.works:
            self.ready.append(lane)
        else:
            del self._by_key[lane.key]
