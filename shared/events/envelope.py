"""An event as it goes on the wire: CloudEvents 1.0, binary mode."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter

TYPE_HEADER = "ce_type"
ID_HEADER = "ce_id"
TURN_HEADER = "ce_turnid"
REQUEST_HEADER = "ce_correlationid"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A record ready to publish. `value` is UTF-8 JSON; header values are UTF-8 text."""

    topic: str
    key: bytes
    value: bytes
    headers: Annotated[tuple[tuple[str, bytes], ...], Field(default=())] = ()

    def header(self, name: str) -> str | None:
        """The value of the first header of that name."""
        return next((value.decode() for key, value in self.headers if key == name), None)


_ENVELOPES = TypeAdapter(tuple[Envelope, ...])


def freeze(envelopes: tuple[Envelope, ...]) -> bytes:
    """The envelopes as bytes to store: publishing what `thaw` returns publishes identical records."""
    return _ENVELOPES.dump_json(envelopes)


def thaw(stored: bytes) -> tuple[Envelope, ...]:
    """The envelopes that `freeze` stored."""
    return _ENVELOPES.validate_json(stored)
