"""SQL made from a registry: its names come from code, never from a request. $1 is the tenant, $2 the person."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.privacy.registry import Holding, Mention, Part, Registry

BEGIN = """
insert into {schema}.erasures as erasure (tenant_id, subject, erasure_id, erased_at) values ($1, $2, $3, $4)
on conflict (tenant_id, subject, erasure_id) do update
set erased_at = greatest(erasure.erased_at, excluded.erased_at)
returning erasure_id, erased_at, removed, completed_at
"""

COUNT = """
update {schema}.erasures set removed = removed || (
    select jsonb_object_agg(each.key, coalesce((removed ->> each.key)::bigint, 0) + each.value::bigint)
    from jsonb_each_text($4::jsonb) as each
)
where tenant_id = $1 and subject = $2 and erasure_id = $3
"""

COMPLETE = """
update {schema}.erasures set completed_at = coalesce(completed_at, $4)
where tenant_id = $1 and subject = $2 and erasure_id = $3
returning erasure_id, erased_at, removed, completed_at
"""

FIND = """
select erasure_id, erased_at, removed, completed_at from {schema}.erasures
where tenant_id = $1 and subject = $2 and erasure_id = $3
"""

# A transaction that began before an erasure was committed may not have seen it.
OTHERS = """
select pid, xact_start from pg_stat_activity
where datname = current_database() and usename = current_user and xact_start is not null and pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Removal:
    """How the rows of one holding go: lock some, delete their parts, delete them. $3 is the time or the keys."""

    holding: Holding

    @property
    def lock(self) -> str:
        """Some keys of the person's rows that began by $3, locked so that nothing is added to them any more."""
        holding = self.holding
        until = f" and {holding.since} <= $3" if holding.since else " and $3::timestamptz is not null"
        return (
            f"select {holding.key} as key from {holding.table} where {_mine(holding)}{until}"  # noqa: S608 - see above
            f" order by {holding.key} limit $4 for update"
        )

    @property
    def parts(self) -> Iterator[tuple[str, str]]:
        """A table, and how the parts of the keys $2 are deleted from it."""
        for part in self.holding.parts:
            yield part.table, f"delete from {part.table} where tenant_id = $1 and {part.of} = any($2)"  # noqa: S608

    @property
    def rows(self) -> str:
        """Deletes the person's rows of the keys $3."""
        holding = self.holding
        return f"delete from {holding.table} where {_mine(holding)} and {holding.key} = any($3)"  # noqa: S608


def unnamed(mention: Mention) -> str:
    """Empties a column wherever it names the person."""
    table, column = mention.table, mention.column
    return f"update {table} set {column} = null where tenant_id = $1 and {column} = $2"  # noqa: S608


def exports(registry: Registry) -> Iterator[tuple[str, str]]:
    """Each table that a person's export reads, and how; in the order of the declarations."""
    for holding in registry.holdings:
        yield holding.table, f"select {_list(holding)} from {holding.table} where {_mine(holding)}"  # noqa: S608
        for part in holding.parts:
            if not part.derived:
                yield part.table, _select_part(holding, part)


def _select_part(holding: Holding, part: Part) -> str:
    whole = f"select {holding.key} from {holding.table} where {_mine(holding)}"  # noqa: S608
    return f"select {_list(part)} from {part.table} where tenant_id = $1 and {part.of} in ({whole})"  # noqa: S608


def _list(table: Holding | Part) -> str:
    return ", ".join(table.columns)


def _mine(holding: Holding) -> str:
    only = f" and ({holding.only})" if holding.only else ""
    return f"tenant_id = $1 and {holding.person} = $2{only}"
