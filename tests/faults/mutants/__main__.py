"""`python -m tests.faults.mutants [MUTANT...]` shows that the checker sees each planted fault, and nothing without.

`python -m tests.faults.mutants MUTANT SERVICE` is that service with the fault planted; it is started by the former.
"""

import asyncio
import runpy
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.mutants.scene import UNMUTATED

SERVICES = ("gateway", "agent", "memory", "profiles")


def become(mutant: str, service: str) -> None:
    """Plant a fault and run the service. Members of groups are missed sooner than in production, to save time."""
    from tests.faults.mutants.catalogue import MUTATIONS, shorten_sessions  # noqa: PLC0415 -- imports all services

    shorten_sessions()
    if mutant != UNMUTATED:
        MUTATIONS[mutant]()
    runpy.run_module(f"services.{service}", run_name="__main__")


def play_all(mutants: Sequence[str], folder: Path) -> bool:
    """Play each scenario unmutated, then with its mutants; True if the checker was right every time."""
    from tests.faults.mutants.running import play, stack_for_mutants  # noqa: PLC0415 -- a service needs none of it
    from tests.faults.mutants.scenarios import EXPECTED  # noqa: PLC0415

    scenarios = list(dict.fromkeys(EXPECTED[mutant].scenario for mutant in mutants))
    right = True
    with stack_for_mutants(folder) as stack:
        for scenario in scenarios:
            for mutant in (UNMUTATED, *(each for each in mutants if EXPECTED[each].scenario is scenario)):
                outcome = asyncio.run(play(scenario, mutant, stack, folder))
                sys.stdout.write(f"{outcome}\n")
                sys.stdout.flush()
                right = right and outcome.right
    return right


def main(arguments: Sequence[str]) -> int:
    if len(arguments) == 2 and arguments[1] in SERVICES:
        become(*arguments)
        return 0
    from tests.faults.mutants.scenarios import EXPECTED  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="parley-mutants-"))
    right = play_all(arguments or list(EXPECTED), folder)
    if right:
        shutil.rmtree(folder)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
