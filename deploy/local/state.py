"""What is written down about a stack that runs: read by every other command."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.local.errors import StackError
from deploy.local.files import write_private
from deploy.local.identity import ProcessIdentity
from deploy.local.layout import Layout

POLL_SECONDS = 0.05


class RunningProcess(BaseModel):
    """One process of a running stack."""

    model_config = ConfigDict(frozen=True)

    name: str
    port: int
    identity: ProcessIdentity
    restarts: int = 0


class StackState(BaseModel):
    """A running stack: its processes, and the addresses of its servers."""

    model_config = ConfigDict(frozen=True)

    address: str
    kafka: str
    postgres: str
    redis: str
    processes: tuple[RunningProcess, ...] = ()
    is_ready: bool = False


def write_state(layout: Layout, state: StackState) -> None:
    """Replaces what is known; the file holds passwords, so only its owner may read it."""
    write_private(layout.state_file, state.model_dump_json(indent=2))


def read_state(layout: Layout) -> StackState | None:
    """The state of the stack that runs or was killed; None if it was stopped or never started."""
    try:
        return StackState.model_validate_json(layout.state_file.read_text())
    except (FileNotFoundError, ValidationError):
        return None


def running_state(layout: Layout) -> StackState:
    """The state of the stack that runs; StackError if none does."""
    state = read_state(layout)
    if state is None or not state.is_ready or supervisor_of(layout) is None:
        raise StackError("Parley does not run here: start it with `parley up`.")
    return state


def supervisor_of(layout: Layout) -> ProcessIdentity | None:
    """The supervisor that holds this folder, be its stack ready or not."""
    try:
        with layout.lock_file.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        written = layout.lock_file.read_text()
        # Empty for the moment between taking the lock and signing it.
        return ProcessIdentity.model_validate_json(written) if written else None
    return None


@contextmanager
def exclusive(layout: Layout, within: timedelta = timedelta(seconds=2)) -> Iterator[None]:
    """Holds the folder for this process; the kernel lets go of it however the process ends."""
    deadline = time.monotonic() + within.total_seconds()
    with layout.lock_file.open("a") as lock:
        while not _locked(lock):
            if time.monotonic() > deadline:
                raise StackError(f"Another `parley up` is at work in {layout.root}.")
            time.sleep(POLL_SECONDS)
        lock.truncate(0)
        lock.write(ProcessIdentity.of_this_process().model_dump_json())
        lock.flush()
        yield


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
