"""Judges a run again: `python -m tests.faults.checker FOLDER`. Exits 1 if a promise was broken, 2 if nobody can say."""

import sys
from pathlib import Path

from tests.faults.checker import Verdict, check, read_state
from tests.faults.history import read_history


def main(folder: Path) -> int:
    report = check(read_history(folder), read_state(folder))
    sys.stdout.write(f"{report}\n")
    return {Verdict.OK: 0, Verdict.UNVERIFIED: 2}.get(report.verdict, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
