"""A stand-in for a gateway: opens sessions and answers turns, as a test decides."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import orjson

from tests.load.script import REPLY

Decide = Callable[[int], Awaitable[int | None]]
"""Of the number of the turn: the status to answer with, None to hang up; it may wait first."""

SHED = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}"
ERROR = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}"


@dataclass
class StandIn:
    """What it has seen."""

    decide: Decide
    address: str = ""
    sessions: list[str] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)
    """Who opened a session or said something, in order."""
    turns: list[str] = field(default_factory=list)
    """The session of each turn, in order."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while answer := await self._answer(await reader.readuntil(b"\r\n\r\n"), reader):
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader) -> bytes | None:
        first, *lines = head.rstrip().split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines)
        await reader.readexactly(int(headers[b"Content-Length"]))
        self.users.append(headers[b"X-Parley-User"])
        path = first.split(b" ")[1].decode()
        if path == "/v1/sessions":
            self.sessions.append(str(uuid4()))
            body = orjson.dumps({"session_id": self.sessions[-1]})
            return b"HTTP/1.1 201 Created\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        self.turns.append(path.split("/")[3])
        status = await self.decide(len(self.turns) - 1)
        return None if status is None else {200: _stream(), 500: ERROR, 503: SHED}[status]


def _stream() -> bytes:
    said = orjson.dumps({"text": REPLY})
    events = (("accepted", "0-1", b"{}"), ("delta", "1-1", said), ("completed", "1-2", said))
    body = b"".join(
        b"event: %b\nid: %b\ndata: %b\n\n" % (name.encode(), at.encode(), data) for name, at, data in events
    )
    return b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


@asynccontextmanager
async def stand_in(decide: Decide) -> AsyncIterator[StandIn]:
    """Listens on a free port."""
    gateway = StandIn(decide)
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    gateway.address = f"{host}:{port}"
    try:
        yield gateway
    finally:
        server.close()
