"""Brings a stack up by starting its supervisor, and down by telling that supervisor to end."""

import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from signal import Signals
from subprocess import Popen

from deploy.local.errors import StackError
from deploy.local.identity import ProcessIdentity
from deploy.local.layout import Layout
from deploy.local.ports import is_free
from deploy.local.reports import KEEP, Report
from deploy.local.settings import REPOSITORY
from deploy.local.state import read_state, supervisor_of

STOP_WITHIN = timedelta(seconds=90)
POLL_SECONDS = 0.05


def refuse_taken_port(port: int) -> None:
    """StackError if the gateway could not listen on its port."""
    if not is_free(port):
        raise StackError(
            f"Port {port} is taken by another program: stop that one, "
            f"or choose another port, for example `PARLEY_PORT={port + 1} parley up`."
        )


def launch(supervisor: Sequence[str], layout: Layout, show: Callable[[Report], None]) -> str:
    """Starts a supervisor and leaves it running once its stack is ready: the address of the gateway.

    However we end before that, the supervisor notices and stops everything.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs, layout.log("supervisor").open("ab") as log:
        process = Popen(
            supervisor,
            cwd=REPOSITORY,
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=log,
            start_new_session=True,
        )
        theirs.close()
        try:
            return _follow(ours, layout, show)
        except BaseException:
            ours.close()
            _await_end(process)
            raise


def stop(layout: Layout) -> list[str]:
    """Ends the supervisor and with it exactly the processes it started: their names."""
    state = read_state(layout)
    supervisor = supervisor_of(layout)
    ended = _end(supervisor, STOP_WITHIN) if supervisor is not None else False
    processes = state.processes if state is not None else ()
    # Usually gone with their supervisor by now, however that ended.
    leftovers = [process.name for process in processes if _end(process.identity, timedelta(seconds=10))]
    layout.state_file.unlink(missing_ok=True)
    return [process.name for process in processes] if ended else leftovers


def _follow(supervisor: socket.socket, layout: Layout, show: Callable[[Report], None]) -> str:
    with supervisor.makefile("rb") as lines:
        for line in lines:
            report = Report.model_validate_json(line)
            if report.kind == "failed":
                raise StackError(report.text)
            if report.kind == "ready":
                supervisor.sendall(KEEP)
                return report.text
            show(report)
    raise StackError(f"The supervisor ended unexpectedly: see {layout.log('supervisor')}.")


def _await_end(process: Popen[bytes]) -> None:
    """Gives a supervisor without launcher the time to stop what it started."""
    try:
        process.wait(STOP_WITHIN.total_seconds())
    except subprocess.TimeoutExpired:
        process.kill()


def _end(identity: ProcessIdentity, within: timedelta) -> bool:
    """Ends one process, by force if it takes too long: whether it was there."""
    if not identity.signal(Signals.SIGTERM):
        return False
    deadline = time.monotonic() + within.total_seconds()
    while identity.runs():
        if time.monotonic() > deadline:
            identity.signal(Signals.SIGKILL)
        time.sleep(POLL_SECONDS)
    return True
