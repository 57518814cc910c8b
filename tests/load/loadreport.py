"""The results of load at a glance: each latency beside the turns that got none."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from tests.load.idlecost import IdleCost
from tests.load.openloop.histogram import Histogram
from tests.load.phases import Phase

SHARES = (0.5, 0.99, 0.999)
DISTURBED = 0.1
"""Cores."""
LONG = 100_000
"""Microseconds from which tenths of a millisecond say nothing."""
HEADINGS = ("", "asked", "answered/s", "shed", "errors", "accepted", "first token", "whole turn", "generator")


def speed(phases: Iterable[Phase]) -> Table:
    """A row a phase."""
    table = Table(title="Milliseconds, p50 / p99 / p99.9")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for phase in phases:
        outcomes = phase.outcomes
        table.add_row(
            phase.name,
            f"{outcomes.asked:,}",
            f"{outcomes.rate:,.0f}",
            str(outcomes.shed),
            str(outcomes.errors),
            *(spread(times) for times in (outcomes.accepted, outcomes.first_token, outcomes.whole)),
            f"{100 * phase.generator_share:.0f} %",
        )
    table.caption = "Generator: its share of one core. Shed: 429 and 503."
    return table


def cost(phases: Sequence[Phase]) -> Table:
    """CPU time a turn by process."""
    names = list(dict.fromkeys(name for phase in phases for name in phase.cpu_ms))
    table = Table(title="CPU milliseconds a turn")
    for heading in ("", *names, "others' cores"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for phase in phases:
        spent = (f"{phase.cpu_ms[name]:.2f}" if name in phase.cpu_ms else "" for name in names)
        table.add_row(phase.name, *spent, f"{phase.spent.others_cores:.2f}")
    return table


def idle_costs(idle: IdleCost, console: Console) -> None:
    """What idle streams took, and whether they lasted."""
    table = Table(title=f"{idle.held.streams:,} idle streams")
    headings = ("", "KiB a stream", "MiB before", "open", "beside users", "after", "CPU ms/s while all rest")
    for heading in headings:
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for name, seconds in idle.spent.cpu_seconds.items():
        at = (
            [each[name] for each in (idle.before, idle.resting, idle.beside_users, idle.after)]
            if name in idle.before
            else []
        )
        taken = [f"{idle.kibibytes_a_stream(name):.1f}", *(f"{each:.0f}" for each in at)] if at else [""] * 5
        table.add_row(name, *taken, f"{1000 * seconds / idle.spent.seconds:.1f}")
    console.print(table)
    held = idle.held
    lasted = f"{held.answered:,} of {held.streams:,} idle streams ended with their answer, {held.ended_early} too early"
    console.print(verdict(lasted, met=not idle.broken))
    for example in held.examples:
        console.print(f"    {example}", markup=False)


def spread(times: Histogram) -> str:
    """Median and tail in milliseconds."""
    if not times.count:
        return ""
    return " / ".join(f"{value / 1000:.{0 if value >= LONG else 1}f}" for value in map(times.percentile, SHARES))


def trouble(phases: Iterable[Phase], console: Console) -> None:
    """What went wrong, and what makes a figure doubtful."""
    for phase in phases:
        run = phase.open_loop
        if run is not None:
            console.print(
                f"  {phase.name}: the generator was late by {spread(run.lateness)} ms; at most {run.most_at_once} "
                f"turns were open at once, {run.opened_late} began with a new connection"
            )
        sees_all = "kafka" in phase.spent.cpu_seconds
        if sees_all and phase.spent.others_cores > DISTURBED:
            others = f"others kept {phase.spent.others_cores:.2f} cores busy: its times and costs are not to be trusted"
            console.print(f"[yellow]![/yellow] {phase.name}: {others}")
        for example in phase.outcomes.examples:
            console.print(f"    {phase.name}: {example}", markup=False)


def verdict(name: str, *, met: bool) -> str:
    """A line with a mark."""
    return f"[green]✓[/green] {name}" if met else f"[red]✗[/red] {name}"
