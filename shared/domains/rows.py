"""Rows of the CSV files that packs load: a wrong one is named with its line and the reason, and the others load."""

import csv
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from shared.domains.base import Rejected

_NOT_UTF8: Final = "\N{REPLACEMENT CHARACTER}"

Fields = Mapping[str, str]
Row = TypeVar("Row")
Numbered = list[tuple[int, Row]]
"""Rows with the lines they end at."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file must have; a row may leave the optional ones empty."""

    names: tuple[str, ...]
    optional: frozenset[str] = frozenset()


def read_rows(file: Path, columns: Columns, parse: Callable[[Fields], Row]) -> tuple[Numbered[Row], list[Rejected]]:
    """The rows that `parse` accepts, and those for which it, or the file's form, raises ValueError."""
    good: Numbered[Row] = []
    rejected: list[Rejected] = []
    # What is not UTF-8 becomes the replacement character, so that only its own row is refused.
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in columns.names if name not in (reader.fieldnames or ())]
        if missing:
            return [], [Rejected(1, f"the header lacks {', '.join(missing)}")]
        for row in reader:
            try:
                good.append((reader.line_num, parse(_fields(row, columns))))
            except ValueError as error:
                rejected.append(Rejected(reader.line_num, str(error)))
    return good, rejected


def unique(
    rows: Numbered[Row], rejected: list[Rejected], key: Callable[[Row], Hashable], reason: Callable[[Row], str]
) -> tuple[Row, ...]:
    """The first row of each key; those that repeat one are `rejected`, with this reason."""
    good: dict[Hashable, Row] = {}
    for line, row in rows:
        if key(row) in good:
            rejected.append(Rejected(line, reason(row)))
        else:
            good[key(row)] = row
    return tuple(good.values())


def by_line(rejected: Iterable[Rejected]) -> tuple[Rejected, ...]:
    """What was refused, in the order of the file."""
    return tuple(sorted(rejected, key=lambda each: each.line))


def _fields(row: Mapping[str | None, str | list[str] | None], columns: Columns) -> Fields:
    if None in row:
        raise ValueError("it has more fields than there are columns")
    fields = {name: str(row[name] or "").strip() for name in columns.names}
    empty = [name for name, text in fields.items() if not text and name not in columns.optional]
    if empty:
        raise ValueError(f"{', '.join(empty)} must not be empty")
    if any(_NOT_UTF8 in text for text in fields.values()):
        raise ValueError("it is not UTF-8")
    return fields
