"""Child processes of the local stack: what to start, and one started process on its tether."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from signal import Signals

from deploy.local.errors import full_disk
from deploy.local.tether import KEEP_ACCOUNT

TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged user a process runs as when we are root."""

    user_id: int
    group_id: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command line with everything it needs to run."""

    name: str
    arguments: Sequence[str]
    directory: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stdin: Path = Path(os.devnull)
    # What ends it when we die without a chance to stop it.
    parting_signal: Signals = Signals.SIGKILL


@dataclass(frozen=True, slots=True)
class Process:
    """A command that goes on running: how to know that it is ready, and how to end it."""

    command: Command
    port: int
    ready: Callable[[], bool]
    stop_signal: Signals = Signals.SIGTERM
    start_within: timedelta = timedelta(seconds=60)
    stop_within: timedelta = timedelta(seconds=20)

    @property
    def name(self) -> str:
        """The name by which `status` and `logs` know it."""
        return self.command.name


class Child:
    """One started command. Start it from the main thread.

    On Linux the kernel takes the end of the thread that started it for the end of us.
    """

    def __init__(self, command: Command) -> None:
        self.command = command
        # Opened here, so that an unprivileged process needs no rights on the folder of logs.
        with command.log.open("ab") as log, command.stdin.open("rb") as source:
            self._log_start = log.tell()
            self._popen = subprocess.Popen(
                _tethered(command),
                cwd=command.directory,
                env=dict(command.environment),
                stdin=source,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its process group."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._popen.poll()

    def signal(self, number: Signals) -> None:
        """Sends a signal, unless it has ended."""
        self._popen.send_signal(number)

    def wait(self, within: timedelta | None = None) -> int | None:
        """Waits for its end: the exit code, or None if it still runs."""
        try:
            return self._popen.wait(within.total_seconds() if within is not None else None)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Ends it and its process group by force."""
        if self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def complaint(self, what_happened: str) -> str:
        """A sentence on its failure: a full disk if its log tells of one, else where to look."""
        return full_disk(self.command.log, self._log_start) or f"{what_happened}: see {self.command.log}."


def _tethered(command: Command) -> list[str]:
    """The command line that runs a command so that it cannot outlive this process."""
    mode = "kernel" if sys.platform == "linux" else "watch"
    user_id, group_id = KEEP_ACCOUNT, KEEP_ACCOUNT
    if command.account is not None:
        user_id, group_id = command.account.user_id, command.account.group_id
    settings = [mode, os.getpid(), int(command.parting_signal), user_id, group_id]
    return [sys.executable, "-I", "-S", str(TETHER), *map(str, settings), *command.arguments]
