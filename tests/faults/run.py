"""Injects every fault of the catalogue once: `python -m tests.faults.run [--only agent-killed,…] [--seed 1]`."""

import argparse
import asyncio
import sys

from rich.console import Console

from deploy.local.settings import REPOSITORY
from tests.faults.catalogue import CATALOGUE
from tests.faults.rig.campaign import campaign
from tests.faults.rig.table import publish, show

PAGE = REPOSITORY / "docs" / "reliability.md"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="some faults by name, separated by commas; the page is then left as it is")
    parser.add_argument("--seed", type=int, default=1, help="decides what clients say, and when")
    parser.add_argument("--list", action="store_true", help="names the faults and injects none")
    arguments = parser.parse_args()
    console = Console(width=160)
    if arguments.list:
        console.print("\n".join(CATALOGUE), highlight=False)
        return 0
    names = arguments.only.split(",") if arguments.only else list(CATALOGUE)
    faults = [(name, CATALOGUE[name]) for name in names]
    result = asyncio.run(campaign(faults, seed=arguments.seed, console=console))
    show(result.results, console)
    if not arguments.only:
        publish(result, PAGE, "faults", "every fault once")
    return 0 if result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
