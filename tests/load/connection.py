"""A keep-alive HTTP connection that costs the load generator as little as can be."""

import asyncio
from collections.abc import Callable

import orjson

from tests.load.response import ResponseReader


class Connection(asyncio.Protocol):
    """Sends one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._done: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        """Connects."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    async def exchange(self, request: bytes, on_body: Callable[[bytes], None]) -> int | None:
        """The status of the answer, once it is complete; its body goes to `on_body` as it comes."""
        if self._transport is None:
            raise ConnectionError("the server has closed the connection")
        self._reader = ResponseReader(on_body)
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._done
        return self._reader.status

    def close(self) -> None:
        """Hangs up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # of a stream, always a Transport

    def data_received(self, data: bytes) -> None:
        if self._reader is None or self._done is None or self._done.done():
            raise ConnectionError(f"nobody asked for {data!r}")
        try:
            complete = self._reader.feed(data)
        except Exception as error:  # noqa: BLE001 (whatever was wrong with the answer, the user is told)
            self._done.set_exception(error)
            return
        if complete:
            self._done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._done is not None and not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection in mid-answer"))


def request(address: str, path: str, user: str, body: object, *, accept: str = "application/json") -> bytes:
    """A POST request, ready to send."""
    content = orjson.dumps(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address}\r\nX-Parley-User: {user}\r\nAccept: {accept}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
