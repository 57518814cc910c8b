"""`make bench-memory`: p50 and p99 of memory's records, beside the limits they must keep."""

import asyncio
import platform
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import asyncpg
import typer
from prometheus_client import CollectorRegistry
from rich.console import Console
from rich.table import Table

from deploy.local.embedded.postgres import postgres_process
from deploy.local.layout import Layout
from deploy.local.running import running, wait_until_ready
from deploy.local.servers import embedded_servers
from deploy.migrate import schemas
from services.memory.metrics import MemoryMetrics
from shared.runtime.migrate import migrate
from shared.runtime.postgres import Database
from tests.load.machine import processor
from tests.load.memory.filling import Size, fill
from tests.load.memory.operations import Operation, Operations, sampled
from tests.load.usage import cores
from tests.support.servers import ROLE_PASSWORD, role_url

_PLANS = {"enable_seqscan": "off"}
"""As memory connects."""

Times = list[float]


def main(
    messages: Annotated[int, typer.Option(help="How many are stored.")] = 1_000_000,
    users: Annotated[int, typer.Option(help="How many said them.")] = 50_000,
    seed: Annotated[int, typer.Option(help="What is asked for, by chance.")] = 1,
) -> None:
    """Fill a Postgres of its own, measure each operation alone, one after the other, print the table."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as directory:
        layout = Layout(Path(directory).resolve())
        layout.make()
        place = embedded_servers(layout).postgres
        with running([postgres_process(place, durable=True)]) as started:
            wait_until_ready(started)
            migrate(place.url, ROLE_PASSWORD, [each for each in schemas(()) if each.name == "memory"])
            raise typer.Exit(asyncio.run(_bench(place.url, Size(messages, users), seed)))


async def _bench(owner_url: str, size: Size, seed: int) -> int:
    console = Console()
    seconds = await fill(owner_url, size)
    console.print(
        f"{size.messages:,} messages of {size.users:,} users stored in {seconds:.0f} s; {await _facts(owner_url)}"
    )
    database = await Database.open(role_url(owner_url, "memory"), name="bench", server_settings=_PLANS)
    operations = Operations(database, MemoryMetrics(CollectorRegistry()), await sampled(owner_url), seed)
    measured = [(each, await _times(each)) for each in operations.all()]
    await database.close()
    console.print(_table(measured))
    return int(any(_percentile(times, 99) > each.limit for each, times in measured))


async def _times(operation: Operation) -> Times:
    """Milliseconds of each round, after a few that do not count."""
    for _ in range(max(operation.rounds // 20, 3)):
        await operation.run()
    times = []
    for _ in range(operation.rounds):
        began = time.perf_counter()
        await operation.run()
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _facts(owner_url: str) -> str:
    connection = await asyncpg.connect(owner_url)
    version = await connection.fetchval("show server_version")
    held = await connection.fetchval("select pg_size_pretty(pg_database_size(current_database()))")
    await connection.close()
    return f"{held} on disk; Postgres {version}, Python {platform.python_version()}, {cores()} cores, {processor()}"


def _table(measured: list[tuple[Operation, Times]]) -> Table:
    table = Table(title="Milliseconds, one at a time", title_justify="left")
    for heading in ("", "p50", "p99", "limit", ""):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for operation, times in measured:
        p50, p99 = _percentile(times, 50), _percentile(times, 99)
        mark = "[green]✓[/green]" if p99 <= operation.limit else "[red]✗[/red]"
        table.add_row(operation.name, f"{p50:.2f}", f"{p99:.2f}", f"{operation.limit:g}", mark)
    return table


def _percentile(times: Times, number: int) -> float:
    return quantiles(times, n=100, method="inclusive")[number - 1]


if __name__ == "__main__":
    typer.run(main)
