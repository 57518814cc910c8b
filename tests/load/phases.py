"""One stretch of load on a Parley that runs: users in a closed loop, turns at a given rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil
from pydantic import BaseModel

from deploy.local.errors import StackError
from deploy.local.ports import LOOPBACK
from tests.load.cell import GENERATOR
from tests.load.lag import await_consumers
from tests.load.openloop.generator import OpenLoopOrder
from tests.load.openloop.result import OpenLoop, Outcomes, outcomes_of
from tests.load.probe import Measured, Order
from tests.load.stand import SERVICES, Stand
from tests.load.usage import Meter, Spent
from tests.load.worker import prepared


@dataclass(frozen=True, slots=True)
class Target:
    """Where the load goes, and which processes bear it as far as they can be seen from here."""

    address: str
    pids: Mapping[str, int]
    kafka: str | None = None

    @classmethod
    def of(cls, stand: Stand) -> "Target":
        """A stack of our own."""
        return cls(stand.address("gateway"), stand.only(*SERVICES, "kafka", "postgres", "redis"), stand.urls.kafka)

    @classmethod
    def at(cls, url: str) -> "Target":
        """A Parley that runs already; of its processes only a gateway on this machine is seen."""
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise StackError(f"{url} must look like http://127.0.0.1:8000.")
        return cls(f"{parts.hostname}:{parts.port}", _listening(parts.hostname, parts.port))


class Phase(BaseModel):
    """What a stretch of load came to."""

    name: str
    outcomes: Outcomes
    spent: Spent
    turns: int
    """All that were answered while CPU time was counted: also those of the warm-up."""
    open_loop: OpenLoop | None = None
    caught_up_seconds: float | None = None

    @property
    def cpu_ms(self) -> dict[str, float]:
        """CPU milliseconds a turn by process."""
        return {name: 1000 * seconds / max(self.turns, 1) for name, seconds in self.spent.cpu_seconds.items()}

    @property
    def generator_share(self) -> float:
        """Of one core, how much the generator had; near 1 it measured itself."""
        return self.spent.cpu_seconds[GENERATOR] / self.spent.seconds


def closed(target: Target, users: int, seconds: float, warm_up: float, *, catches_up: bool = True) -> Phase:
    """Users who each say the next thing as soon as the last was answered.

    CPU time counts until every consumer has caught up, unless others' turns are under way meanwhile.
    """
    order = Order(target=target.address, at_once=users, warm_up=warm_up, seconds=seconds)
    return closed_loop(target, order, catches_up=catches_up)


def closed_loop(target: Target, order: Order, *, catches_up: bool = True) -> Phase:
    """The same, as ordered."""
    with prepared("tests.load.users", order) as generator:
        meter = Meter({**target.pids, GENERATOR: generator.pid})
        generator.go()
        measured = generator.answer(Measured)
        caught_up = _caught_up(target) if catches_up else None
        spent = meter.read()
    return Phase(
        name=f"{order.at_once} users",
        outcomes=outcomes_of(measured),
        spent=spent,
        turns=measured.turns,
        caught_up_seconds=caught_up,
    )


def open_loop(target: Target, order: OpenLoopOrder) -> Phase:
    """Turns that begin at a given rate, whatever became of those before."""
    with prepared("tests.load.openloop.generator", order) as generator:
        meter = Meter({**target.pids, GENERATOR: generator.pid})
        generator.go()
        result = generator.answer(OpenLoop)
        caught_up = _caught_up(target)
        spent = meter.read()
    return Phase(
        name=f"{order.rate:.0f} turns/s",
        outcomes=result.outcomes,
        spent=spent,
        turns=result.turns,
        open_loop=result,
        caught_up_seconds=caught_up,
    )


def _caught_up(target: Target) -> float | None:
    return None if target.kafka is None else await_consumers(target.kafka)


def _listening(host: str, port: int) -> dict[str, int]:
    """The process that listens there, if it is one of this machine that we may look at."""
    if host not in {LOOPBACK, "localhost"}:
        return {}
    for process in psutil.process_iter():
        try:
            sockets = process.net_connections(kind="tcp")
        except psutil.Error:
            continue
        if any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in sockets):
            return {"gateway": process.pid}
    return {}
