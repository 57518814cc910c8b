"""Scoring everybody anew: how it is asked for and told, the same in every API."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.profiles import Temperature

State = Literal["running", "ready", "switching", "switched", "dropped"]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.\-]+$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class RescoringRequest(_Model):
    """Which formulas are to score the people of a domain, by weight: one for everybody, or several side by side."""

    domain: Annotated[str, Field(min_length=1, max_length=64)]
    shares: Annotated[dict[Name, Annotated[int, Field(ge=1, le=10_000)]], Field(min_length=1, max_length=10)]

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"domain": "property", "shares": {"standard.1": 50, "deeds.1": 50}}]},
    )


class RescoringView(_Model):
    """A run over everybody of a domain."""

    id: UUID
    domain: str
    shares: dict[str, int]
    state: State
    done: int = Field(description="People scored again so far.")
    people: int = Field(description="People there are.")
    started_by: str | None
    started_at: AwareDatetime
    ended_at: AwareDatetime | None


class Difference(_Model):
    """Somebody whose total changes."""

    user_id: str
    before: float | None
    after: float | None
    temperature_before: Temperature | None
    temperature_after: Temperature | None


class Moves(_Model):
    """How many people go from one temperature to another, or stay."""

    before: Temperature | None
    after: Temperature | None
    people: int


class ComparisonView(_Model):
    """The new scores beside those that stand."""

    people: int = Field(description="People compared.")
    changed: int = Field(description="People whose temperature changes.")
    stale: int = Field(description="People with signals since they were scored again: the switch includes them.")
    mean_change: float = Field(description="Of the total, 0 to 20.")
    temperatures: tuple[Moves, ...]
    top: tuple[Difference, ...] = Field(description="The totals that change most.")


class RescoringList(_Model):
    """What there is to choose from, what is in force, and the latest runs."""

    formulas: dict[str, tuple[str, ...]] = Field(description="Of each domain; the first is in force without a choice.")
    in_force: dict[str, dict[str, int]] = Field(description="Domain -> formula -> weight, where it was chosen.")
    items: tuple[RescoringView, ...]
