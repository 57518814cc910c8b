"""An export as a ZIP of CSV files, one a table, for spreadsheets."""

import csv
import io
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import IO, Any

import orjson

from services.gateway.exports.collecting import Collected, Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")


def write_csv(collected: Collected, out: IO[bytes]) -> None:
    """Write `<table>.csv` for each table there is something in; nested values are JSON."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in collected.tables():
            # With a mark, since spreadsheets take a file without one for the local encoding.
            with archive.open(f"{table}.csv", "w") as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
                _write(rows, text)
        if not archive.namelist():
            archive.writestr("empty.txt", "Nothing is held of this person.\n")


def _write(rows: Iterator[Row], text: IO[str]) -> None:
    first = next(rows)
    table = csv.DictWriter(text, first)
    table.writeheader()
    for row in chain((first,), rows):
        table.writerow({name: cell(value) for name, value in row.items()})


def cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return orjson.dumps(value).decode()
    return f"'{value}" if value.startswith(_FORMULA) else value
