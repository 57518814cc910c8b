"""Child processes of the local stack: started on a tether, waited for, stopped in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from signal import Signals
from typing import Self

from deploy.local.errors import StackError
from deploy.local.tether import KEEP_ACCOUNT

TETHER = Path(__file__).with_name("tether.py")
POLL_SECONDS = 0.02
LOG_TAIL_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged user a process runs as when we are root."""

    user_id: int
    group_id: int


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """How to start one long-running process, know that it is ready, and end it."""

    name: str
    command: Sequence[str]
    directory: Path
    log: Path
    ready: Callable[[], bool]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: Signals = Signals.SIGTERM
    parting_signal: Signals = Signals.SIGKILL
    start_within: timedelta = timedelta(seconds=60)
    stop_within: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Task:
    """A command that is expected to finish, and to succeed."""

    name: str
    command: Sequence[str]
    directory: Path
    log: Path
    environment: Mapping[str, str]
    account: Account | None = None
    stdin: Path | None = None


def tethered(
    command: Sequence[str],
    *,
    account: Account | None,
    parting_signal: Signals = Signals.SIGKILL,
) -> list[str]:
    """The command line that runs `command` so that it cannot outlive this process.

    Start it from the main thread: the kernel takes the end of the starting thread for ours.
    """
    mode = "kernel" if sys.platform == "linux" else "watch"
    user_id, group_id = (KEEP_ACCOUNT, KEEP_ACCOUNT)
    if account is not None:
        user_id, group_id = account.user_id, account.group_id
    settings = [mode, os.getpid(), int(parting_signal), user_id, group_id]
    return [sys.executable, "-I", "-S", str(TETHER), *map(str, settings), *command]


class Child:
    """One started process, from its start to its end."""

    def __init__(self, spec: ProcessSpec) -> None:
        self.spec = spec
        # Opened here, so that an unprivileged process needs no rights on the folder of logs.
        with spec.log.open("ab") as log:
            self._popen = subprocess.Popen(
                tethered(
                    spec.command,
                    account=spec.account,
                    parting_signal=spec.parting_signal,
                ),
                cwd=spec.directory,
                env=dict(spec.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its process group."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._popen.poll()

    def stop(self) -> None:
        """Ends it: in good order if it does so in time, by force if not."""
        self._popen.send_signal(self.spec.stop_signal)
        try:
            self._popen.wait(self.spec.stop_within.total_seconds())
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends it and its process group by force."""
        if self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def wait_until_ready(self) -> None:
        """Returns once it answers; StackError if it ends first or takes too long."""
        deadline = time.monotonic() + self.spec.start_within.total_seconds()
        while not self.spec.ready():
            if self.exit_code() is not None:
                raise failed_start(self.spec)
            if time.monotonic() > deadline:
                raise late_start(self.spec)
            time.sleep(POLL_SECONDS)


def run_to_end(task: Task) -> None:
    """Runs a task and waits for it; StackError if it does not succeed."""
    with task.log.open("ab") as output, (task.stdin or Path(os.devnull)).open("rb") as source:
        code = subprocess.run(
            tethered(task.command, account=task.account),
            cwd=task.directory,
            env=dict(task.environment),
            stdin=source,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code != 0:
        raise StackError(full_disk(task.log) or f"{task.name} failed: its log {task.log} says why.")


def failed_start(spec: ProcessSpec) -> StackError:
    """What to say when a process ended before it was ready."""
    return StackError(full_disk(spec.log) or f"{spec.name} does not start: its log {spec.log} says why.")


def late_start(spec: ProcessSpec) -> StackError:
    """What to say when a process runs but does not get ready."""
    seconds = int(spec.start_within.total_seconds())
    return StackError(
        full_disk(spec.log)
        or f"{spec.name} is not ready after {seconds} seconds: its log {spec.log} may say why."
    )


def full_disk(log: Path) -> str | None:
    """The sentence to show if the end of a log tells of a full disk."""
    with log.open("rb") as lines:
        lines.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
        if b"No space left on device" not in lines.read():
            return None
    return f"The disk that holds {log.parent.parent} is full: make room there, then try again."
