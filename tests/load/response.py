"""Reads HTTP/1.1 responses and the server-sent events in them, as they arrive, for next to no CPU."""

from collections.abc import Callable, Iterator
from typing import NamedTuple


class MalformedError(Exception):
    """What came is not what a server may send."""


class ResponseReader:
    """One response: hands every piece of its body on as soon as it is whole."""

    def __init__(self, on_body: Callable[[bytes], None]) -> None:
        self.status: int | None = None
        self._on_body = on_body
        self._buffer = b""
        self._awaited: int | None = None
        """Bytes of the body that are still to come; None: it comes in chunks."""

    def feed(self, data: bytes) -> bool:
        """Take what arrived; whether the response is now complete."""
        self._buffer = self._buffer + data if self._buffer else data
        if self.status is None and not self._read_head():
            return False
        return self._read_chunks() if self._awaited is None else self._read_rest()

    def _read_head(self) -> bool:
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return False
        first, *lines = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        if b"content-length" in headers:
            self._awaited = int(headers[b"content-length"])
        elif headers.get(b"transfer-encoding") != b"chunked":
            raise MalformedError(f"a response of unknown length: {head!r}")
        self.status = int(first.split(b" ", 2)[1])
        self._buffer = rest
        return True

    def _read_chunks(self) -> bool:
        data, at = self._buffer, 0
        while (line_end := data.find(b"\r\n", at)) >= 0:
            size = int(data[at:line_end], 16)
            begin, end = line_end + 2, line_end + 2 + size
            if len(data) < end + 2:
                break
            if size == 0:
                return True
            self._on_body(data[begin:end])
            at = end + 2
        self._buffer = data[at:]
        return False

    def _read_rest(self) -> bool:
        data, self._buffer = self._buffer, b""
        self._awaited = (self._awaited or 0) - len(data)
        if data:
            self._on_body(data)
        return self._awaited <= 0


class ServerEvent(NamedTuple):
    """One server-sent event."""

    name: bytes
    id: bytes
    data: bytes


class EventReader:
    """Cuts a stream into events; comments and `retry` are skipped."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[ServerEvent]:
        """The events that are whole now."""
        *blocks, self._buffer = (self._buffer + data).split(b"\n\n")
        for block in blocks:
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if line[:1] != b":")
            if b"data" in fields:
                yield ServerEvent(fields.get(b"event", b"message"), fields.get(b"id", b""), fields[b"data"])
