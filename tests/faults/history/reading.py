"""Reads a history back, sorted by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from tests.faults.history.records import HISTORY_FILE, Connection, Fault, Operation, Record, Run, Sample, StreamEvent

_RECORD: TypeAdapter[Any] = TypeAdapter(Record)
T = TypeVar("T")


@dataclass(frozen=True)
class History:
    """All that was recorded, in the order in which it was written."""

    run: Run
    operations: tuple[Operation, ...] = ()
    connections: tuple[Connection, ...] = ()
    events: tuple[StreamEvent, ...] = ()
    faults: tuple[Fault, ...] = ()
    samples: tuple[Sample, ...] = ()
    torn: int = 0
    """Lines cut off by a crash of the recorder: what they said is not known."""

    @cached_property
    def settled(self) -> Mapping[str, Operation]:
        """How each request ended, by `operation`; those that never did are missing."""
        return {each.operation: each for each in self.operations if each.phase != "invoke"}


def read_history(folder: Path) -> History:
    """The history in a folder; ValueError when it does not say how the run began."""
    records, torn = read_lines(folder / HISTORY_FILE, _RECORD)
    runs = _only(Run, records)
    if not runs:
        raise ValueError(f"{folder} holds no history: nothing says how its run began")
    return History(
        run=runs[0],
        operations=_only(Operation, records),
        connections=_only(Connection, records),
        events=_only(StreamEvent, records),
        faults=_only(Fault, records),
        samples=_only(Sample, records),
        torn=torn,
    )


def read_lines(file: Path, adapter: TypeAdapter[T]) -> tuple[list[T], int]:
    """The records of a file of JSON lines, and how many lines were cut off; nothing of a file that is not there."""
    records: list[T] = []
    torn = 0
    for line in file.read_bytes().splitlines() if file.exists() else ():
        try:
            records.append(adapter.validate_json(line))
        except ValidationError:
            torn += 1
    return records, torn


def _only(kind: type[T], records: list[Any]) -> tuple[T, ...]:
    return tuple(record for record in records if isinstance(record, kind))
