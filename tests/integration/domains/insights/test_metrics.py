"""Figures on a real Postgres; the fake of the unit tests must find the same."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shared.domains.base import Scope
from shared.domains.insights.figures import METRICS, Coverage, Days, Grouping, Slice, Totals
from shared.domains.insights.loading import load_metrics
from shared.domains.insights.store import Metrics
from shared.domains.insights.tools import InsightsTools
from shared.events.ids import TenantId
from shared.runtime.postgres import Database
from shared.runtime.process import utc_now
from tests.support.insights import FILE, ROWS, FiguresInMemory

YEAR = Days(first=date(2025, 11, 1), last=date(2026, 10, 31))
OCTOBER = Days(first=date(2026, 10, 1), last=date(2026, 10, 31))


@pytest.fixture
async def tools(database: Database, tenant_id: TenantId) -> InsightsTools:
    await Metrics(database, tenant_id).replace(ROWS)
    return InsightsTools(database, Scope(tenant_id, "asha"))


@pytest.mark.parametrize(
    "part",
    [
        Slice(days=YEAR),
        Slice(days=OCTOBER, markets=("ES",)),
        Slice(days=OCTOBER, markets=("ES", "DE"), channels=("email", "push")),
        Slice(days=OCTOBER, markets=("'; drop table pack_insights.metrics; --",)),
    ],
)
async def test_the_fake_adds_up_and_groups_as_postgres_does(tools: InsightsTools, part: Slice) -> None:
    fake = FiguresInMemory()

    assert await tools.totals(part) == await fake.totals(part)
    for by in ("market", "channel", "month", "week"):
        assert await tools.grouped(part, Grouping(by)) == await fake.grouped(part, Grouping(by))
    for metric in METRICS:
        best = Grouping("market", order=metric, limit=2)
        worst = Grouping("channel", order=metric, ascending=True)
        assert await tools.grouped(part, best) == await fake.grouped(part, best)
        assert await tools.grouped(part, worst) == await fake.grouped(part, worst)


async def test_coverage_is_what_was_loaded(tools: InsightsTools) -> None:
    assert await tools.coverage() == await FiguresInMemory().coverage()


async def test_another_tenant_sees_nothing(tools: InsightsTools, database: Database) -> None:
    other = InsightsTools(database, Scope(TenantId(uuid4()), "asha"))

    assert await other.coverage() == Coverage(None, (), ())
    assert await other.totals(Slice(days=YEAR)) == Totals(0, 0, 0, 0)


async def test_the_click_rate_of_the_month_before_loading_is_two_and_a_half_percent(
    database: Database, tenant_id: TenantId
) -> None:
    seeded = await load_metrics(database, tenant_id, FILE)
    again = await load_metrics(database, tenant_id, FILE)

    last = utc_now().date().replace(day=1) - timedelta(days=1)
    month = Slice(days=Days(first=last.replace(day=1), last=last))
    totals = await InsightsTools(database, Scope(tenant_id, "asha")).totals(month)
    assert (seeded.loaded, seeded.rejected) == (again.loaded, ()) == (len(ROWS), ())
    assert totals.value("click_rate") == 2.5
