"""`parley up`, `down`, `status` and `logs`."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local import launcher
from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.logs import follow, last_lines
from deploy.local.ports import accepts
from deploy.local.progress import showing_downloads, showing_start
from deploy.local.services import SERVICES, is_ready
from deploy.local.settings import LocalSettings, load_settings
from deploy.local.stack import USE_CONTAINERS
from deploy.local.state import RunningProcess, read_state, running_state, supervisor_of

Containers = Annotated[bool, typer.Option(USE_CONTAINERS, help="Run the servers in Docker, through testcontainers.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    app.command()(up)
    app.command()(down)
    app.command()(status)
    app.command()(logs)


def up(*, containers: Containers = False) -> None:
    """Start the servers and services, and leave them running."""
    console = Console()
    address = ensure_up(console, use_containers=containers)
    console.print(f"\nParley runs at [bold]{address}[/bold]")
    console.print("  parley chat                 talk to it")
    console.print("  parley tail parley.replies  watch its events")
    console.print("  parley status, parley logs  see how it is")
    console.print("  parley down                 stop it all; its data stays")


def ensure_up(console: Console, *, use_containers: bool = False) -> str:
    """The address of the stack, which is started unless it runs already."""
    settings = load_settings()
    layout = Layout(settings.state.resolve())
    layout.make()
    if supervisor_of(layout) is not None:
        return _running_already(layout, console)
    launcher.refuse_taken_port(settings.port)
    layout.put_long_logs_aside()
    _fetch_what_is_missing(settings, console, use_containers=use_containers)
    command = [sys.executable, "-m", "deploy.local.stack", *([USE_CONTAINERS] if use_containers else [])]
    with showing_start(console) as show:
        return launcher.launch(command, layout, show)


def down() -> None:
    """Stop what `up` started, and nothing else."""
    console = Console()
    layout = Layout(load_settings().state.resolve())
    with console.status("stopping"):
        stopped = launcher.stop(layout)
    console.print(f"Stopped {', '.join(reversed(stopped))}." if stopped else "Nothing runs here.")


def status() -> None:
    """Show each process of the running stack and how it is."""
    state = running_state(Layout(load_settings().state.resolve()))
    table = Table("process", "pid", "up since", "port", "restarts", "health")
    healths = [_health(process) for process in state.processes]
    for process, health in zip(state.processes, healths, strict=True):
        since = process.identity.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        pid, port = str(process.identity.pid), str(process.port)
        table.add_row(process.name, pid, since, port, str(process.restarts), health)
    console = Console()
    console.print(table)
    console.print(f"address {state.address}, Kafka at {state.kafka}", highlight=False)
    raise typer.Exit(0 if all(health == "ready" for health in healths) else 1)


def logs(
    name: Annotated[str | None, typer.Argument(help="One process; all of them if left out.")] = None,
    *,
    keep_following: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is added.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.")] = 20,
) -> None:
    """Show the end of the logs."""
    layout = Layout(load_settings().state.resolve())
    files = sorted(layout.logs.glob("*.log")) if name is None else [layout.log(name)]
    known = ", ".join(sorted(file.stem for file in layout.logs.glob("*.log")))
    if not files or not files[0].exists():
        raise StackError(f"There is no log of {name or 'anything'} here; there is: {known or 'none'}.")
    for file in files:
        for line in last_lines(file, lines):
            typer.echo(line if name else f"{file.stem} | {line}")
    if keep_following:
        for file, line in follow(files):
            typer.echo(line if name else f"{file.stem} | {line}")


def _running_already(layout: Layout, console: Console) -> str:
    state = read_state(layout)
    if state is None or not state.is_ready:
        raise StackError("Parley is being started already: wait for that, or end it with `parley down`.")
    console.print(f"It runs already, at {state.address}.")
    return state.address


def _fetch_what_is_missing(settings: LocalSettings, console: Console, *, use_containers: bool) -> None:
    if not use_containers and settings.kafka is None:
        with showing_downloads(console) as progress:
            kafka_runtime(
                settings.cache,
                settings.maven_url,
                progress=progress,
                on_preparing=lambda: console.print("preparing Kafka for quick starts, once (10 s)"),
            )


def _health(process: RunningProcess) -> str:
    if not process.identity.runs():
        return "down"
    if process.name in SERVICES:
        return "ready" if is_ready(process.port) else "not ready"
    return "ready" if accepts(process.port) else "not ready"
