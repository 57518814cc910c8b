"""What a person sees while something takes a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.local.reports import Report


@contextmanager
def showing_start(console: Console) -> Iterator[Callable[[Report], None]]:
    """Shows the reports of a supervisor: a line for what is done, a spinner for what is not."""
    with console.status("starting") as status:

        def show(report: Report) -> None:
            if report.kind == "done":
                console.print(f"[green]✓[/green] {report.text}")
            else:
                status.update(report.text)

        yield show


@contextmanager
def showing_downloads(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Shows how many of the files to fetch are there; nothing when they all were."""
    columns = (TextColumn("fetching Kafka"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("jars", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
