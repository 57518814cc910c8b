"""The bench's results, for a person and for a program."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from tests.load.cell import CellResult
from tests.load.machine import Circumstances
from tests.load.script import EVENTS, REPLY
from tests.load.summary import Ratio, Row

NAMES = {"parley": "Parley, all services", "monolith": "monolith", "echo": "two-hop echo"}


class Results(BaseModel):
    """One run of the bench."""

    circumstances: Circumstances
    settings: dict[str, str]
    rows: list[Row]
    ratios: list[Ratio]
    memory_mib: dict[str, float]
    """At the end of the run, with all its sessions stored."""
    idle_cpu_ms: dict[str, float]
    """CPU milliseconds a second with nothing to do."""
    cells: list[CellResult]
    """Every cell with its raw latencies."""


def write(results: Results, path: Path) -> None:
    """Keeps everything, raw latencies included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(results.model_dump_json(indent=None))


def show(results: Results, console: Console) -> None:
    """Prints the tables."""
    show_circumstances(results.circumstances, results.settings, console)
    console.print(f"A reply has {len(REPLY.split())} words and comes in {EVENTS} server-sent events.\n")
    console.print(_speed(results.rows))
    console.print(_cost(results.rows))
    console.print(_listed("Memory at the end, MiB", results.memory_mib))
    console.print(_listed("CPU milliseconds a second with nothing to do", results.idle_cpu_ms))
    for ratio in results.ratios:
        console.print(_verdict(ratio))
    for row in results.rows:
        _show_trouble(row, console)


def show_circumstances(found: Circumstances, settings: Mapping[str, str], console: Console) -> None:
    """Prints where and with what a run was made."""
    console.print(f"\n{found.at:%Y-%m-%d %H:%M} UTC, commit {found.commit}")
    console.print(f"{found.cores} cores of {found.processor}, {found.memory_gib} GiB, {found.system}")
    for facts_of_a_kind in (found.servers, found.libraries, settings):
        console.print(", ".join(f"{name} {value}" for name, value in facts_of_a_kind.items()))


def _speed(rows: Sequence[Row]) -> Table:
    table = Table(title="Speed: milliseconds, p50 / p99")
    for heading in ("", "at once", "turns/s", "by round", "accepted", "first token", "whole turn", "others' cores"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for row in rows:
        table.add_row(
            NAMES[row.candidate],
            str(row.at_once),
            f"{row.rate:,.0f}",
            " ".join(f"{rate:,.0f}" for rate in row.rates),
            *(_pair(times) for times in (row.accepted, row.first_token, row.whole)),
            f"{row.others_cores:.2f}",
        )
    return table


def _cost(rows: Sequence[Row]) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row.cpu_ms))
    table = Table(title="Cost: CPU milliseconds a turn")
    for heading in ("", "at once", "in all", *names):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for row in rows:
        spent = (f"{row.cpu_ms[name]:.2f}" if name in row.cpu_ms else "" for name in names)
        table.add_row(NAMES[row.candidate], str(row.at_once), f"{row.own_cpu_ms:.2f}", *spent)
    table.caption = "In all: without the generator's."
    return table


def _listed(title: str, figures: Mapping[str, float]) -> str:
    ranked = sorted(figures.items(), key=lambda named: -named[1])
    return f"{title}: {', '.join(f'{name} {value:.0f}' for name, value in ranked)}; in all {sum(figures.values()):.0f}"


def _pair(times: tuple[float, float] | None) -> str:
    return "" if times is None else f"{times[0]:.1f} / {times[1]:.1f}"


def _verdict(ratio: Ratio) -> str:
    if not ratio.target:
        return f"  {ratio.name}: {ratio.value:.2f}"
    mark = "[green]✓[/green]" if ratio.met else "[red]✗[/red]"
    return f"{mark} {ratio.name}: {ratio.value:.2f} (target {ratio.target})"


def _show_trouble(row: Row, console: Console) -> None:
    name = f"{NAMES[row.candidate]}, {row.at_once} at once"
    if row.catch_up_seconds is not None:
        console.print(f"  {name}: every consumer had caught up {row.catch_up_seconds:.1f} s after the last answer")
    if row.candidate != "echo" and row.events != [EVENTS]:
        console.print(f"[yellow]! {name}: turns had {row.events} events, {row.snapshots} of them snapshots[/yellow]")
    if row.violations:
        console.print(f"[red]✗ {name}: {row.violations} violations[/red]")
    for example in row.examples:
        console.print(f"    {example}", markup=False)
