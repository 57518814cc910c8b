"""A stack of stand-ins: who starts, who restarts, and that nothing outlives what owns it."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import Signals

import httpx
import pytest

from deploy.local import launcher
from deploy.local.layout import Layout
from deploy.local.state import supervisor_of
from tests.integration.local.conditions import eventually, none_runs, started, state_of
from tests.integration.local.stand_in_stack import MODULE, SERVICE

EVERYTHING = 3


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path / "stack")
    layout.make()
    yield layout
    launcher.stop(layout)


def begin(layout: Layout, kind: str = "well") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", MODULE, "launch", str(layout.root), kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def said(launching: "subprocess.Popen[str]") -> str:
    return launching.communicate(timeout=30)[0].strip()


def begin_and_wait_for_every_process(layout: Layout, kind: str) -> "subprocess.Popen[str]":
    launching = begin(layout, kind)
    eventually(lambda: len(started(layout)) == EVERYTHING)
    return launching


def test_launcher_leaves_a_ready_stack_running(layout: Layout) -> None:
    launching = begin(layout)

    address = said(launching)

    assert launching.returncode == 0
    assert httpx.get(address).status_code == 200
    assert [process.name for process in state_of(layout).processes] == ["server", "worker", "gateway"]


def test_stop_ends_what_was_started_and_nothing_else(layout: Layout, tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, str(SERVICE), "0"])
    said(begin(layout))
    processes = started(layout)

    stopped = launcher.stop(layout)

    assert stopped == ["server", "worker", "gateway"]
    assert none_runs(processes)
    assert supervisor_of(layout) is None
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_stop_without_a_stack_stops_nothing(layout: Layout) -> None:
    assert launcher.stop(layout) == []


def test_second_supervisor_of_a_folder_is_refused(layout: Layout) -> None:
    said(begin(layout))
    processes = started(layout)

    second = begin(layout)

    assert "Another `parley up` is at work" in said(second)
    assert second.returncode == 1
    assert all(identity.runs() for identity in processes)


def test_killed_supervisor_leaves_no_process(layout: Layout) -> None:
    said(begin(layout))
    processes = started(layout)
    supervisor = supervisor_of(layout)
    assert supervisor is not None

    supervisor.signal(Signals.SIGKILL)

    eventually(lambda: none_runs(processes))


def test_stack_starts_again_after_its_supervisor_was_killed(layout: Layout) -> None:
    said(begin(layout))
    processes = started(layout)
    supervisor = supervisor_of(layout)
    assert supervisor is not None
    supervisor.signal(Signals.SIGKILL)
    eventually(lambda: none_runs([supervisor, *processes]))

    again = begin(layout)

    assert httpx.get(said(again)).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_launcher_that_ends_before_the_stack_is_ready_leaves_no_process(layout: Layout, number: Signals) -> None:
    launching = begin_and_wait_for_every_process(layout, "never-ready")
    supervisor = supervisor_of(layout)
    assert supervisor is not None
    processes = [supervisor, *started(layout)]

    launching.send_signal(number)
    said(launching)

    eventually(lambda: none_runs(processes))


def test_launcher_that_ends_with_reports_unread_leaves_no_process(layout: Layout) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, "-m", MODULE, "supervise", str(layout.root), "never-ready"]
        supervising = subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno())
        theirs.close()
        eventually(lambda: len(started(layout)) == EVERYTHING)
        processes = started(layout)
    eventually(lambda: supervising.poll() is not None)

    assert none_runs(processes)
    assert supervising.returncode == 0


def test_stop_ends_a_stack_that_is_still_starting(layout: Layout) -> None:
    launching = begin_and_wait_for_every_process(layout, "never-ready")
    processes = started(layout)

    launcher.stop(layout)

    assert none_runs(processes)
    assert "ended unexpectedly" in said(launching)


def test_service_that_ends_at_start_is_named_with_its_log(layout: Layout) -> None:
    launching = begin(layout, "ends-at-start")

    assert said(launching) == f"gateway does not start: see {layout.log('gateway')}."
    assert launching.returncode == 1
    assert supervisor_of(layout) is None


def test_crashed_process_is_started_again_and_written_down(layout: Layout) -> None:
    said(begin(layout))
    worker = state_of(layout).processes[1]

    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{worker.port}/crash")

    eventually(lambda: state_of(layout).processes[1].restarts == 1)
    renewed = state_of(layout).processes[1]
    assert renewed.identity != worker.identity
    assert renewed.identity.runs()
    launcher.stop(layout)
    assert not renewed.identity.runs()
