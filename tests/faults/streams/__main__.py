"""Proves that streams survive disconnects: `python -m tests.faults.streams --disconnects 10000 --seed 1`."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.faults.streams.proof import prove
from tests.faults.streams.tally import Tally
from tests.support.servers import prepared_servers
from tests.support.stack import running_stack


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--disconnects", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=64, help="how many read at once")
    parser.add_argument("--seed", type=int, default=1, help="decides what is asked and where connections are cut")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, prepared_servers(Path(folder)) as servers:
        domains = '["tests.faults.streams.pack:DOMAIN"]'
        with running_stack(servers, Path(folder), domains=domains, gateways=2, agents=2) as stack:
            began = time.monotonic()
            tallies = asyncio.run(prove(stack, **vars(arguments)))
    seconds = time.monotonic() - began
    return show(tallies, f"seed {arguments.seed}, {arguments.readers} readers, 2 gateways, 2 agents, {seconds:.0f} s")


def show(tallies: Mapping[str, Tally], title: str) -> int:
    """Print the counts; the exit status."""
    console = Console(width=140)
    table = Table(title=title)
    for column in ("", "disconnects", "turns", "exact", "reset", "snapshot", "wrong", "resumed p50", "p99"):
        table.add_column(column, justify="left" if not column else "right")
    for name, tally in tallies.items():
        counts = (tally.disconnects, tally.turns, tally.exact, tally.reset, tally.snapshot, len(tally.wrong))
        times = (f"{tally.resumed_within(share) * 1000:.1f} ms" for share in (0.5, 0.99))
        table.add_row(name, *map(str, counts), *times)
    console.print(table)
    for name, tally in tallies.items():
        console.print(
            f"{name}: {tally.interrupted} hung up by the server, {tally.refused} told to come later, "
            f"{tally.unknown} not found at first"
        )
        for wrong in tally.wrong:
            console.print(f"[red]{wrong}[/red]", highlight=False)
    return 1 if any(tally.wrong for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
