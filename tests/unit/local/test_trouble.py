"""Each trouble is one sentence that says what to do."""

import errno
import socket
import sys
from pathlib import Path

import pytest

from deploy.local import cli
from deploy.local.errors import StackError, full_disk, sentence
from deploy.local.launcher import refuse_taken_port
from deploy.local.layout import Layout
from deploy.local.packages import package_directory
from deploy.local.ports import LOOPBACK
from deploy.local.processes import Command
from deploy.local.running import run_to_end
from deploy.local.settings import load_settings
from deploy.local.state import running_state


def test_taken_port_names_the_variable_that_changes_it() -> None:
    with socket.socket() as somebody:
        somebody.bind((LOOPBACK, 0))
        somebody.listen()
        port = somebody.getsockname()[1]

        with pytest.raises(StackError, match=rf"Port {port} is taken .*PARLEY_PORT={port + 1} parley up"):
            refuse_taken_port(port)


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StackError, match=r"file/\.parley cannot be written .* PARLEY_STATE"):
        Layout(tmp_path / "file" / ".parley").make()


def test_full_disk_in_a_log_is_told(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "kafka.log"
    log.parent.mkdir()
    log.write_text("java.io.IOException: No space left on device")

    assert full_disk(log, start=0) == f"The disk that holds {tmp_path} is full: make room there, then try again."


def test_full_disk_of_an_earlier_start_is_not_told_again(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    log.write_text("No space left on device")
    start = log.stat().st_size
    log.write_text(log.read_text() + "something else is wrong")

    assert full_disk(log, start=start) is None


def test_full_disk_of_our_own_writes_is_told() -> None:
    assert sentence(OSError(errno.ENOSPC, "No space left on device", "/data/x")) == (
        "The disk that holds /data/x is full: make room there, then try again."
    )


def test_missing_package_says_how_to_install_it() -> None:
    with pytest.raises(StackError, match=r"no_such_package .* run `make setup`"):
        package_directory("no_such_package")


def test_command_that_fails_points_to_its_log(tmp_path: Path) -> None:
    command = Command("topics", ["/bin/false"], tmp_path, tmp_path / "provision.log")

    with pytest.raises(StackError, match=r"preparing topics failed: see .*provision\.log\."):
        run_to_end(command)


def test_command_that_fails_for_a_full_disk_says_so(tmp_path: Path) -> None:
    script = "echo 'could not write: No space left on device'; exit 1"
    command = Command("tables", ["/bin/sh", "-c", script], tmp_path, tmp_path / "migrate.log")

    with pytest.raises(StackError, match=r"The disk that holds .* is full"):
        run_to_end(command)


def test_stack_that_does_not_run_says_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"start it with `parley up`"):
        running_state(Layout(tmp_path))


def test_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_PORT", "http")

    with pytest.raises(StackError, match="PARLEY_PORT makes no sense"):
        load_settings()


def test_trouble_of_a_command_is_one_line_and_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PARLEY_STATE", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["parley", "status"])

    with pytest.raises(SystemExit) as ending:
        cli.main()

    assert ending.value.code == 1
    assert capsys.readouterr().err == "parley: Parley does not run here: start it with `parley up`.\n"
