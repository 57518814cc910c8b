"""A process is known by its pid and its start: neither alone."""

import subprocess
from datetime import timedelta
from signal import Signals

from deploy.local.identity import ProcessIdentity


def test_own_process_runs() -> None:
    assert ProcessIdentity.of_this_process().runs()


def test_process_that_started_at_another_time_is_somebody_else() -> None:
    us = ProcessIdentity.of_this_process()
    earlier = us.model_copy(update={"started_at": us.started_at - timedelta(hours=1)})

    assert not earlier.runs()
    assert not earlier.signal(Signals.SIGKILL)


def test_ended_process_is_not_signalled() -> None:
    process = subprocess.Popen(["/bin/sleep", "60"])
    identity = ProcessIdentity.of(process.pid)
    assert identity.runs()

    assert identity.signal(Signals.SIGKILL)
    process.wait()

    assert not identity.runs()
    assert not identity.signal(Signals.SIGKILL)
