"""What may be declared as a record, and what its models ask for."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.runtime.records import EQUAL, Filter, Order, Record, Selection, select


class Box(BaseModel):
    id: int
    name: Annotated[str, Field(max_length=5)]
    weight: float | None
    colour: str = "brown"


def boxes(**changes: Any) -> Record[Box]:
    usual: dict[str, Any] = {
        "name": "boxes",
        "table": "shed.boxes",
        "model": Box,
        "key": "id",
        "writable": frozenset({"name", "weight"}),
        "initial": frozenset({"colour"}),
        "orders": ("id",),
    }
    return Record(**usual | changes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "sku"},
        {"writable": frozenset({"price"})},
        {"filters": {"id; drop table": EQUAL}},
        {"orders": ("weight",)},
        {"orders": ()},
        {"heavy": frozenset({"name"})},
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="boxes: "):
        boxes(**wrong)


def test_a_new_row_needs_what_cannot_be_null_and_has_no_default() -> None:
    made = boxes().creation().model_validate({"id": 1, "name": "blue"})

    assert made.model_dump() == {"id": 1, "name": "blue", "weight": None, "colour": "brown"}
    for wrong in ({"id": 1}, {"name": "blue"}, {"id": 1, "name": "longer"}, {"id": 1, "name": "blue", "size": 2}):
        with pytest.raises(ValidationError):
            boxes().creation().model_validate(wrong)


def test_a_key_that_is_made_may_be_left_out() -> None:
    assert boxes(new_key=lambda: 7).creation().model_validate({"name": "blue"}).model_dump()["id"] is None


@pytest.mark.parametrize("model", [Record.change, Record.keyed_change])
def test_a_change_says_only_what_it_was_given(model: Callable[[Record[Box]], type[BaseModel]]) -> None:
    given = {"weight": None} | ({"id": 1} if model is Record.keyed_change else {})
    change = model(boxes()).model_validate(given)

    assert change.model_dump(exclude_unset=True) == given
    for wrong in (given | {"colour": "red"}, given | {"name": None}):
        with pytest.raises(ValidationError):
            model(boxes()).model_validate(wrong)


def test_statements_hold_declared_names_and_arguments_hold_values() -> None:
    wanted = Selection(Order("id", descending=True), (Filter("name", "in", ["'; --"]),), limit=3, after=(9, 9))

    statement, arguments = select(boxes(heavy=frozenset({"colour"})), wanted)

    assert statement == (
        "select id, name, weight from shed.boxes where tenant_id = $1 and name = any($2) and (id, id) < ($3, $4)"
        " order by id desc, id desc limit $5"
    )
    assert arguments == [["'; --"], 9, 9, 3]
