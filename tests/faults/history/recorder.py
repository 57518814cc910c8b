"""Writes a history. A line is one write to a file opened for appending: whoever dies leaves whole lines."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from pydantic import TypeAdapter

from tests.faults.history.records import (
    HISTORY_FILE,
    AnyRecord,
    Connection,
    Fault,
    Kind,
    Operation,
    Phase,
    Record,
    Run,
    Sample,
    StreamEvent,
)

_RECORD: TypeAdapter[Any] = TypeAdapter(Record)


def append_line(file: int, line: bytes) -> None:
    """Append a line to a file descriptor opened with `O_APPEND`; safe among several processes."""
    whole = line + b"\n"
    if os.write(file, whole) != len(whole):
        raise OSError("the disk is full")


class Recorder:
    """The history of one run, in a folder. May be opened again after a crash: it goes on below."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._file = os.open(folder / HISTORY_FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def run(self, *, seed: int, deadline_seconds: float, **more: Any) -> None:
        """Note that the run begins; `more` as in `Run`."""
        self.write(Run(at=self._clock(), seed=seed, deadline_seconds=deadline_seconds, **more))

    def invoke(self, process: str, kind: Kind, *, user: str, **more: Any) -> Operation:
        """Note that a request is about to be sent; `more` as in `Operation`. Settle it with what this returns."""
        operation = Operation(
            at=self._clock(), process=process, operation=uuid4().hex, phase="invoke", kind=kind, user=user, **more
        )
        self.write(operation)
        return operation

    def ok(self, operation: Operation, **more: Any) -> None:
        """It was answered with success."""
        self._settle(operation, "ok", more)

    def fail(self, operation: Operation, **more: Any) -> None:
        """It was refused, certainly without effect."""
        self._settle(operation, "fail", more)

    def info(self, operation: Operation, **more: Any) -> None:
        """Nobody knows whether it took effect."""
        self._settle(operation, "info", more)

    def connected(self, process: str, *, stream: str, turn: str, after: str | None, status: int | None) -> Connection:
        """Note that a stream was opened or resumed; hand what this returns to `received`."""
        connection = Connection(
            at=self._clock(),
            process=process,
            stream=stream,
            connection=uuid4().hex,
            turn=turn,
            after=after,
            status=status,
        )
        self.write(connection)
        return connection

    def received(self, connection: Connection, *, event_id: str, name: str, data: Mapping[str, Any]) -> None:
        """Note an event of a stream."""
        self.write(
            StreamEvent(
                at=self._clock(),
                process=connection.process,
                stream=connection.stream,
                connection=connection.connection,
                turn=connection.turn,
                id=event_id,
                name=name,
                data=data,
            )
        )

    def sampled(self, group: str, topic: str, partition: int, committed: int) -> None:
        """Note what a group had committed just now."""
        self.write(Sample(at=self._clock(), group=group, topic=topic, partition=partition, committed=committed))

    @contextmanager
    def fault(self, name: str, target: str, detail: str | None = None) -> Iterator[None]:
        """Note that a fault begins, and when it has ended; ended means that what broke works again."""
        begin = Fault(at=self._clock(), fault=uuid4().hex, phase="begin", name=name, target=target, detail=detail)
        self.write(begin)
        try:
            yield
        finally:
            self.write(replace(begin, at=self._clock(), phase="end"))

    def _settle(self, operation: Operation, phase: Phase, more: Mapping[str, Any]) -> None:
        self.write(replace(operation, at=self._clock(), phase=phase, **more))

    def write(self, record: AnyRecord) -> None:
        """Note a record as it is."""
        append_line(self._file, _RECORD.dump_json(record, exclude_none=True))
