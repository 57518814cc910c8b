"""Loads figures from a CSV file. A row that is wrong is named with its line and the reason; the others load.

Columns: date, market, channel, sends, opens, clicks, conversions. A date is a day such as 2026-03-05, or counts from
the month of loading: `m-1 d05` is the 5th of the month before.
"""

import re
from datetime import date
from pathlib import Path
from typing import Final

from shared.domains.base import Rejected, Seeded
from shared.domains.insights.figures import COUNTS
from shared.domains.insights.store import Metrics
from shared.domains.rows import Columns, Fields, by_line, read_rows, unique
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from shared.runtime.process import utc_now

COLUMNS: Final = ("date", "market", "channel", *COUNTS)
_RELATIVE: Final = re.compile(r"m-(?P<months>\d{1,3}) d(?P<day>\d{2})")

Row = tuple[date, str, str, int, int, int, int]


async def load_metrics(database: Database, tenant_id: TenantId, file: Path) -> Seeded:
    """Load the file for one tenant. Rows of a day, market and channel that are there already replace them."""
    good, rejected = read_metrics(file, utc_now().date())
    await Metrics(database, tenant_id).replace(good)
    return Seeded(loaded=len(good), rejected=rejected)


def read_metrics(file: Path, today: date) -> tuple[tuple[Row, ...], tuple[Rejected, ...]]:
    """The rows of a file, and those that are none."""
    rows, rejected = read_rows(file, Columns(COLUMNS), lambda fields: _row(fields, today))
    good = unique(
        rows, rejected, lambda row: row[:3], lambda _: "its date, market and channel are those of an earlier row"
    )
    return good, by_line(rejected)


def _row(texts: Fields, today: date) -> Row:
    sends, opens, clicks, conversions = (_count(name, texts[name]) for name in COUNTS)
    if opens > sends or clicks > sends or conversions > clicks:
        raise ValueError("opens and clicks must not exceed sends, nor conversions clicks")
    return _day(texts["date"], today), texts["market"], texts["channel"], sends, opens, clicks, conversions


def _count(name: str, text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{name} {text!r} must be a whole number")
    return int(text)


def _day(text: str, today: date) -> date:
    relative = _RELATIVE.fullmatch(text)
    try:
        if relative is None:
            return date.fromisoformat(text)
        year, month = divmod(today.year * 12 + today.month - 1 - int(relative["months"]), 12)
        return date(year, month + 1, int(relative["day"]))
    except ValueError:
        raise ValueError(f"date {text!r} must be a day like 2026-03-05 or like 'm-1 d05'") from None
