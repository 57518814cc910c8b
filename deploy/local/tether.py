"""Runs a command that dies with its parent, optionally as another user.

A script of its own, started with `python -I -S`: the standard library only, and quick. On Linux the
kernel ends the command when the parent is gone; elsewhere this process stays and watches.
"""

import ctypes
import os
import signal
import sys
import time
from types import FrameType

PR_SET_PDEATHSIG = 1
KEEP_ACCOUNT = -1
WATCH_SECONDS = 0.2


def become(user_id: int, group_id: int) -> None:
    """Gives up root for an unprivileged account."""
    if user_id == KEEP_ACCOUNT:
        return
    os.setgroups([])
    os.setgid(group_id)
    os.setuid(user_id)


def run_with_kernel(parent: int, parting_signal: int, command: list[str]) -> None:
    """Turns into the command, which the kernel signals when the parent dies."""
    # A change of user clears the request, so it comes after `become`.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, parting_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
    os.execv(command[0], command)  # noqa: S606 (becoming the command is the point)


def run_with_watch(parent: int, parting_signal: int, command: list[str]) -> int:
    """Keeps the command as a child, passes signals on and ends it when the parent is gone."""
    child = os.posix_spawn(command[0], command, os.environ)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, pass_on)
    orphaned = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if os.getppid() != parent and not orphaned:
            orphaned = True
            os.kill(child, parting_signal)
        time.sleep(WATCH_SECONDS)


def main(arguments: list[str]) -> int:
    """Arguments: kernel|watch, parent pid, signal at its death, user id, group id, command."""
    mode, parent, parting_signal, user_id, group_id, *command = arguments
    become(int(user_id), int(group_id))
    if mode == "kernel":
        run_with_kernel(int(parent), int(parting_signal), command)
    code = run_with_watch(int(parent), int(parting_signal), command)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
