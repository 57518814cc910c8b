"""One cell of the bench: one candidate under one load, for some seconds."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY
from tests.load.lag import catch_up
from tests.load.probe import Measured, Order
from tests.load.stand import MONOLITH, SERVICES, Stand
from tests.load.usage import Usage

Candidate = Literal["parley", "monolith", "echo"]

GENERATOR = "generator"
CATCH_UP = timedelta(seconds=20)
ECHO = "echo"


class CellResult(BaseModel):
    """What one cell measured. CPU time covers all its turns, up to the last record consumed."""

    candidate: Candidate
    at_once: int
    round: int
    measured: Measured
    cpu_seconds: dict[str, float]
    others_cores: float
    """Cores that processes of others kept busy meanwhile: noise."""
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
    with _probe(stand, candidate, load) as probe, _watched(stand, candidate) as pids:
        watched = pids | {GENERATOR: probe.pid}
        before, began = Usage.now(watched), time.monotonic()
        _tell(probe, "go")
        measured = Measured.model_validate_json(_hear(probe))
        caught_up = _catch_up(stand) if candidate == "parley" else None
        used, lasted = Usage.now(watched).since(before), time.monotonic() - began
    return CellResult(
        candidate=candidate,
        at_once=load.at_once,
        round=number,
        measured=measured,
        cpu_seconds=used.processes,
        others_cores=(used.machine - sum(used.processes.values())) / lasted,
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


def _catch_up(stand: Stand) -> float:
    seconds = asyncio.run(catch_up(stand.urls.kafka, CATCH_UP))
    if seconds is None:
        raise StackError(
            f"The consumer groups are still behind {CATCH_UP.total_seconds():.0f} s after the last answer."
        )
    return seconds


@contextmanager
def _probe(stand: Stand, candidate: Candidate, load: Load) -> Iterator["subprocess.Popen[str]"]:
    """A load generator that has prepared everything and waits for the word."""
    module, target = _source(stand, candidate)
    order = Order(target=target, at_once=load.at_once, warm_up=load.warm_up, seconds=load.seconds)
    with _process(module, {}) as probe:
        _tell(probe, order.model_dump_json())
        _hear(probe)
        yield probe


def _source(stand: Stand, candidate: Candidate) -> tuple[str, str]:
    if candidate == "echo":
        return "tests.load.pinger", stand.urls.kafka
    return "tests.load.users", stand.address(MONOLITH if candidate == "monolith" else "gateway")


@contextmanager
def _echo(stand: Stand) -> Iterator["subprocess.Popen[str]"]:
    with _process("tests.load.echo", {"PARLEY_KAFKA": stand.urls.kafka}) as echo:
        _hear(echo)
        yield echo


@contextmanager
def _process(module: str, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-m", module], cwd=REPOSITORY, env={**environment}, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    if process.stdin is not None:
        process.stdin.write(line + "\n")
        process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> str:
    """The next line of what it says; StackError when it ended instead."""
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise StackError(f"{process.args!r} ended with {process.wait()}; what it said is above.")
    return line
