"""Which rows of a record are asked for, read from the query of a request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import GenericAlias
from typing import Any, Final, Literal, cast

from pydantic import TypeAdapter, ValidationError

from shared.runtime.http.cursors import Cursors
from shared.runtime.http.problems import Problem
from shared.runtime.records.bodies import misplaced
from shared.runtime.records.declaration import Operator, Record

MOST: Final = 1000
_USUAL: Final = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What a field has to be; for `in`, one of a list."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Order:
    """The field a list is ordered by, and then by the key, both in this direction."""

    field: str
    descending: bool

    @property
    def name(self) -> str:
        """As a request says it: `-placed_at`."""
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that pass all filters, in order; `after` is the value and the key of the last row before them."""

    order: Order
    filters: tuple[Filter, ...] = ()
    limit: int = _USUAL
    after: tuple[Any, Any] | None = None


class Queries:
    """Reads the query strings of requests for one record. Raises a 422 problem that says what there is."""

    def __init__(self, record: Record[Any]) -> None:
        self._record = record
        self._types = {name: TypeAdapter(record.type_of(name)) for name in record.filters}

    def selection(self, query: Iterable[tuple[str, str]]) -> Selection:
        """`limit`, `cursor`, `order`, and filters: `status=open`, `total.gte=5`, `sku.in=a&sku.in=b`."""
        given = list(query)
        own = {name: text for name, text in given if name in {"limit", "cursor", "order"}}
        order = self._order(own.get("order"))
        return Selection(
            order=order,
            filters=self.filters((name, text) for name, text in given if name not in own),
            limit=_limit(own.get("limit")),
            after=self._after(order, own.get("cursor")),
        )

    def filters(self, query: Iterable[tuple[str, str]]) -> tuple[Filter, ...]:
        """What the fields have to be."""
        texts: dict[tuple[str, Operator], list[str]] = {}
        for name, text in query:
            texts.setdefault(self._filter(name), []).append(text)
        return tuple(self._value(field, operator, given) for (field, operator), given in texts.items())

    def cursor(self, order: Order, last: Any) -> str | None:
        """What leads to the rows after `last`."""
        key = getattr(last, self._record.key)
        return self._cursors(order).encode((order.name, getattr(last, order.field), key))

    def _order(self, text: str | None) -> Order:
        record = self._record
        if text is None:
            return Order(record.orders[0], descending=True)
        field = text.removeprefix("-")
        if field not in record.orders:
            allowed = ", ".join(record.orders)
            raise Problem(422, "unknown_order", f"Order {record.name} by {allowed}; - before descends.", param="order")
        return Order(field, descending=text.startswith("-"))

    def _filter(self, name: str) -> tuple[str, Operator]:
        field, _, operator = name.partition(".")
        allowed = self._record.filters.get(field, frozenset())
        if (operator or "eq") not in allowed:
            detail = f"Filter {self._record.name} by {', '.join(_names(self._record))}."
            raise Problem(422, "unknown_filter", detail, param="query")
        return field, cast(Operator, operator or "eq")

    def _value(self, field: str, operator: Operator, texts: Sequence[str]) -> Filter:
        if operator != "in" and len(texts) > 1:
            raise Problem(422, "repeated_filter", "Only `in` may be given more than once.", param=f"query.{field}")
        try:
            values = [self._types[field].validate_strings(text) for text in texts]
        except ValidationError as error:
            raise misplaced(error, ("query", field)) from None
        return Filter(field, operator, values if operator == "in" else values[0])

    def _after(self, order: Order, cursor: str | None) -> tuple[Any, Any] | None:
        place = self._cursors(order).decode(cursor)
        return None if place is None else place[1:]

    def _cursors(self, order: Order) -> Cursors[Any]:
        # A cursor is of the order it was made in: followed in another, it would skip rows.
        key = self._record.type_of(self._record.key)
        shape: Any = GenericAlias(tuple, (Literal[order.name], self._record.type_of(order.field), key))
        return Cursors(shape)


def _limit(text: str | None) -> int:
    if text is None:
        return _USUAL
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise Problem(422, "invalid_request", f"limit: a number from 1 to {MOST}", param="query.limit")
    return int(text)


def _names(record: Record[Any]) -> list[str]:
    operators = ("eq", "gte", "lte", "in")
    return [
        name if operator == "eq" else f"{name}.{operator}"
        for name, allowed in record.filters.items()
        for operator in operators
        if operator in allowed
    ]
