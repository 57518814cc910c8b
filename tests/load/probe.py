"""How the bench and a probe, the process that makes the load, talk: an order, `ready`, `go`, what was measured."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import uvloop
from pydantic import BaseModel

MOST_VIOLATIONS = 20
PATIENCE_SECONDS = 20
"""How long the last answers may take after the load ends."""


StoredSession = tuple[str, str]
"""User and session."""


class Order(BaseModel):
    """What a probe is to do: at `target`, keep so many turns going, and for how long."""

    target: str
    at_once: int
    warm_up: float
    seconds: float
    stored: list[StoredSession] = []
    """Sessions to go on with, a turn in each and round again; none: users stay in one of their own."""


class Measured(BaseModel):
    """What a probe saw. Times are whole microseconds of turns that ended while it measured, unsorted."""

    turns: int
    """All that were answered, also before and after the time measured."""
    seconds: float
    accepted: list[int] = []
    first_token: list[int] = []
    whole: list[int] = []
    events: list[int] = []
    """The different numbers of events that turns had."""
    snapshots: int = 0
    violations: int = 0
    examples: list[str] = []


@dataclass(slots=True)
class Window:
    """When to measure; seconds of `time.perf_counter`."""

    begins: float
    ends: float

    @classmethod
    def of(cls, order: Order) -> "Window":
        """The window of an order that is carried out from now on."""
        begins = time.perf_counter() + order.warm_up
        return cls(begins, begins + order.seconds)

    def is_open(self) -> bool:
        """Whether more is to be sent."""
        return time.perf_counter() < self.ends


@dataclass(slots=True)
class Tally:
    """Gathers what is measured."""

    window: Window
    turns: int = 0
    accepted: list[int] = field(default_factory=list)
    first_token: list[int] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    events: set[int] = field(default_factory=set)
    snapshots: int = 0
    violations: list[str] = field(default_factory=list)

    def covers(self, ended: float) -> bool:
        """Counts a turn; whether it ended while we measure."""
        self.turns += 1
        return self.window.begins <= ended < self.window.ends

    def measured(self) -> Measured:
        """Everything gathered."""
        return Measured(
            turns=self.turns,
            seconds=self.window.ends - self.window.begins,
            accepted=self.accepted,
            first_token=self.first_token,
            whole=self.whole,
            events=sorted(self.events),
            snapshots=self.snapshots,
            violations=len(self.violations),
            examples=self.violations[:MOST_VIOLATIONS],
        )


def microseconds(seconds: float) -> int:
    """A duration as it is reported."""
    return round(seconds * 1_000_000)


Go = Callable[[], Awaitable[None]]
"""Tells the bench that all is prepared, and waits until it says to begin."""

Ordered = TypeVar("Ordered", bound=BaseModel)


def carry_out(model: type[Ordered], work: Callable[[Ordered, Go], Awaitable[BaseModel]]) -> None:
    """Runs a probe as the bench ordered, and stays until the bench has looked at its CPU time."""
    order = model.model_validate_json(sys.stdin.readline())

    async def go() -> None:
        print("ready", flush=True)  # noqa: T201 (the bench reads it)
        await asyncio.to_thread(sys.stdin.readline)

    async def within_bounds() -> BaseModel:
        return await work(order, go)

    print(uvloop.run(within_bounds()).model_dump_json(), flush=True)  # noqa: T201 (the bench reads it)
    sys.stdin.readline()


async def finish_all(users: list["asyncio.Task[None]"], tally: Tally) -> None:
    """Waits until all users are done; says of each that got no answer or broke what was wrong."""
    longest = tally.window.ends - time.perf_counter() + PATIENCE_SECONDS
    done, stuck = await asyncio.wait(users, timeout=longest)
    for user in stuck:
        user.cancel()
        tally.violations.append(f"no answer within {PATIENCE_SECONDS} s")
    await asyncio.gather(*stuck, return_exceptions=True)
    tally.violations += [f"{type(error).__name__}: {error}" for user in done if (error := user.exception())]
