"""Starting, awaiting and ending several processes at once."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from deploy.local.errors import StackError
from deploy.local.processes import Child, Command, Process

POLL_SECONDS = 0.02

Started = tuple[Process, Child]


@contextmanager
def running(processes: Iterable[Process]) -> Iterator[list[Started]]:
    """Starts each process as it comes and ends them all when the context does."""
    started: list[Started] = []
    try:
        # `extend` keeps what was started before a failure, so that it is ended below.
        started.extend((process, Child(process.command)) for process in processes)
        yield started
    finally:
        stop_together(started)


def wait_until_ready(started: Sequence[Started], on_ready: Callable[[str], None] | None = None) -> None:
    """Returns once all answer; StackError as soon as one ends or takes too long."""
    began = time.monotonic()
    waiting = list(started)
    while waiting:
        for process, child in tuple(waiting):
            if process.ready():
                waiting.remove((process, child))
                if on_ready is not None:
                    on_ready(process.name)
            else:
                _refuse_failure(process, child, time.monotonic() - began)
        time.sleep(POLL_SECONDS if waiting else 0)


def _refuse_failure(process: Process, child: Child, waited_seconds: float) -> None:
    if child.exit_code() is not None:
        raise StackError(child.complaint(f"{process.name} does not start"))
    allowed_seconds = process.start_within.total_seconds()
    if waited_seconds > allowed_seconds:
        raise StackError(child.complaint(f"{process.name} is not ready after {allowed_seconds:.0f} seconds"))


def stop_together(started: Sequence[Started]) -> None:
    """Asks all to end, waits for each, and ends by force what does not."""
    for process, child in started:
        child.signal(process.stop_signal)
    for process, child in started:
        if child.wait(process.stop_within) is None:
            child.kill()


def run_to_end(*commands: Command) -> None:
    """Runs commands side by side and waits for all; StackError if one does not succeed."""
    children: list[Child] = []
    try:
        children.extend(map(Child, commands))
        for child in children:
            if child.wait() != 0:
                raise StackError(child.complaint(f"preparing {child.command.name} failed"))
    finally:
        for child in children:
            child.kill()
