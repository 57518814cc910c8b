"""The one kind of failure the local stack shows to the person at the keyboard."""

import errno
from pathlib import Path

LOG_TAIL_BYTES = 16384


class StackError(Exception):
    """A failure somebody can act on: its text is one sentence that says what to do."""


def sentence(failure: OSError) -> str:
    """What to say of a file that could not be written or read."""
    if failure.errno == errno.ENOSPC:
        place = f" that holds {failure.filename}" if failure.filename else ""
        return f"The disk{place} is full: make room there, then try again."
    return f"{failure.filename or 'A file'} cannot be used ({failure.strerror}): see to its permissions."


def full_disk(log: Path, start: int) -> str | None:
    """The sentence to show if a log, from `start` on, ends in complaints of a full disk."""
    with log.open("rb") as lines:
        lines.seek(max(start, log.stat().st_size - LOG_TAIL_BYTES))
        if b"No space left on device" not in lines.read():
            return None
    return f"The disk that holds {log.parent.parent} is full: make room there, then try again."
