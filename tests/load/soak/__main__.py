"""`make soak`: turns at a constant rate for minutes or hours, and what grows meanwhile."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY
from tests.load.loadreport import spread, verdict
from tests.load.machine import Circumstances, circumstances
from tests.load.openloop.generator import OpenLoopOrder
from tests.load.openloop.result import OpenLoop
from tests.load.phases import Target, closed
from tests.load.report import show_circumstances
from tests.load.soak.samples import Sample, sampling
from tests.load.soak.verdicts import Trend, trends
from tests.load.stand import Stand, temporary_stand
from tests.load.worker import Worker, prepared

HALF = 0.5
WARM_UP_USERS = 64
WARM_UP_SECONDS = 8.0
LONGEST_WARM_UP_SECONDS = 600.0
WARM_UP_SHARE = 0.25
"""Of the time: caches, pools and heaps fill first."""

COLOURS = {"steady": "green", "unclear": "yellow", "grows": "red", "not judged": "dim"}
SHOWN = 0.05
"""Growth below this is not listed, only written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run; a rate of 0 is half of what users in a closed loop reach."""

    seconds: float
    rate: float
    every: float
    seed: int

    @property
    def warm_up(self) -> float:
        """Seconds before anything counts."""
        return min(self.seconds * WARM_UP_SHARE, LONGEST_WARM_UP_SECONDS)

    def order(self, target: Target, reached: float) -> OpenLoopOrder:
        """The load, where users in a closed loop have reached so many turns a second."""
        return OpenLoopOrder(
            target=target.address,
            rate=self.rate or reached * HALF,
            warm_up=self.warm_up,
            seconds=self.seconds - self.warm_up,
            seed=self.seed,
        )


class SoakResults(BaseModel):
    """One run."""

    circumstances: Circumstances
    load: OpenLoop
    trends: list[Trend]
    samples: list[Sample]

    @property
    def is_good(self) -> bool:
        """Whether nothing erred and nothing grows."""
        outcomes = self.load.outcomes
        failed = outcomes.errors or outcomes.shed or self.load.warm_up_errors or self.load.failed_openings
        return not failed and not any(trend.verdict == "grows" for trend in self.trends)


def main(
    *,
    minutes: Annotated[float, typer.Option(min=1, help="How long the load lasts.")] = 60.0,
    rate: Annotated[float, typer.Option(min=0, help="Turns a second; 0: half of what 64 users reach.")] = 0.0,
    every: Annotated[float, typer.Option(min=1, help="Seconds between samples.")] = 5.0,
    seed: Annotated[int, typer.Option(help="Of the moments at which turns begin.")] = 1,
    output: Annotated[Path, typer.Option(help="Where the results go, as JSON.")] = REPOSITORY / "build" / "soak.json",
) -> None:
    """Fails when something grows beyond its limit for sure, or when a turn errs."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    try:
        with temporary_stand("soak", console) as everything:
            results = _run(everything, Plan(minutes * 60, rate, every, seed), console)
    except StackError as failure:
        console.print(f"[red]✗[/red] {failure}")
        raise typer.Exit(1) from failure
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(results.model_dump_json())
    _show(results, console)
    console.print(f"Everything, every sample included: {output}")
    raise typer.Exit(0 if results.is_good else 1)


def _run(everything: Stand, plan: Plan, console: Console) -> SoakResults:
    target = Target.of(everything)
    with console.status("warming up") as status:
        reached = closed(target, WARM_UP_USERS, WARM_UP_SECONDS, WARM_UP_SECONDS).outcomes.rate
        order = plan.order(target, reached)
        status.update(f"{order.rate:.0f} turns a second for {plan.seconds / 60:.0f} minutes")
        with prepared("tests.load.openloop.generator", order) as generator:
            found, load, samples = asyncio.run(_watch(everything, generator, plan.every))
    counted = [sample for sample in samples if plan.warm_up <= sample.seconds <= plan.seconds]
    return SoakResults(circumstances=found, load=load, trends=list(trends(counted, order.rate)), samples=samples)


async def _watch(everything: Stand, generator: Worker, every: float) -> tuple[Circumstances, OpenLoop, list[Sample]]:
    found = await circumstances(everything.urls)
    processes = dict(Target.of(everything).pids)
    async with sampling(processes, everything.urls) as sampler:
        generator.go()
        load, samples = asyncio.create_task(asyncio.to_thread(generator.answer, OpenLoop)), list[Sample]()
        while not load.done():
            samples.append(await sampler.sample())
            await asyncio.wait({load}, timeout=every)
        return found, await load, samples


def _show(results: SoakResults, console: Console) -> None:
    outcomes = results.load.outcomes
    show_circumstances(results.circumstances, {}, console)
    console.print(
        f"{outcomes.asked:,} turns at {results.load.wanted_rate:.0f}/s, {outcomes.shed} shed, {outcomes.errors} errors"
        f", {results.load.failed_openings} sessions not opened"
    )
    console.print(f"whole turn {spread(outcomes.whole)} ms, generator late by {spread(results.load.lateness)} ms")
    console.print(_table(results.trends))
    for example in outcomes.examples:
        console.print(f"    {example}", markup=False)
    console.print(verdict("no errors, and nothing grows beyond its limit for sure", met=results.is_good))


def _table(found: list[Trend]) -> Table:
    table = Table(title="Growth after the warm-up, least squares with its 95 % interval")
    for heading in ("", "", "first", "last", "growth", "from", "to", "limit", "a", "verdict"):
        table.add_column(heading, justify="left" if heading in {"", "a", "verdict"} else "right", no_wrap=True)
    for trend in found:
        if trend.verdict == "steady" and abs(trend.growth) < SHOWN:
            continue
        figures = (trend.first, trend.last, trend.growth, trend.low, trend.high)
        limit = "" if trend.limit is None else f"{trend.limit:,.0f}"
        said = f"[{COLOURS[trend.verdict]}]{trend.verdict}[/]"
        unit = f"{trend.unit}/{trend.per}"
        table.add_row(trend.kind, trend.name, *(f"{figure:,.1f}" for figure in figures), limit, unit, said)
    return table


if __name__ == "__main__":
    typer.run(main)
