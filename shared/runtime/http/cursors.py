"""Cursors of paged reads: the key of the last item, opaque to clients."""

import base64
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from shared.runtime.http.problems import Problem

Key = TypeVar("Key")


class Cursors(Generic[Key]):
    """Turns keys of one kind, a frozen dataclass, into cursors and back."""

    def __init__(self, key: type[Key]) -> None:
        self._adapter: TypeAdapter[Key] = TypeAdapter(key)

    def encode(self, key: Key | None) -> str | None:
        """A key as a cursor; without one there are no more pages."""
        if key is None:
            return None
        return base64.urlsafe_b64encode(self._adapter.dump_json(key)).decode().rstrip("=")

    def decode(self, cursor: str | None) -> Key | None:
        """The key in a cursor. Raises a 422 for anything that `encode` did not make."""
        if cursor is None:
            return None
        try:
            padded = cursor.encode() + b"=" * (-len(cursor) % 4)
            return self._adapter.validate_json(base64.urlsafe_b64decode(padded))
        except ValueError:
            detail = "Use the next_cursor of the page before, unchanged."
            raise Problem(422, "invalid_cursor", detail, param="cursor") from None
