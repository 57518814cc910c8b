"""`make load`: users in a closed loop, turns at a given rate, and a thousand idle streams beside active users."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import BaseModel
from rich.console import Console

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY
from tests.load.idlecost import IdleCost, beside_idle_streams
from tests.load.loadreport import cost, idle_costs, speed, trouble, verdict
from tests.load.machine import Circumstances, circumstances
from tests.load.openloop.generator import OpenLoopOrder
from tests.load.phases import Phase, Target, closed, open_loop
from tests.load.report import show_circumstances
from tests.load.stand import temporary_stand

SETTINGS: Final = {
    "PARLEY_DOMAINS": '["tests.load.instant:DOMAIN", "tests.support.scripted:DOMAIN"]',
    "PARLEY_TURN_DEADLINE": "PT15M",
    "PARLEY_CONCURRENCY": "4096",
    "PARLEY_STREAMS": "8000",
}
"""Thousands of turns may take minutes at once. A Parley given by URL needs the same."""

WHOLE_TURN_SECONDS: Final = 3.0
ACCEPTED_SECONDS: Final = 0.05
HALF: Final = 0.5
MOST_WARM_UP_SECONDS: Final = 5.0
IDLE_SHARE: Final = 0.5
"""Of the time of the other parts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run; a rate of 0 is half of what the users reach."""

    users: int
    seconds: float
    streams: int
    rate: float
    seed: int

    @property
    def warm_up(self) -> float:
        """Seconds before each part is measured."""
        return min(self.seconds / 4, MOST_WARM_UP_SECONDS)


class LoadResults(BaseModel):
    """One run."""

    circumstances: Circumstances | None
    settings: dict[str, str]
    phases: list[Phase]
    idle: IdleCost | None

    @property
    def is_good(self) -> bool:
        """Whether nothing erred and nobody waited too long."""
        return not any(failures(phase) for phase in self.phases) and not (self.idle and self.idle.broken)


def main(
    *,
    users: Annotated[int, typer.Option(min=1, help="Users at once.")] = 100,
    seconds: Annotated[float, typer.Option(min=1, help="How long each part is measured.")] = 60.0,
    streams: Annotated[int, typer.Option(min=0, help="Idle streams to hold; 0 leaves that part out.")] = 1000,
    rate: Annotated[float, typer.Option(min=0, help="Turns a second; 0: half of what the users reached.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the moments at which turns begin.")] = 1,
    url: Annotated[str, typer.Option(help="A Parley that runs, instead of one of our own.")] = "",
    output: Annotated[Path, typer.Option(help="Where the results go, as JSON.")] = REPOSITORY / "build" / "load.json",
) -> None:
    """Fails when the whole turn's p99 reaches 3 s, when a turn errs, or when an idle stream breaks."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    plan = Plan(users, seconds, streams, rate, seed)
    try:
        results = _at(url, plan, console) if url else _on_a_stand(plan, console)
    except StackError as failure:
        console.print(f"[red]✗[/red] {failure}")
        raise typer.Exit(1) from failure
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(results.model_dump_json())
    _show(results, console)
    console.print(f"Everything, histograms included: {output}")
    raise typer.Exit(0 if results.is_good else 1)


def failures(phase: Phase) -> list[str]:
    """What a phase did that it may not do."""
    outcomes, found = phase.outcomes, list[str]()
    if outcomes.whole.percentile(0.99) >= WHOLE_TURN_SECONDS * 1_000_000 or not outcomes.answered:
        found.append("the whole turn's p99 is not under 3 s")
    if outcomes.errors or outcomes.shed:
        found.append(f"{outcomes.errors} errors, {outcomes.shed} shed")
    run = phase.open_loop
    if run is not None and (run.warm_up_errors or run.failed_openings):
        found.append(f"{run.warm_up_errors} errors in the warm-up, {run.failed_openings} sessions not opened")
    return found


def _at(url: str, plan: Plan, console: Console) -> LoadResults:
    return _run(Target.at(url), None, plan, console)


def _on_a_stand(plan: Plan, console: Console) -> LoadResults:
    with temporary_stand("load", console, SETTINGS) as everything:
        found = asyncio.run(circumstances(everything.urls))
        return _run(Target.of(everything), found, plan, console)


def _run(target: Target, found: Circumstances | None, plan: Plan, console: Console) -> LoadResults:
    with console.status("warming up") as status:
        closed(target, plan.users, plan.warm_up, 0)
        status.update(f"{plan.users} users")
        phases = [closed(target, plan.users, plan.seconds, plan.warm_up)]
        rate = plan.rate or phases[0].outcomes.rate * HALF
        status.update(f"{rate:.0f} turns a second")
        order = OpenLoopOrder(
            target=target.address, rate=rate, warm_up=plan.warm_up, seconds=plan.seconds, seed=plan.seed
        )
        phases.append(open_loop(target, order))
        idle = None
        if plan.streams:
            status.update(f"{plan.users} users beside {plan.streams:,} idle streams")
            phase, idle = beside_idle_streams(target, plan.streams, plan.users, plan.seconds * IDLE_SHARE)
            phases.append(phase)
    return LoadResults(circumstances=found, settings=SETTINGS, phases=phases, idle=idle)


def _show(results: LoadResults, console: Console) -> None:
    if results.circumstances is not None:
        show_circumstances(results.circumstances, results.settings, console)
    console.print(speed(results.phases))
    console.print(cost(results.phases))
    trouble(results.phases, console)
    for phase in results.phases:
        wrong = failures(phase)
        said = "; ".join(wrong) or "no errors, whole turn p99 under 3 s"
        console.print(verdict(f"{phase.name}: {said}", met=not wrong))
        if phase.open_loop is not None:
            accepted = phase.outcomes.accepted.percentile(0.99) / 1000
            met = accepted < 1000 * ACCEPTED_SECONDS
            console.print(verdict(f"{phase.name}: accepted p99 {accepted:.1f} ms (aimed at: under 50 ms)", met=met))
    if results.idle is not None:
        idle_costs(results.idle, console)


if __name__ == "__main__":
    typer.run(main)
