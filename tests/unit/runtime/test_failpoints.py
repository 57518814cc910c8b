"""What a failpoint does to its process, and what it does not do to one that was not asked."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.runtime.failpoints import POINTS, Failpoint, FailpointError, parsed

REPOSITORY = Path(__file__).parents[3]
PASSING = """
import asyncio
from shared.runtime.failpoints import FailpointSettings, failpoint, set_failpoints
from shared.runtime.telemetry import configure_logging

async def pass_thrice():
    for number in (1, 2, 3):
        await failpoint("agent.before_commit")
        print(number, flush=True)

configure_logging("test", "info")
set_failpoints(FailpointSettings())
asyncio.run(pass_thrice())
"""


@contextmanager
def passing(**environment: str) -> "Iterator[subprocess.Popen[str]]":
    """A process that passes a point three times and tells each time."""
    with subprocess.Popen(
        [sys.executable, "-c", PASSING],
        env={"PATH": os.environ["PATH"], **{f"PARLEY_{name}": value for name, value in environment.items()}},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def outcome(**environment: str) -> tuple[str, str, int]:
    """What it told, its log, and how it ended."""
    with passing(**environment) as process:
        told, log = process.communicate(timeout=30)
        return told, log, process.returncode


def test_nothing_happens_where_nothing_is_set() -> None:
    assert outcome() == ("1\n2\n3\n", "", 0)


def test_a_process_is_killed_at_the_passing_that_was_named_after_a_loud_warning() -> None:
    told, log, status = outcome(FAILPOINTS="agent.before_commit=kill@2", FAILPOINTS_ALLOWED="true")

    assert (told, status) == ("1\n", -signal.SIGKILL)
    assert "FAILPOINTS ARE SET" in log


def test_a_process_stops_until_it_is_continued() -> None:
    with passing(FAILPOINTS="agent.before_commit=stop", FAILPOINTS_ALLOWED="true") as process:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

        process.send_signal(signal.SIGCONT)

        assert process.communicate(timeout=30)[0] == "1\n2\n3\n"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"FAILPOINTS": "agent.before_commit=kill"}, "PARLEY_FAILPOINTS_ALLOWED must be true too"),
        ({"FAILPOINTS": "agent.lunch=kill", "FAILPOINTS_ALLOWED": "true"}, "there is no failpoint 'agent.lunch'"),
    ],
)
def test_a_process_refuses_to_start_with_a_sentence(environment: Mapping[str, str], sentence: str) -> None:
    told, log, status = outcome(**environment)

    assert (told, status) == ("", 1)
    assert sentence in log
    assert "Traceback" not in log


async def test_a_failpoint_raises_once() -> None:
    raising = Failpoint("raise", nth=2)

    await raising.hit("agent.after_load")
    with pytest.raises(FailpointError, match=r"agent\.after_load"):
        await raising.hit("agent.after_load")
    await raising.hit("agent.after_load")


def test_several_points_are_set_with_one_text() -> None:
    assert parsed("agent.after_load=sleep:0.5@3, memory.after_commit=raise") == {
        "agent.after_load": Failpoint("sleep", 0.5, 3),
        "memory.after_commit": Failpoint("raise"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "agent.after_load",
        "agent.after_load=explode",
        "agent.after_load=sleep",
        "agent.after_load=kill:2",
        "agent.after_load=kill@0",
        "agent.after_load=kill,",
        "agent.after_load=kill,agent.after_load=stop",
    ],
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"point=kill, stop, raise|twice"):
        parsed(text)


def test_every_point_is_passed_in_one_place() -> None:
    sources = [path.read_text() for room in ("services", "shared") for path in (REPOSITORY / room).rglob("*.py")]
    passed = [point for source in sources for point in re.findall(r'await failpoint\("([\w.]+)"\)', source)]

    assert sorted(passed) == sorted(POINTS)
