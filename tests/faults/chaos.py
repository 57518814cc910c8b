"""Injects random faults, often several at once: `python -m tests.faults.chaos --minutes 30 --seed 7`."""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator

from rich.console import Console

from tests.faults.catalogue import CATALOGUE
from tests.faults.rig.campaign import campaign
from tests.faults.rig.fault import Fault
from tests.faults.rig.table import publish, show
from tests.faults.rig.together import drawn
from tests.faults.run import PAGE


def schedule(minutes: float, seed: int) -> Iterator[tuple[str, Fault]]:
    """Faults in the order that the seed decides, until the time is up."""
    ends_at = time.monotonic() + 60 * minutes
    for number, (name, fault) in enumerate(drawn(CATALOGUE, seed), 1):
        if time.monotonic() >= ends_at:
            return
        yield f"{number:03}-{name}", fault


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1, help="decides the faults, and what clients say")
    arguments = parser.parse_args()
    console = Console(width=160)
    faults = schedule(arguments.minutes, arguments.seed)
    result = asyncio.run(campaign(faults, seed=arguments.seed, console=console))
    show(result.results, console)
    publish(result, PAGE, "chaos", "random faults, up to three at once")
    return 0 if result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
