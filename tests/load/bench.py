"""`make bench`: Parley beside a bare echo over Kafka and a well-made monolith, in one run on one machine."""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from rich.console import Console
from rich.status import Status

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY
from tests.load.cell import Candidate, CellResult, Load, run_cell
from tests.load.echo import PARTITIONS, PING, PONG
from tests.load.machine import Circumstances, circumstances
from tests.load.report import NAMES, Results, show, write
from tests.load.stand import Stand, temporary_stand
from tests.load.summary import compare, summarise
from tests.load.usage import Usage, memory_mebibytes

CANDIDATES: tuple[Candidate, ...] = ("echo", "parley", "monolith")
WARM_UP_SHARE = 0.25
WARM_UP_SECONDS = 4.0
IDLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    candidates: Sequence[Candidate]
    users: Sequence[int]
    seconds: float
    rounds: int

    def cells(self) -> Iterator[tuple[int, Candidate, int]]:
        """Round, candidate and load, such that each round meets candidates under one load right after each other.

        Every other round goes backwards: what drifts, a slow neighbour or a growing table, evens out.
        """
        loads = [(candidate, at_once) for at_once in self.users for candidate in self._candidates(at_once)]
        for number in range(self.rounds):
            for candidate, at_once in loads if number % 2 == 0 else reversed(loads):
                yield number, candidate, at_once

    def _candidates(self, at_once: int) -> Sequence[Candidate]:
        is_extreme = at_once in {self.users[0], self.users[-1]}
        return [each for each in self.candidates if is_extreme or each != "echo"]

    def settings(self) -> dict[str, str]:
        """For the report."""
        return {"seconds a cell": f"{self.seconds:g}", "rounds": str(self.rounds), "Postgres": "synced", "domains": "1"}


def main(
    only: Annotated[str, typer.Option(help="Which candidates, comma separated.")] = ",".join(CANDIDATES),
    users: Annotated[str, typer.Option(help="How many users at once, comma separated.")] = "1,32,256",
    seconds: Annotated[float, typer.Option(min=0.5, max=6, help="How long each cell is measured.")] = 5.0,
    rounds: Annotated[int, typer.Option(min=1, max=5, help="How often all cells are run.")] = 2,
    output: Annotated[Path, typer.Option(help="Where the results go, as JSON.")] = REPOSITORY / "build" / "bench.json",
) -> None:
    """Measures turns a second, latencies and CPU time a turn. Fails when a stream breaks a promise."""
    candidates = [each for each in CANDIDATES if each in only.split(",")]
    plan = Plan(candidates, [int(number) for number in users.split(",")], seconds, rounds)
    console = Console(width=None if sys.stdout.isatty() else 150)
    try:
        results = _run(plan, console)
    except StackError as failure:
        console.print(f"[red]✗[/red] {failure}")
        raise typer.Exit(1) from failure
    write(results, output)
    show(results, console)
    console.print(f"Everything, raw latencies included: {output}")
    if any(row.violations for row in results.rows):
        raise typer.Exit(1)


def _run(plan: Plan, console: Console) -> Results:
    with (
        console.status("starting servers and services") as status,
        temporary_stand("bench", console, with_parley="parley" in plan.candidates, with_monolith=True) as everything,
    ):
        found = asyncio.run(_prepare(everything))
        status.update("warming up")
        _warm_up(everything, plan)
        idle = _idle(everything)
        cells = list(_cells(everything, plan, status))
        memory = {name: memory_mebibytes(pid) for name, pid in everything.pids.items()}
    rows = summarise(cells)
    return Results(
        circumstances=found,
        settings=plan.settings(),
        rows=rows,
        ratios=compare(rows),
        memory_mib=memory,
        idle_cpu_ms=idle,
        cells=cells,
    )


async def _prepare(everything: Stand) -> Circumstances:
    admin = AIOKafkaAdminClient(bootstrap_servers=everything.urls.kafka)
    try:
        await admin.start()
        await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in (PING, PONG)])
    finally:
        await admin.close()
    return await circumstances(everything.urls)


def _warm_up(everything: Stand, plan: Plan) -> None:
    """Code that ran once is faster: the broker's compiler, caches, pools. Every cell has a short warm-up beside."""
    load = Load(max(plan.users), warm_up=0, seconds=min(WARM_UP_SECONDS, plan.seconds))
    for candidate in plan.candidates:
        run_cell(everything, candidate, load, number=0)


def _idle(everything: Stand) -> dict[str, float]:
    """CPU milliseconds a second while nobody says anything: what polling costs."""
    before = Usage.now(everything.pids)
    time.sleep(IDLE_SECONDS)
    used = Usage.now(everything.pids).since(before)
    return {name: 1000 * seconds / IDLE_SECONDS for name, seconds in used.processes.items()}


def _cells(everything: Stand, plan: Plan, status: Status) -> Iterator[CellResult]:
    for number, candidate, at_once in plan.cells():
        status.update(f"round {number + 1} of {plan.rounds}: {NAMES[candidate]}, {at_once} at once")
        load = Load(at_once, warm_up=plan.seconds * WARM_UP_SHARE, seconds=plan.seconds)
        yield run_cell(everything, candidate, load, number)


if __name__ == "__main__":
    typer.run(main)
