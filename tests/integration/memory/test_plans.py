"""Every query of the order desk takes the index that was made for it, under row-level security as memory runs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest

from services.memory.records.declarations import MESSAGES, SESSIONS, SUMMARIES
from services.memory.store.summary_statements import aggregate
from shared.events.ids import OPEN_TENANT
from shared.runtime.postgres import Database
from shared.runtime.records import Filter, Order, Record, Selection, select
from tests.load.memory.filling import Size, fill
from tests.support.servers import Servers
from tests.support.turns import now

_PLANS = {"enable_seqscan": "off"}


@pytest.fixture(scope="module")
async def stored(servers: Servers) -> None:
    """Enough rows that a plan is worth choosing."""
    await fill(servers.postgres, Size(messages=16_000, users=1_000))


@pytest.fixture
async def database(servers: Servers, stored: None) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("memory"), name="test", server_settings=_PLANS)
    yield database
    await database.close()


async def scans(database: Database, statement: str, arguments: list[Any]) -> list[tuple[str, str]]:
    """Each scan of the plan: the index and what is looked up in it."""
    async with database.tenant(OPEN_TENANT) as connection:
        plan = await connection.fetchval(f"explain (format json) {statement}", OPEN_TENANT, *arguments)
    return list(_scans(orjson.loads(plan)[0]["Plan"]))


def _scans(node: dict[str, Any]) -> Any:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"], "everything"
    elif "Index Name" in node:
        yield node["Index Name"], node.get("Index Cond", "")
    for each in node.get("Plans", ()):
        yield from _scans(each)


@pytest.mark.parametrize(
    ("record", "order", "filters", "index", "looked_up"),
    [
        (MESSAGES, "timestamp", (Filter("user_id", "eq", "ada"),), "user_id", "(user_id = 'ada'::text)"),
        (
            MESSAGES,
            "timestamp",
            (Filter("intent", "eq", "order"), Filter("confidence", "gte", 0.8)),
            "intent",
            "(intent = 'order'::text)",
        ),
        (
            MESSAGES,
            "turn_no",
            (Filter("session_id", "eq", uuid4()), Filter("role", "eq", "user")),
            "pkey",
            "session_id =",
        ),
        (
            SESSIONS,
            "start_time",
            (Filter("user_id", "eq", "ada"), Filter("start_time", "gte", now() - timedelta(days=30))),
            "sessions_of_user",
            "(user_id = 'ada'::text)",
        ),
        (SUMMARIES, "total_conversations", (), "summaries_by_conversations", "tenant_id ="),
    ],
)
async def test_a_list_looks_its_rows_up(
    database: Database, record: Record[Any], order: str, filters: tuple[Filter, ...], index: str, looked_up: str
) -> None:
    statement, arguments = select(record, Selection(Order(order, descending=True), filters, limit=50))

    found = await scans(database, statement, arguments)

    assert found
    assert all(index in name and looked_up in condition for name, condition in found), found


async def test_an_aggregation_looks_its_users_up(database: Database) -> None:
    statement, arguments = aggregate((Filter("user_id", "in", [f"user-{number}" for number in range(100)]),))

    assert [
        (name, "user_id = ANY" in condition) for name, condition in await scans(database, statement, arguments)
    ] == [("user_interaction_summaries_pkey", True)]
