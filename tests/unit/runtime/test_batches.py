"""Tenants stay apart, and what cannot be stored fails alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest

from shared.errors import Reject, Unavailable
from shared.events.ids import TenantId
from shared.runtime.batches import tenant_by_tenant, written

HERE, THERE = TenantId(UUID(int=1)), TenantId(UUID(int=2))


@dataclass(frozen=True)
class Row:
    tenant_id: TenantId
    text: str


@dataclass
class Table:
    """Refuses a batch as a whole for any row in `errors`."""

    errors: dict[str, Exception]
    batches: list[tuple[TenantId, list[str]]] = field(default_factory=list)

    async def write(self, tenant_id: TenantId, rows: Sequence[Row]) -> list[str]:
        self.batches.append((tenant_id, [row.text for row in rows]))
        for row in rows:
            if row.text in self.errors:
                raise self.errors[row.text]
        return [row.text.upper() for row in rows]


async def flushed(table: Table, *rows: Row) -> list[str | Exception]:
    return await tenant_by_tenant(table.write)(rows)


async def test_each_tenant_is_written_by_itself_and_results_keep_their_order() -> None:
    table = Table({})

    assert await flushed(table, Row(HERE, "a"), Row(THERE, "b"), Row(HERE, "c")) == ["A", "B", "C"]
    assert table.batches == [(HERE, ["a", "c"]), (THERE, ["b"])]


async def test_bad_row_fails_alone_and_is_rejected_without_its_words() -> None:
    table = Table({"bad": asyncpg.DataError("the words of bad")})

    first, refused, last = await flushed(table, Row(HERE, "a"), Row(HERE, "bad"), Row(HERE, "c"))

    assert (first, last) == ("A", "C")
    assert isinstance(refused, Reject)
    assert "words" not in str(refused)


async def test_unexpected_failure_of_one_row_is_its_own() -> None:
    table = Table({"bad": ZeroDivisionError()})

    results = await flushed(table, Row(HERE, "a"), Row(HERE, "bad"))

    assert results[0] == "A"
    assert isinstance(results[1], ZeroDivisionError)


async def test_server_that_is_down_is_asked_once_and_hurts_one_tenant_only() -> None:
    table = Table({"down": Unavailable("down")})

    results = await flushed(table, Row(HERE, "down"), Row(HERE, "b"), Row(THERE, "c"))

    assert [isinstance(result, Unavailable) for result in results] == [True, True, False]
    assert len(table.batches) == 2


async def test_written_together_results_keep_their_order() -> None:
    table = Table({})

    assert await written(table.write, [Row(HERE, "a"), Row(THERE, "b"), Row(HERE, "c")]) == ["A", "B", "C"]
    assert table.batches == [(HERE, ["a", "c"]), (THERE, ["b"])]


async def test_what_cannot_be_written_together_fails_as_a_whole_without_its_words() -> None:
    with pytest.raises(Reject) as refused:
        await written(Table({"bad": asyncpg.DataError("the words of bad")}).write, [Row(HERE, "a"), Row(HERE, "bad")])

    assert "words" not in str(refused.value)
