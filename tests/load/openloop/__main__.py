"""Latency at a given rate: at shares of what users in a closed loop reach, or at rates that are named."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY
from tests.load.load import ACCEPTED_SECONDS, HALF
from tests.load.loadreport import cost, speed, trouble, verdict
from tests.load.machine import Circumstances, circumstances
from tests.load.openloop.generator import OpenLoopOrder
from tests.load.phases import Phase, Target, closed, open_loop
from tests.load.report import show_circumstances
from tests.load.stand import temporary_stand

WARM_UP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: at `rates`, or without any at `shares` of what `users` reach."""

    rates: Sequence[float]
    shares: Sequence[float]
    users: int
    seconds: float
    seed: int

    def order(self, target: Target, rate: float, seconds: float) -> OpenLoopOrder:
        """The load at one rate."""
        return OpenLoopOrder(target=target.address, rate=rate, warm_up=WARM_UP_SECONDS, seconds=seconds, seed=self.seed)


class OpenLoopResults(BaseModel):
    """One run."""

    circumstances: Circumstances | None
    maximum: float | None
    """Turns a second that users in a closed loop reached."""
    phases: list[Phase]


def main(
    *,
    rates: Annotated[str, typer.Option(help="Turns a second, comma separated; instead of shares.")] = "",
    shares: Annotated[str, typer.Option(help="Of what the users reach, comma separated.")] = "0.25,0.5,0.75",
    users: Annotated[int, typer.Option(min=1, help="Users at once, to find out what can be reached.")] = 256,
    seconds: Annotated[float, typer.Option(min=1, help="How long each rate is measured.")] = 30.0,
    seed: Annotated[int, typer.Option(help="Of the moments at which turns begin.")] = 1,
    url: Annotated[str, typer.Option(help="A Parley that runs, instead of one of our own.")] = "",
    output: Annotated[Path, typer.Option(help="Where it goes, as JSON.")] = REPOSITORY / "build" / "openloop.json",
) -> None:
    """Fails when a turn errs, or at half of what was reached is accepted later than 50 ms (p99)."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    plan = Plan(_numbers(rates), _numbers(shares), users, seconds, seed)
    try:
        if url:
            results = _run(Target.at(url), None, plan, console)
        else:
            with temporary_stand("openloop", console) as everything:
                results = _run(Target.of(everything), asyncio.run(circumstances(everything.urls)), plan, console)
    except StackError as failure:
        console.print(f"[red]✗[/red] {failure}")
        raise typer.Exit(1) from failure
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(results.model_dump_json())
    is_good = _show(results, console)
    console.print(f"Everything, histograms included: {output}")
    raise typer.Exit(0 if is_good else 1)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",") if number]


def _run(target: Target, found: Circumstances | None, plan: Plan, console: Console) -> OpenLoopResults:
    with console.status("warming up") as status:
        open_loop(target, plan.order(target, 50, WARM_UP_SECONDS))
        maximum, rates = None, plan.rates
        if not rates:
            status.update(f"{plan.users} users")
            maximum = closed(target, plan.users, WARM_UP_SECONDS, WARM_UP_SECONDS).outcomes.rate
            rates = [maximum * share for share in plan.shares]
        phases = []
        for rate in rates:
            status.update(f"{rate:.0f} turns a second")
            phases.append(open_loop(target, plan.order(target, rate, plan.seconds)))
    return OpenLoopResults(circumstances=found, maximum=maximum, phases=phases)


def _show(results: OpenLoopResults, console: Console) -> bool:
    if results.circumstances is not None:
        show_circumstances(results.circumstances, {}, console)
    console.print(speed(results.phases))
    console.print(cost(results.phases))
    trouble(results.phases, console)
    is_good = not any(phase.outcomes.errors for phase in results.phases)
    console.print(verdict("no errors", met=is_good))
    for phase in results.phases:
        if results.maximum and phase.open_loop and phase.open_loop.wanted_rate == results.maximum * HALF:
            accepted = phase.outcomes.accepted.percentile(0.99) / 1_000_000
            is_good &= accepted < ACCEPTED_SECONDS
            said = f"accepted p99 {1000 * accepted:.1f} ms at half of {results.maximum:.0f} turns/s"
            console.print(verdict(f"{said} (aimed at: under 50 ms)", met=accepted < ACCEPTED_SECONDS))
    return is_good


if __name__ == "__main__":
    typer.run(main)
