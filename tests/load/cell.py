"""One cell of the bench: one candidate under one load, for some seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from tests.load.lag import await_consumers
from tests.load.probe import Measured, Order
from tests.load.stand import MONOLITH, SERVICES, Stand
from tests.load.usage import Meter
from tests.load.worker import Worker, prepared, worker

Candidate = Literal["parley", "monolith", "echo"]

GENERATOR = "generator"
ECHO = "echo"


class CellResult(BaseModel):
    """What one cell measured. CPU time covers all its turns, up to the last record consumed."""

    candidate: Candidate
    at_once: int
    round: int
    measured: Measured
    cpu_seconds: dict[str, float]
    others_cores: float
    catch_up_seconds: float | None = None
    """How long after the last answer memory and profiles had everything, polled ten times a second."""


@dataclass(frozen=True, slots=True)
class Load:
    """How hard and how long."""

    at_once: int
    warm_up: float
    seconds: float


def run_cell(stand: Stand, candidate: Candidate, load: Load, number: int) -> CellResult:
    """Puts one load on one candidate."""
    module, target = _source(stand, candidate)
    with prepared(module, _order(target, load)) as probe, _watched(stand, candidate) as pids:
        meter = Meter(pids | {GENERATOR: probe.pid})
        probe.go()
        measured = probe.answer(Measured)
        caught_up = await_consumers(stand.urls.kafka) if candidate == "parley" else None
        spent = meter.read()
    return CellResult(
        candidate=candidate,
        at_once=load.at_once,
        round=number,
        measured=measured,
        cpu_seconds=spent.cpu_seconds,
        others_cores=spent.others_cores,
        catch_up_seconds=caught_up,
    )


@contextmanager
def _watched(stand: Stand, candidate: Candidate) -> Iterator[dict[str, int]]:
    """The processes that do a candidate's work; Parley's rest while it is not their turn."""
    if candidate == "parley":
        yield stand.only(*SERVICES, "kafka", "postgres", "redis")
    elif candidate == "monolith":
        with stand.resting():
            yield stand.only(MONOLITH, "postgres")
    else:
        with _echo(stand) as echo, stand.resting():
            yield stand.only("kafka") | {ECHO: echo.pid}


def _order(target: str, load: Load) -> Order:
    return Order(target=target, at_once=load.at_once, warm_up=load.warm_up, seconds=load.seconds)


def _source(stand: Stand, candidate: Candidate) -> tuple[str, str]:
    if candidate == "echo":
        return "tests.load.pinger", stand.urls.kafka
    return "tests.load.users", stand.address(MONOLITH if candidate == "monolith" else "gateway")


@contextmanager
def _echo(stand: Stand) -> Iterator[Worker]:
    with worker("tests.load.echo", {"PARLEY_KAFKA": stand.urls.kafka}) as echo:
        echo.hear()
        yield echo
