"""Exports: whole, readable, and no spreadsheet runs them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.gateway.exports import FORMATS, Collected, document
from services.gateway.exports.as_csv import cell
from services.gateway.exports.as_pdf import MOST_ROWS

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("memory.messages", {"text": "我想要红色的包", "turn_no": 1, "data": [{"kind": "card"}], "feedback": None}),
    ("memory.messages", {"text": "<b>bold</b> & = 1", "turn_no": 2, "data": [], "feedback": {"rating": 5}}),
    ("profiles.profiles", {"user_id": "ada", "facts": {"turns": 2}}),
]


def collected(rows: list[tuple[str, dict[str, Any]]]) -> Collected:
    lines = SpooledTemporaryFile[bytes]()
    lines.writelines(orjson.dumps({"table": table, "row": row}) + b"\n" for table, row in rows)
    return Collected("ada", AT, lines)


@pytest.fixture
def held() -> Iterator[Collected]:
    held = collected(ROWS)
    yield held
    held.close()


async def test_json_is_everything(held: Collected) -> None:
    with await document(held, FORMATS["json"]) as written:
        told = orjson.loads(written.read())
    assert told["user_id"] == "ada"
    assert told["tables"] == {
        "memory.messages": [ROWS[0][1], ROWS[1][1]],
        "profiles.profiles": [ROWS[2][1]],
    }


async def test_csv_has_a_file_for_each_table(held: Collected) -> None:
    with await document(held, FORMATS["csv"]) as written:
        files = _files(written)
    assert sorted(files) == ["memory.messages.csv", "profiles.profiles.csv"]
    assert [row["text"] for row in files["memory.messages.csv"]] == ["我想要红色的包", "<b>bold</b> & = 1"]
    assert files["memory.messages.csv"][1]["feedback"] == '{"rating":5}'


async def test_pdf_can_be_read_in_chinese_and_takes_no_markup(held: Collected) -> None:
    with await document(held, FORMATS["pdf"]) as written:
        text = "".join(page.extract_text() for page in PdfReader(written).pages)
    assert "我想要红色的包" in text
    assert "<b>bold</b> & = 1" in text


async def test_a_long_pdf_says_that_it_is_not_everything() -> None:
    held = collected([("memory.messages", {"text": f"message {number}"}) for number in range(MOST_ROWS + 1)])
    with await document(held, FORMATS["pdf"]) as written:
        pages = [page.extract_text() for page in PdfReader(written).pages]
    assert f"message {MOST_ROWS - 1}" in pages[-1]
    assert f"message {MOST_ROWS}" not in pages[-1]
    assert "JSON and CSV exports are whole" in pages[-1].replace("\n", " ")


@pytest.mark.parametrize("name", list(FORMATS))
async def test_of_somebody_unknown_there_is_an_empty_document(name: Any) -> None:
    with await document(collected([]), FORMATS[name]) as written:
        assert written.read()


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell(text).removeprefix("'").endswith(text.removeprefix("'"))


def _files(written: IO[bytes]) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(written) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
        }
