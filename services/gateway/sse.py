"""Server-sent events, framed so that every known client reads them: LF only, an id and one data line an event."""

import re
from collections.abc import Callable
from typing import NamedTuple

MEDIA_TYPE = "text/event-stream"
HEARTBEAT = b": heartbeat\n\n"
RETRY = b"retry: 2000\n"
"""Goes in front of the first event: a block of its own would reach some clients as an event without data."""

_ID = re.compile(r"([0-9]{1,16})-([0-9]{1,10})")

# JSON needs no raw line ends: outside strings they are only white space, inside they are invalid. The other three may
# stand in strings, and clients that split lines as Unicode does would cut the event there.
_LINE_ENDS = ((b"\r", b" "), (b"\n", b" "))
_ALL_LINE_ENDS = (
    *_LINE_ENDS,
    (b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xe2\x80\xa9", b"\\u2029"),
    (b"\xc2\x85", b"\\u0085"),
)


class EventId(NamedTuple):
    """The id of an event in a turn's stream; ids compare in the order in which events are sent."""

    attempt: int
    n: int

    def __str__(self) -> str:
        return f"{self.attempt}-{self.n}"

    @classmethod
    def parse(cls, text: str) -> "EventId":
        """The id written as `<attempt>-<n>`; ValueError for anything else."""
        match = _ID.fullmatch(text)
        if match is None:
            raise ValueError("not an event id")
        return cls(int(match[1]), int(match[2]))


class StreamEvent(NamedTuple):
    """An event to send; `data` is JSON in UTF-8."""

    id: EventId
    name: str
    data: bytes

    def encode(self) -> bytes:
        """The event as it goes over the wire."""
        return b"event: %b\nid: %d-%d\ndata: %b\n\n" % (self.name.encode(), *self.id, one_line(self.data))


Encode = Callable[[StreamEvent], bytes]
"""How events are put on the wire: as they are, or as a pack's own endpoint names them. May leave one out."""


def one_line(json: bytes) -> bytes:
    """The same JSON without anything that a client takes for the end of a line."""
    for raw, instead in _LINE_ENDS if json.isascii() else _ALL_LINE_ENDS:
        if raw in json:
            json = json.replace(raw, instead)
    return json
