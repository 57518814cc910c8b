"""The statements of a record, made of declared names only; the tenant is always $1."""

from typing import Any

from shared.runtime.records.declaration import Record
from shared.runtime.records.selection import Filter, Selection

_COMPARISONS = {"eq": "=", "gte": ">=", "lte": "<="}

# Rows come and go as JSON: Postgres reads it by the columns' own types, so no type is named twice. What is put into the
# statements below are names that a pack or service declares.
# ruff: noqa: S608


def create(record: Record[Any]) -> str:
    """Insert the rows in $2, but for those whose key is taken."""
    given = ", ".join(record.given)
    return f"""
        insert into {record.table} (tenant_id, {given})
        select $1, {given} from jsonb_populate_recordset(null::{record.table}, $2)
        on conflict do nothing
        returning {", ".join(record.listed)}
    """


def read(record: Record[Any]) -> str:
    """The row whose key is $2."""
    columns = ", ".join(record.columns)
    return f"select {columns} from {record.table} where tenant_id = $1 and {record.key} = $2"


def update(record: Record[Any]) -> str:
    """Change rows as the objects in $2 say, each with its key; a field that one lacks keeps its value."""
    changed = ", ".join(record.changed)
    values = ", ".join(f"stated.{name}" for name in record.changed)
    return f"""
        update {record.table} as kept
        set ({changed}) = (select {values} from jsonb_populate_record(kept, given.change) as stated)
        from (
            select change, row.{record.key} as key
            from jsonb_array_elements($2) as change, jsonb_populate_record(null::{record.table}, change) as row
        ) as given
        where kept.tenant_id = $1 and kept.{record.key} = given.key
        returning {", ".join(f"kept.{name}" for name in record.listed)}
    """


def delete(record: Record[Any]) -> str:
    """Remove the row whose key is $2."""
    return f"delete from {record.table} where tenant_id = $1 and {record.key} = $2 returning true"


def exists(record: Record[Any]) -> str:
    """Whether there is a row whose key is $2."""
    return f"select exists (select from {record.table} where tenant_id = $1 and {record.key} = $2)"


def select(record: Record[Any], wanted: Selection) -> tuple[str, list[Any]]:
    """The rows that are wanted, and the arguments after the tenant."""
    where, arguments = conditions(wanted.filters)
    direction = "desc" if wanted.order.descending else "asc"
    field, key = wanted.order.field, record.key
    if wanted.after is not None:
        first = len(arguments) + 2
        where += f" and ({field}, {key}) {'<' if wanted.order.descending else '>'} (${first}, ${first + 1})"
        arguments += wanted.after
    arguments.append(wanted.limit)
    statement = (
        f"select {', '.join(record.listed)} from {record.table} where {where}"
        f" order by {field} {direction}, {key} {direction} limit ${len(arguments) + 1}"
    )
    return statement, arguments


def count(record: Record[Any], filters: tuple[Filter, ...]) -> tuple[str, list[Any]]:
    """How many rows pass the filters, and the arguments after the tenant."""
    where, arguments = conditions(filters)
    return f"select count(*) from {record.table} where {where}", arguments


def conditions(filters: tuple[Filter, ...]) -> tuple[str, list[Any]]:
    """What rows have to be, as SQL with `$2` and so on, and the arguments for these."""
    found = ["tenant_id = $1"]
    for place, each in enumerate(filters, start=2):
        if each.operator == "in":
            found.append(f"{each.field} = any(${place})")
        else:
            found.append(f"{each.field} {_COMPARISONS[each.operator]} ${place}")
    return " and ".join(found), [each.value for each in filters]
