"""The insights pack in a conversation, over the figures of its own CSV file as if it were loaded at `NOON`."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from shared.domains import insights as pack
from shared.domains.insights.figures import Coverage, Days, Grouping, Slice, Totals
from shared.domains.insights.loading import Row, read_metrics
from tests.support.talk import NOON, Talk

FILE: Final = Path(pack.__file__).parent / "data" / "metrics.csv"
ROWS: Final = read_metrics(FILE, NOON.date())[0]
_KEYS: Final[dict[str, Callable[[Row], str | date]]] = {
    "market": lambda row: row[1],
    "channel": lambda row: row[2],
    "month": lambda row: row[0].replace(day=1),
    "week": lambda row: row[0] - timedelta(days=row[0].weekday()),
}


class FiguresInMemory:
    """The tools over rows in memory."""

    async def totals(self, part: Slice) -> Totals:
        return _added([row for row in ROWS if _within(part, row)])

    async def grouped(self, part: Slice, grouping: Grouping) -> tuple[Totals, ...]:
        groups: dict[str | date, list[Row]] = {}
        for row in ROWS:
            if _within(part, row):
                groups.setdefault(_KEYS[grouping.by](row), []).append(row)
        totals = [_added(rows, key) for key, rows in sorted(groups.items())]
        if grouping.order is not None:
            order, sign = grouping.order, 1 if grouping.ascending else -1
            totals.sort(key=lambda each: sign * (each.value(order) or 0))
        return tuple(totals[: grouping.limit])

    async def coverage(self) -> Coverage:
        days = [row[0] for row in ROWS]
        return Coverage(
            Days(first=min(days), last=max(days)),
            tuple(sorted({row[1] for row in ROWS})),
            tuple(sorted({row[2] for row in ROWS})),
        )


def talk() -> Talk:
    """A new session."""
    return Talk(pack.DOMAIN, FiguresInMemory())


def _within(part: Slice, row: Row) -> bool:
    return (
        part.days.first <= row[0] <= part.days.last
        and (not part.markets or row[1] in part.markets)
        and (not part.channels or row[2] in part.channels)
    )


def _added(rows: list[Row], key: str | date | None = None) -> Totals:
    columns = ([row[3] for row in rows], [row[4] for row in rows], [row[5] for row in rows], [row[6] for row in rows])
    sends, opens, clicks, conversions = map(sum, columns)
    return Totals(sends, opens, clicks, conversions, key)
