"""A history is what was recorded, whatever became of the recorder."""

import json
import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from tests.faults.history import HISTORY_FILE, Recorder, read_history


def _ticking() -> "count[int]":
    return count(1)


def test_what_is_recorded_is_read_back_in_order(tmp_path: Path) -> None:
    with Recorder(tmp_path, clock=_ticking().__next__) as recorder:
        recorder.run(seed=7, deadline_seconds=30, logs={"parley.turns:0": 4})
        asked = recorder.invoke("client-1", "turn", user="ada", session="s", key="k", body="say hello")
        with recorder.fault("kill", "agent"):
            recorder.info(asked, status=503, turn="t")
        connection = recorder.connected("client-1", stream="one", turn="t", after=None, status=200)
        recorder.received(connection, event_id="1-1", name="delta", data={"text": "hello"})

    history = read_history(tmp_path)

    assert (history.run.seed, history.run.logs) == (7, {"parley.turns:0": 4})
    assert [(each.phase, each.turn) for each in history.operations] == [("invoke", None), ("info", "t")]
    assert history.settled[asked.operation].status == 503
    assert [(each.phase, each.at) for each in history.faults] == [("begin", 3), ("end", 5)]
    assert history.events[0].stream == history.connections[0].stream == "one"
    assert history.torn == 0


def test_a_killed_recorder_leaves_whole_lines_and_another_goes_on_below(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from tests.faults.history import Recorder
recorder = Recorder(Path(sys.argv[1]))
recorder.run(seed=1, deadline_seconds=30)
while True:
    recorder.invoke("client", "turn", user="ada")
    print(flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
    with Recorder(tmp_path) as recorder:
        recorder.ok(recorder.invoke("later", "turn", user="ada"))

    history = read_history(tmp_path)

    assert history.torn == 0
    assert len(history.operations) >= 22
    assert history.operations[-1].process == "later"


def test_a_line_that_was_cut_off_is_counted_and_spoils_no_other(tmp_path: Path) -> None:
    with Recorder(tmp_path) as recorder:
        recorder.run(seed=1, deadline_seconds=30)
        recorder.invoke("client", "turn", user="ada")
    file = tmp_path / HISTORY_FILE
    file.write_bytes(file.read_bytes()[:-20])
    with Recorder(tmp_path) as recorder:
        recorder.invoke("later", "turn", user="ada")

    history = read_history(tmp_path)

    assert history.torn == 1
    assert [each.process for each in history.operations] == ["later"]


def test_a_folder_without_a_beginning_is_no_history(tmp_path: Path) -> None:
    (tmp_path / HISTORY_FILE).write_text(json.dumps({"type": "operation"}) + "\n")

    with pytest.raises(ValueError, match="no history"):
        read_history(tmp_path)
