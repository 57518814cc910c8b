"""What a model may look up among the figures: typed questions, never a statement of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.domains.base import Ability
from shared.domains.insights.figures import METRICS, Days, Dimension, Grouping, Metric, Slice, Totals
from shared.domains.insights.tools import InsightsTools
from shared.domains.insights.words import NAMES, key_name, said

_MOST: Final = 24

Market = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class FiguresWanted(BaseModel):
    """Which figures; markets and channels that are left out mean all of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date = Field(description="The first day.")
    last: date = Field(description="The last day, included.")
    metrics: list[Metric] = Field(default=list(METRICS), min_length=1, max_length=len(METRICS))
    markets: list[Market] = Field(default=[], max_length=50)
    channels: list[Literal["email", "sms", "push"]] = Field(default=[], max_length=3)
    by: Dimension | None = Field(default=None, description="One row for each of these; left out: one for all.")


class CoverageWanted(BaseModel):
    """There is nothing to choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")


async def find_figures(tools: InsightsTools, wanted: FiguresWanted) -> JsonValue:
    """The figures as they are said."""
    days = Days(first=wanted.first, last=wanted.last)
    part = Slice(days=days, markets=tuple(wanted.markets), channels=tuple(wanted.channels))
    if wanted.by is None:
        total = await tools.totals(part)
        return _row(total, wanted, "all") if total.sends else []
    rows = await tools.grouped(part, Grouping(wanted.by, limit=_MOST))
    return [_row(row, wanted, key_name(wanted.by, row.key)) for row in rows]


async def find_coverage(tools: InsightsTools, _: CoverageWanted) -> JsonValue:
    """What there are figures of."""
    coverage = await tools.coverage()
    if coverage.days is None:
        return []
    return {
        "first": coverage.days.first.isoformat(),
        "last": coverage.days.last.isoformat(),
        "markets": list(coverage.markets),
        "channels": list(coverage.channels),
    }


def _row(totals: Totals, wanted: FiguresWanted, name: str) -> dict[str, JsonValue]:
    return {"of": name, **{NAMES[metric]: said(metric, totals.value(metric)) for metric in wanted.metrics}}


ABILITIES: Final[Mapping[str, Ability[InsightsTools]]] = {
    "find_figures": Ability(
        "Campaign figures of some days, by market, channel, month or week.",
        "Reading the figures",
        FiguresWanted,
        find_figures,
    ),
    "find_coverage": Ability(
        "Which days, markets and channels there are figures of.", "Reading the figures", CoverageWanted, find_coverage
    ),
}
