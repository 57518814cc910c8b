"""The lock that a crashed Postgres leaves behind."""

import os
from pathlib import Path

import psutil
import pytest

from deploy.local.embedded import stale
from deploy.local.embedded.stale import remove_stale_lock
from deploy.local.errors import StackError


def write_lock(directory: Path, pid: int, started: float) -> Path:
    lock = directory / "postmaster.pid"
    lock.write_text(f"{pid}\n{directory}\n{int(started)}\n5432\n\n127.0.0.1\n")
    return lock


def test_lock_of_a_process_that_is_gone_is_removed(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, pid=2**22 - 1, started=1_000_000_000)

    remove_stale_lock(tmp_path)

    assert not lock.exists()


def test_lock_whose_pid_went_to_somebody_else_is_removed(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, pid=os.getpid(), started=psutil.Process().create_time() - 3600)

    remove_stale_lock(tmp_path)

    assert not lock.exists()


def test_lock_cut_short_by_a_crash_is_removed(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text("12")

    remove_stale_lock(tmp_path)

    assert not lock.exists()


def test_lock_of_a_running_server_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale, "ENDING_WITHIN_SECONDS", 0)
    lock = write_lock(tmp_path, pid=os.getpid(), started=psutil.Process().create_time())

    with pytest.raises(StackError, match=rf"Another Postgres \(process {os.getpid()}\) already uses"):
        remove_stale_lock(tmp_path)

    assert lock.exists()
