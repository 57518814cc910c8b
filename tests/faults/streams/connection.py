"""One HTTP request over a connection of its own, which may be cut after so many bytes of its answer."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer; names of headers are in lower case."""

    status: int
    headers: dict[str, str]


class Connection:
    """Speaks HTTP/1.1 as far as event streams need it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, url: str) -> "Connection":
        """Connect to a server."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> None:
        """Send a request."""
        lines = [f"{method} {path} HTTP/1.1", "Host: parley", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self._writer.drain()

    async def answered(self) -> Answer:
        """The head of the answer; raises ConnectionError when there is none."""
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            raise ConnectionResetError("no answer") from None
        first, *lines = head.decode().rstrip("\r\n").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return Answer(int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, _, value in pairs})

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body in pieces; ends where the answer does, raises ConnectionError where the server hung up."""
        try:
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                yield (await self._reader.readexactly(size + 2))[:size]
        except asyncio.IncompleteReadError:
            raise ConnectionResetError("the answer broke off") from None

    def hang_up(self, *, rudely: bool = False) -> None:
        """Close; rudely is with a reset, as when a phone leaves the network."""
        if rudely:
            connection = self._writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._writer.transport.abort()
        else:
            self._writer.close()
