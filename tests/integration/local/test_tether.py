"""Commands on a tether end with their parent, by the kernel's help or without it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local.processes import TETHER
from deploy.local.tether import KEEP_ACCOUNT
from tests.integration.local.conditions import eventually

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of another system does not offer it")
# Starts a command on a tether, says its pid and waits to be killed.
PARENT = """
import subprocess, sys, os, time
mode, tether, keep, *command = sys.argv[1:]
child = subprocess.Popen([sys.executable, "-I", "-S", tether, mode, str(os.getpid()), "9", keep, keep, *command])
print(child.pid, flush=True)
time.sleep(60)
"""


def tethered_sleep(mode: str) -> tuple["subprocess.Popen[str]", psutil.Process]:
    command = [sys.executable, "-c", PARENT, mode, str(TETHER), str(KEEP_ACCOUNT), "/bin/sleep", "60"]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    return parent, psutil.Process(int(parent.stdout.readline()))


@pytest.mark.parametrize("mode", [pytest.param("kernel", marks=LINUX_ONLY), "watch"])
def test_command_ends_when_its_parent_is_killed(mode: str) -> None:
    parent, child = tethered_sleep(mode)
    eventually(lambda: any("sleep" in process.name() for process in (child, *child.children())))
    family = [child, *child.children()]

    parent.kill()
    parent.communicate()

    eventually(lambda: not any(process.is_running() for process in family))


def test_watch_passes_signals_on_and_the_exit_code_back() -> None:
    settings = ["watch", str(os.getpid()), "9", str(KEEP_ACCOUNT), str(KEEP_ACCOUNT)]
    command = ["/bin/sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"]
    watch = subprocess.Popen(
        [sys.executable, "-I", "-S", str(TETHER), *settings, *command], stdout=subprocess.PIPE, text=True
    )
    assert watch.stdout is not None
    assert watch.stdout.readline() == "ready\n"

    watch.send_signal(signal.SIGTERM)

    watch.communicate(timeout=10)
    assert watch.returncode == 7


@LINUX_ONLY
def test_command_whose_parent_is_gone_already_does_not_begin(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    settings = ["kernel", "1", "9", str(KEEP_ACCOUNT), str(KEEP_ACCOUNT)]

    finished = subprocess.run(
        [sys.executable, "-I", "-S", str(TETHER), *settings, "/usr/bin/touch", str(begun)],
        check=False,
        capture_output=True,
    )

    assert finished.returncode != 0
    assert not begun.exists()
