"""Reading log files: their last lines, and what is added to them."""

import os
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TextIO

POLL_SECONDS = 0.2


def last_lines(file: Path, count: int) -> list[str]:
    """The last lines of a file, without line ends."""
    with file.open(errors="replace") as lines:
        return [line.rstrip("\n") for line in deque(lines, maxlen=count)]


def follow(files: Sequence[Path]) -> Generator[tuple[Path, str], None, None]:
    """Every whole line added from now on, for ever; goes on with the new file after a rotation."""
    return _followed({file: _at_end(file) for file in files})


def _followed(opened: dict[Path, TextIO]) -> Generator[tuple[Path, str], None, None]:
    try:
        while True:
            for file, lines in opened.items():
                for line in _added(lines):
                    yield file, line
                if file.exists() and not os.path.samestat(file.stat(), os.fstat(lines.fileno())):
                    lines.close()
                    opened[file] = file.open(errors="replace")
            time.sleep(POLL_SECONDS)
    finally:
        for lines in opened.values():
            lines.close()


def _at_end(file: Path) -> TextIO:
    lines = file.open(errors="replace")
    lines.seek(0, 2)
    return lines


def _added(lines: TextIO) -> Iterator[str]:
    while True:
        start = lines.tell()
        line = lines.readline()
        if not line.endswith("\n"):
            # Half a line: its writer is not done with it.
            lines.seek(start)
            return
        yield line.rstrip("\n")
