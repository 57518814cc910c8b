"""Reads what requests say about rows of a record. Raises 422 problems that name the place and what may be there."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from shared.runtime.http.problems import Problem, invalid
from shared.runtime.records.declaration import Record

Given = dict[str, JsonValue]
Place = tuple[str | int, ...]

_BODY: Final[Place] = ("body",)
_ITEMS: Final[Place] = ("body", "items")


class Bodies:
    """What may be said about the rows of one record."""

    def __init__(self, record: Record[Any]) -> None:
        self._record = record
        self._key = TypeAdapter[Any](record.type_of(record.key))
        self._new = record.creation()
        self._change = record.change()
        self._keyed_change = record.keyed_change()

    def key(self, text: str) -> Any:
        """The key in a path; what cannot be one is unknown like any other."""
        try:
            return self._key.validate_strings(text)
        except ValidationError:
            raise unknown(self._record) from None

    def new(self, given: Given, place: Place = _BODY) -> Given:
        """A new row, with a key."""
        key, new_key = self._record.key, self._record.new_key
        item = self._checked(self._new, given, place).model_dump(mode="json")
        return item | {key: str(new_key())} if item[key] is None and new_key is not None else item

    def many_new(self, given: Sequence[Given]) -> list[Given]:
        """New rows, each with a key of its own."""
        return self._distinct([self.new(each, (*_ITEMS, place)) for place, each in enumerate(given)])

    def change(self, key: Any, given: Given) -> Given:
        """What is to change of one row."""
        return self._changed(self._change, given, _BODY) | {self._record.key: str(key)}

    def many_changes(self, given: Sequence[Given]) -> list[Given]:
        """What is to change, each with the key of another row."""
        return self._distinct(
            [self._changed(self._keyed_change, each, (*_ITEMS, place)) for place, each in enumerate(given)]
        )

    def _changed(self, model: type[BaseModel], given: Given, place: Place) -> Given:
        return self._checked(model, given, place).model_dump(mode="json", exclude_unset=True)

    def _checked(self, model: type[BaseModel], given: Given, place: Place) -> BaseModel:
        if not set(given) <= set(model.model_fields):
            where, fields = ".".join(map(str, place)), ", ".join(model.model_fields)
            raise Problem(422, "unknown_field", f"{where}: may have the fields {fields}", param=where)
        try:
            return model.model_validate(given)
        except ValidationError as error:
            raise misplaced(error, place) from None

    def _distinct(self, items: list[Given]) -> list[Given]:
        if len({item[self._record.key] for item in items}) < len(items):
            raise Problem(422, "repeated_key", f"Name every {self._record.key} once.", param="body.items")
        return items


def misplaced(error: ValidationError, place: Place) -> Problem:
    """The problem of a value that was found at this place of a request."""
    return invalid(RequestValidationError([each | {"loc": (*place, *each["loc"])} for each in error.errors()]))


def unknown(record: Record[Any]) -> Problem:
    """There is no row with this key."""
    return Problem(404, "unknown_record", f"There is no such row in {record.name}.")
