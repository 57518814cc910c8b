"""The planted faults follow the code they are planted in."""

import subprocess
import sys

from tests.faults.mutants.catalogue import MUTATIONS
from tests.faults.mutants.scenarios import EXPECTED


def test_every_mutant_can_be_planted_and_has_a_scenario_that_exposes_it() -> None:
    plant = "from tests.faults.mutants.catalogue import MUTATIONS, shorten_sessions; shorten_sessions()"
    # In another process: what is planted stays.
    planted = subprocess.run(
        [sys.executable, "-c", f"{plant}\nfor mutate in MUTATIONS.values(): mutate()"], check=False
    )

    assert planted.returncode == 0
    assert MUTATIONS.keys() == EXPECTED.keys()
