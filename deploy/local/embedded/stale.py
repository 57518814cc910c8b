"""What a crash leaves in Postgres' data directory, and what to do about it at the next start."""

import time
from pathlib import Path

import psutil

from deploy.local.errors import StackError

# The file holds whole seconds, and the process is a little older than its lock.
START_TIME_TOLERANCE_SECONDS = 5
ENDING_WITHIN_SECONDS = 15


def remove_stale_lock(directory: Path) -> None:
    """Removes the lock of a server that is gone, also when its pid has gone to somebody else.

    A server that is still ending (its supervisor was killed a moment ago) is given time to end.
    """
    lock = directory / "postmaster.pid"
    if not lock.exists():
        return
    deadline = time.monotonic() + ENDING_WITHIN_SECONDS
    while (owner := _running_owner(lock)) is not None:
        if time.monotonic() > deadline:
            raise StackError(f"Another Postgres (process {owner}) already uses {directory}: stop it, then try again.")
        time.sleep(0.05)
    lock.unlink(missing_ok=True)


def _running_owner(lock: Path) -> int | None:
    """The pid of the server that holds this lock file, or None if there is none."""
    try:
        pid_line, _data, started_line, *_rest = lock.read_text().splitlines()
        process = psutil.Process(int(pid_line))
        age_difference = abs(process.create_time() - int(started_line))
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process.pid if age_difference < START_TIME_TOLERANCE_SECONDS else None
