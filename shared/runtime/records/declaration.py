"""What a record is: a model of its rows, the table or view they lie in, and what may be asked and changed."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from types import NoneType
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.fields import FieldInfo

Operator = Literal["eq", "gte", "lte", "in"]

EQUAL: Final[frozenset[Operator]] = frozenset({"eq", "in"})
RANGE: Final[frozenset[Operator]] = frozenset({"eq", "gte", "lte", "in"})

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Generic[ModelT]):
    """One kind of row. Fields of `model` are columns of `table`, which has a `tenant_id` beside them.

    All names become part of statements, so they come from code and never from a request.
    """

    name: str
    """In paths, in the plural: `delivery_orders`."""
    table: str
    """A table or an updatable view, with its schema; at most one row a tenant and key."""
    model: type[ModelT]
    key: str
    """The field that names a row."""
    new_key: Callable[[], object] | None = None
    """Makes the key of a row that is created without one; without it the key has to be given."""
    writable: frozenset[str]
    """Fields that may be given at creation and changed later."""
    initial: frozenset[str] = frozenset()
    """Fields that may be given at creation only."""
    heavy: frozenset[str] = frozenset()
    """Fields that only the read of one row shows; in lists they have their default."""
    filters: Mapping[str, frozenset[Operator]] = field(default_factory=dict)
    orders: tuple[str, ...]
    """Fields that lists may be ordered by, never null; the first one, descending, unless a request says otherwise."""

    def __post_init__(self) -> None:
        fields = self.model.model_fields
        unknown = {self.key, *self.writable, *self.initial, *self.heavy, *self.filters, *self.orders} - set(fields)
        if unknown:
            raise ValueError(f"{self.name}: {self.model.__name__} has no {', '.join(sorted(unknown))}")
        if not self.orders or any(_is_nullable(fields[name]) for name in self.orders):
            raise ValueError(f"{self.name}: lists need fields to be ordered by that are never null")
        if any(fields[name].is_required() for name in self.heavy):
            raise ValueError(f"{self.name}: heavy fields need a default, which lists show")

    @property
    def columns(self) -> tuple[str, ...]:
        """What is read of a row."""
        return tuple(self.model.model_fields)

    @property
    def listed(self) -> tuple[str, ...]:
        """What is read of many rows."""
        return tuple(name for name in self.columns if name not in self.heavy)

    @property
    def given(self) -> tuple[str, ...]:
        """What the creator of a row says of it."""
        return self._fields(self.writable | self.initial | {self.key})

    @property
    def changed(self) -> tuple[str, ...]:
        """What an update may change."""
        return self._fields(self.writable)

    def type_of(self, name: str) -> Any:
        """The type of a field, with its constraints."""
        info = self.model.model_fields[name]
        return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation

    def creation(self) -> type[BaseModel]:
        """What a row is made from; what may be null may be left out."""
        fields = {name: self._for_creation(name) for name in self.given}
        return create_model(f"New{self.model.__name__}", __config__=_CLOSED, **fields)

    def change(self) -> type[BaseModel]:
        """What an update may say; what it leaves out stays as it is."""
        fields = {name: _optional(self.model.model_fields[name]) for name in self.changed}
        return create_model(f"{self.model.__name__}Change", __config__=_CLOSED, **fields)

    def keyed_change(self) -> type[BaseModel]:
        """A change with the key of its row."""
        key: Any = (self.type_of(self.key), ...)
        return create_model(f"Keyed{self.model.__name__}Change", __base__=self.change(), **{self.key: key})

    def _fields(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in self.columns if name in set(names))

    def _for_creation(self, name: str) -> Any:
        info = self.model.model_fields[name]
        may_be_absent = info.is_required() and _is_nullable(info)
        if name == self.key and self.new_key is not None:
            may_be_absent = True
        return _optional(info) if may_be_absent else (info.annotation, info)


_CLOSED: Final = ConfigDict(frozen=True, extra="forbid")


def _optional(info: FieldInfo) -> Any:
    """A field that may be left out. What is left out is never looked at, so its default needs no type."""
    optional = copy(info)
    optional.default, optional.default_factory = None, None
    return info.annotation, optional


def _is_nullable(info: FieldInfo) -> bool:
    return NoneType in get_args(info.annotation)
