"""What a supervisor tells its launcher while it brings a stack up: one JSON line each."""

import os
import sys
from contextlib import suppress
from typing import Literal

from pydantic import BaseModel, ConfigDict

KEEP = b"keep\n"


class Report(BaseModel):
    """One step of the start: what is worked on now, what is done, or how it ended."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["working", "done", "ready", "failed"]
    text: str


class Reporter:
    """Writes reports to the launcher for as long as there is one."""

    def working(self, text: str) -> None:
        """Something that takes a while has begun."""
        self._write(Report(kind="working", text=text))

    def done(self, text: str) -> None:
        """Something is finished."""
        self._write(Report(kind="done", text=text))

    def ready(self, address: str) -> None:
        """Everything answers."""
        self._write(Report(kind="ready", text=address))

    def failed(self, sentence: str) -> None:
        """The stack does not come up."""
        self._write(Report(kind="failed", text=sentence))

    def fall_silent(self) -> None:
        """Lets go of the launcher, which leaves now."""
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, sys.stdout.fileno())
        os.close(silence)

    def _write(self, report: Report) -> None:
        # A launcher that was killed reads no more; that it is gone is noticed elsewhere.
        with suppress(ConnectionError):
            sys.stdout.write(report.model_dump_json() + "\n")
            sys.stdout.flush()
