"""The check for additive change is worth something only if it sees every kind of break."""

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from tests.contract.events.compatibility import breaks


class Shoe(BaseModel):
    size: int


class Old(BaseModel):
    name: str = Field(max_length=20)
    shoes: tuple[Shoe, ...]
    first: Shoe | None = None
    sizes: dict[str, Shoe] = {}
    colour: Literal["red", "blue"] = "red"


class Grown(Old):
    colour: Literal["red", "blue", "green"] = "red"  # type: ignore[assignment]  # wider on purpose
    note: str | None = None
    shoes: tuple[Shoe, ...] = ()


class BigShoe(BaseModel):
    size: float


class WithRequired(Old):
    note: str


class WithoutField(BaseModel):
    name: str = Field(max_length=20)
    shoes: tuple[Shoe, ...]
    colour: Literal["red", "blue"] = "red"


class Shorter(Old):
    name: str = Field(max_length=10)


class Patterned(Old):
    name: str = Field(max_length=20, pattern="^[a-z]+$")


class FewerColours(Old):
    colour: Literal["red"] = "red"


class OtherItems(Old):
    shoes: tuple[BigShoe, ...]  # type: ignore[assignment]  # another type on purpose


class OtherChoice(Old):
    first: BigShoe | None = None  # type: ignore[assignment]  # another type on purpose


class OtherValues(Old):
    sizes: dict[str, BigShoe] = {}  # type: ignore[assignment]  # another type on purpose


class NotNullable(Old):
    first: Shoe = Shoe(size=1)


def compared(new: type[BaseModel]) -> list[str]:
    return breaks(Old.model_json_schema(), new.model_json_schema())


def test_more_fields_with_defaults_more_values_and_looser_demands_are_additive() -> None:
    assert compared(Old) == []
    assert compared(Grown) == []


@pytest.mark.parametrize(
    "new",
    [
        WithRequired,
        WithoutField,
        Shorter,
        Patterned,
        FewerColours,
        OtherItems,
        OtherChoice,
        OtherValues,
        NotNullable,
    ],
)
def test_every_kind_of_break_is_seen(new: type[BaseModel]) -> None:
    assert compared(new) != []
