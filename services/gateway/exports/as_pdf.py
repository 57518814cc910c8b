"""An export as a PDF to read, in any language that has a font here: Latin scripts and Chinese."""

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any
from xml.sax.saxutils import escape

import orjson
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from services.gateway.exports.collecting import Collected, Row

MOST_ROWS = 2_000
"""Rows of one document: setting type takes about a millisecond a row, and nobody reads more."""
_MARGIN = 42
_FONT = "STSong-Light"

registerFont(UnicodeCIDFont(_FONT))
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=8, leading=11, wordWrap="CJK", spaceAfter=4)
_HEADING = ParagraphStyle("heading", parent=_TEXT, fontSize=11, leading=15, spaceBefore=10)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontSize=16, leading=22)


def write_pdf(collected: Collected, out: IO[bytes]) -> None:
    """Write the person's data, table by table, at most `MOST_ROWS` rows of it."""
    pages = SimpleDocTemplate(
        out, pagesize=A4, title="Personal data", leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN
    )
    pages.build(list(_story(collected)))


def _story(collected: Collected) -> Iterator[Flowable]:
    yield Paragraph(f"Personal data of {_safe(collected.user_id)}", _TITLE)
    yield Paragraph(f"As of {collected.at:%Y-%m-%d %H:%M:%S} UTC.", _TEXT)
    left = MOST_ROWS
    for table, rows in collected.tables():
        yield Paragraph(_safe(table), _HEADING)
        for row in islice(rows, left):
            left -= 1
            yield Paragraph(_told(row), _TEXT)
        if next(rows, None) is not None:
            yield Paragraph("There is more than this document has room for: the JSON and CSV exports are whole.", _TEXT)
            return
    yield Spacer(1, _MARGIN)


def _told(row: Row) -> str:
    return "<br/>".join(f"{_safe(name)}: {_safe(_text(value))}" for name, value in row.items() if value is not None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _safe(text: str) -> str:
    """Text without markup, and without what no page can show."""
    return escape("".join(each if each.isprintable() else " " for each in text))
