"""What is left when a run is over: topics, tables, commits, and what Redis holds. Read and kept as JSON lines."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, TypeAdapter

from tests.faults.history import append_line, read_lines

STATE_FILE = "state.jsonl"
Part = Literal["kafka", "postgres", "redis"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumped:
    """When the state was read, and what of it could be: what is not among `parts` is unknown, not empty."""

    at: float
    parts: tuple[Part, ...]
    type: Literal["dumped"] = "dumped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A Kafka record. `at` is its producer's time."""

    topic: str
    partition: int
    offset: int
    at: float
    key: str
    value: str
    headers: tuple[tuple[str, str], ...] = ()
    type: Literal["logged"] = "logged"

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table, as `to_jsonb` tells it."""

    table: str
    values: Mapping[str, Any]
    type: Literal["row"] = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a group is on a partition; `committed` 0 stands for no commit."""

    group: str
    topic: str
    partition: int
    committed: int
    end: int
    type: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The turns that take up room in a session's queue."""

    session: str
    turns: tuple[str, ...]
    type: Literal["slots"] = "slots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The turn number that readers of a session wait for."""

    session: str
    turn_no: int
    type: Literal["mark"] = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """The live stream of a turn as Redis kept it: id, name and JSON of each frame."""

    turn: str
    frames: tuple[tuple[str, str, str], ...]
    type: Literal["frames"] = "frames"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the scripted pack was shown at an attempt: the turn's number, and what was recalled before."""

    at: float
    process: int
    turn: str
    session: str
    turn_no: int
    recalled: tuple[str, ...]
    type: Literal["shown"] = "shown"


AnyState = Dumped | Logged | Row | Progress | Slots | Mark | Frames | Shown
_STATE: TypeAdapter[AnyState] = TypeAdapter(Annotated[AnyState, Field(discriminator="type")])


@dataclass(frozen=True)
class EndState:
    """Everything that was read, by kind."""

    dumped: Dumped
    logs: tuple[Logged, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    progress: tuple[Progress, ...] = ()
    slots: tuple[Slots, ...] = ()
    marks: tuple[Mark, ...] = ()
    frames: tuple[Frames, ...] = ()
    shown: tuple[Shown, ...] = ()

    def knows(self, part: Part) -> bool:
        """Whether this part could be read."""
        return part in self.dumped.parts

    def table(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of a table."""
        return self.rows.get(name, ())


def read_attempts(file: Path) -> list[Shown]:
    """What the scripted pack noted in its ledger."""
    shown, _ = read_lines(file, TypeAdapter(Shown))
    return shown


def write_state(folder: Path, records: Iterable[AnyState]) -> None:
    """Write the end state, in place of what was there."""
    file = os.open(folder / STATE_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC)
    try:
        for record in records:
            append_line(file, _STATE.dump_json(record))
    finally:
        os.close(file)


def read_state(folder: Path) -> EndState:
    """The end state in a folder. Without one, or one cut off, nothing is known of what is missing."""
    records, torn = read_lines(folder / STATE_FILE, _STATE)
    return end_state(records if not torn else ())


def end_state(records: Iterable[AnyState]) -> EndState:
    """The records of an end state sorted by kind."""
    all_of: dict[type[AnyState], list[Any]] = {}
    for record in records:
        all_of.setdefault(type(record), []).append(record)
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in all_of.get(Row, ()):
        rows.setdefault(row.table, []).append(row.values)
    return EndState(
        dumped=all_of.get(Dumped, [Dumped(at=0, parts=())])[0],
        logs=tuple(all_of.get(Logged, ())),
        rows={table: tuple(values) for table, values in rows.items()},
        progress=tuple(all_of.get(Progress, ())),
        slots=tuple(all_of.get(Slots, ())),
        marks=tuple(all_of.get(Mark, ())),
        frames=tuple(all_of.get(Frames, ())),
        shown=tuple(all_of.get(Shown, ())),
    )
