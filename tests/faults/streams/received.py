"""What a client holds of one turn over all its connections, and whether that is what it was promised. Pure."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.load.response import ServerEvent
from tests.support.client import TERMINAL

Place = tuple[int, int]


@dataclass(slots=True)
class Received:
    """The events of a turn as they came; `broken` says which promises were not kept."""

    broken: list[str] = field(default_factory=list)
    text: str = ""
    cursor: str | None = None
    """The id of the last event, to resume from."""
    ended: str | None = None
    """The name of the terminal event."""
    stored: str | None = None
    """The text in the terminal event."""
    resets: int = 0
    snapshots: int = 0
    _place: Place = (0, 0)

    def take(self, event: ServerEvent) -> None:
        """One more event."""
        name, data = event.name.decode(), orjson.loads(event.data)
        self._follow(name, data, event.id.decode())
        if name in {"reset", "snapshot"}:
            self.text = data.get("text", "")
            self.resets += name == "reset"
            self.snapshots += name == "snapshot"
        elif name == "delta":
            self.text += data["text"]
        elif name in TERMINAL:
            self._end(name, data)

    def check_stored(self, status: str, text: str | None) -> None:
        """Compare with how the turn was stored."""
        self._promise(self.ended == status, f"the stream ended {self.ended}, the turn is {status}")
        self._promise(text is None or self.text == text, f"assembled {self.text!r}, stored {text!r}")

    def _follow(self, name: str, data: dict[str, Any], event_id: str) -> None:
        attempt, number = map(int, event_id.split("-"))
        held = self._place
        self._promise(self.ended is None, f"{name} {event_id} came after the end")
        self._promise((attempt, number) > held, f"{name} {event_id} came after {self.cursor}")
        # An ending without an answer need not come with everything that was said before.
        unanswered = name in TERMINAL and "text" not in data
        if name != "snapshot" and not unanswered:
            expected = held[1] + 1 if attempt == held[0] else int(name != "reset")
            self._promise(number == expected, f"{name} {event_id} left out what follows {self.cursor}")
        spliced = 0 < held[0] < attempt and name not in {"reset", "snapshot"}
        self._promise(not spliced, f"{name} {event_id} spliced two attempts")
        self._place, self.cursor = (attempt, number), event_id

    def _end(self, name: str, data: dict[str, Any]) -> None:
        self.ended, self.stored = name, data.get("text")
        if name == "completed":
            self._promise(self.text == self.stored, f"assembled {self.text!r}, ended with {self.stored!r}")

    def _promise(self, kept: bool, otherwise: str) -> None:
        if not kept:
            self.broken.append(otherwise)
