"""What the stores hold of people, declared table by table: access, export and erasure all run from these lists.

Every table and column of every schema is declared, those that name nobody with the reason; a test compares the
declarations with the tables of a migrated database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table whose rows belong to rows of another one: its column `of` holds that table's `key`."""

    table: str
    of: str
    columns: tuple[str, ...]
    derived: bool = False
    """Made from what others export, so it is erased and not exported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A table whose rows name their person. They go with their parts, `key` by `key`; erasure deletes."""

    table: str
    columns: tuple[str, ...]
    key: str
    """The column that rows are deleted by, many at once; with parts, it is unique."""
    person: str = "user_id"
    """The column that names the person."""
    since: str | None = None
    """When a row began: what began after an erasure is of a person who came back. None: rows have no time."""
    only: str | None = None
    """A condition on the rows that are meant, where others of the table belong to another holding."""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A column that may name a person in rows that are about somebody else. Erasure empties it."""

    table: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A table that erasure leaves alone, and why that is right."""

    table: str
    columns: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A kind of Redis key: `{...}` stands for an id."""

    pattern: str
    holds: str
    kept: str | None = None
    """Why erasure leaves it alone; None: it is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All that one service, or one pack, keeps."""

    holdings: tuple[Holding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    kept: tuple[Kept, ...] = ()
    keys: tuple[Key, ...] = ()

    def columns(self) -> Mapping[str, frozenset[str]]:
        """What is declared of each table."""
        parts = (part for holding in self.holdings for part in holding.parts)
        tables: Iterable[Holding | Part | Kept] = (*self.holdings, *parts, *self.kept)
        return {each.table: frozenset(each.columns) for each in tables}


NOTHING = Registry()


def merged(*registries: Registry) -> Registry:
    """All of these as one."""
    return Registry(
        holdings=tuple(chain.from_iterable(each.holdings for each in registries)),
        mentions=tuple(chain.from_iterable(each.mentions for each in registries)),
        kept=tuple(chain.from_iterable(each.kept for each in registries)),
        keys=tuple(chain.from_iterable(each.keys for each in registries)),
    )


def columns(names: str) -> tuple[str, ...]:
    """Names separated by blanks."""
    return tuple(names.split())


def erasures_of(schema: str) -> Kept:
    """The table of a schema's erasures, which every schema with holdings has."""
    return Kept(
        table=f"{schema}.erasures",
        columns=columns("tenant_id subject erasure_id erased_at removed completed_at"),
        because="Proof of what was erased: names the person only to whoever has PARLEY_ERASURE_KEY.",
    )
