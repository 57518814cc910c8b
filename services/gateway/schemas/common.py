"""What public models are made with."""

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.domains.surface import encodable, spoken

_DEEPEST = 32

SESSION = "0198f6a0-1111-7000-8000-000000000001"
TURN = "0198f6a0-2222-7000-8000-000000000002"
AT = "2026-03-01T09:30:00Z"


def storable(value: Any, depth: int = 0) -> Any:
    """JSON that every store can keep: text that has an encoding and no NUL, no numbers beyond JSON, not too deep."""
    if depth > _DEEPEST:
        raise ValueError(f"must not be nested deeper than {_DEEPEST} levels")
    if isinstance(value, str):
        encodable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a finite number")
    if isinstance(value, dict):
        for key, each in value.items():
            storable(key, depth)
            storable(each, depth + 1)
    if isinstance(value, list):
        for each in value:
            storable(each, depth + 1)
    return value


Words = Annotated[str, AfterValidator(spoken)]

DomainName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]


def example(**values: Any) -> ConfigDict:
    """A model's configuration with an example for the API's documentation."""
    return ConfigDict(frozen=True, extra="ignore", json_schema_extra={"examples": [values]})


class Public(BaseModel):
    """A public model: frozen, and deaf to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")
