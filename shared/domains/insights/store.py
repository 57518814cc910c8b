"""All SQL of the insights pack. Statements are put together from the fragments here, values are always parameters."""

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg

from shared.domains.insights.figures import COUNTS, RATES, Coverage, Days, Dimension, Grouping, Metric, Slice, Totals
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

_KEYS: Final[Mapping[Dimension, str]] = {
    "market": "market",
    "channel": "channel",
    "month": "date_trunc('month', day)::date",
    "week": "date_trunc('week', day)::date",
}
_SUMS: Final = ", ".join(f"coalesce(sum({count}), 0)::bigint as {count}" for count in COUNTS)
_ORDERS: Final[Mapping[Metric, str]] = {
    **{count: f"sum({count})" for count in COUNTS},
    **{rate: f"sum({part})::float8 / nullif(sum({whole}), 0)" for rate, (part, whole) in RATES.items()},
}
_WHERE: Final = """
    where day between $1 and $2
      and (cardinality($3::text[]) = 0 or market = any($3))
      and (cardinality($4::text[]) = 0 or channel = any($4))
"""
_REPLACE: Final = """
    insert into pack_insights.metrics (tenant_id, day, market, channel, sends, opens, clicks, conversions)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (tenant_id, day, market, channel) do update set (sends, opens, clicks, conversions) =
        (excluded.sends, excluded.opens, excluded.clicks, excluded.conversions)
"""


class Metrics:
    """The campaign figures of one tenant."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def totals(self, part: Slice) -> Totals:
        """The figures of a part, added up."""
        statement = f"select {_SUMS} from pack_insights.metrics {_WHERE}"  # noqa: S608 - fragments of this file
        async with self._database.tenant(self._tenant_id) as connection:
            row = await connection.fetchrow(statement, *_parameters(part))
        return _totals(row) if row else Totals(0, 0, 0, 0)

    async def grouped(self, part: Slice, grouping: Grouping) -> tuple[Totals, ...]:
        """The figures of a part, for each value of a dimension."""
        key = _KEYS[grouping.by]
        direction = "asc" if grouping.ascending else "desc"
        order = f"{_ORDERS[grouping.order]} {direction} nulls last, key" if grouping.order else "key"
        statement = (
            f"select {key} as key, {_SUMS} from pack_insights.metrics {_WHERE} "  # noqa: S608 - fragments of this file
            f"group by key order by {order} limit $5"
        )
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(statement, *_parameters(part), grouping.limit)
        return tuple(_totals(row, keyed=True) for row in rows)

    async def coverage(self) -> Coverage:
        """What there are figures of."""
        async with self._database.tenant(self._tenant_id) as connection:
            row = await connection.fetchrow("""
                select min(day) as first, max(day) as last, array_agg(distinct market) as markets,
                    array_agg(distinct channel) as channels
                from pack_insights.metrics
            """)
        if row is None or row["first"] is None:
            return Coverage(None, (), ())
        return Coverage(
            Days(first=row["first"], last=row["last"]), tuple(sorted(row["markets"])), tuple(sorted(row["channels"]))
        )

    async def replace(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Write rows of (day, market, channel, sends, opens, clicks, conversions), in place of those they repeat."""
        async with self._database.transaction(self._tenant_id) as connection:
            await connection.executemany(_REPLACE, [(self._tenant_id, *row) for row in rows])


def _parameters(part: Slice) -> tuple[object, ...]:
    return part.days.first, part.days.last, list(part.markets), list(part.channels)


def _totals(row: asyncpg.Record, *, keyed: bool = False) -> Totals:
    key = row["key"] if keyed else None
    return Totals(row["sends"], row["opens"], row["clicks"], row["conversions"], key)
